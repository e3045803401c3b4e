package schema

import (
	"encoding/json"
	"slices"
)

// marked reports whether the schema itself says that its values are secrets.
func marked(schema map[string]any) bool {
	return schema["x-secret"] == true || schema["x-sensitive"] == true
}

// secretNames are the names of the properties whose schema is marked, or refers to one that is, or has a part
// that is. Names rather than places: a secret may be reached through several parts of a schema, of which one
// alone is marked, and hiding too much does no harm.
func secretNames(root any) map[string]bool {
	names := map[string]bool{}
	var visit func(schema map[string]any)
	visit = func(schema map[string]any) {
		for keyword, value := range schema {
			children(keyword, value, func(name string, child map[string]any) {
				if keyword == "properties" && holdsSecret(root, child, nil) {
					names[name] = true
				}
				visit(child)
			})
		}
	}
	if schema, ok := root.(map[string]any); ok {
		visit(schema)
	}
	return names
}

// holdsSecret looks for a mark on the schema and on all of its parts but the properties, which have names of
// their own.
func holdsSecret(root any, schema map[string]any, seen []string) bool {
	if marked(schema) {
		return true
	}
	if target, name := referred(root, schema); target != nil && !slices.Contains(seen, name) && holdsSecret(root, target, append(seen, name)) {
		return true
	}
	found := false
	for keyword, value := range schema {
		if keyword == "properties" || keyword == "$defs" || keyword == "definitions" {
			continue
		}
		children(keyword, value, func(_ string, child map[string]any) {
			found = found || holdsSecret(root, child, seen)
		})
	}
	return found
}

// Secrets are the texts of a document under properties that are marked x-secret or x-sensitive, for redaction:
// sorted, each once, without empty ones. A document that is no JSON has none.
func (c *Checker) Secrets(document json.RawMessage) []string {
	value, fault := parse(document)
	if fault != nil {
		return nil
	}
	root, _ := c.raw.(map[string]any)
	var secrets []string
	c.gather(value, marked(root), &secrets)
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

func (c *Checker) gather(value any, secret bool, into *[]string) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			c.gather(member, secret || c.secret[name], into)
		}
	case []any:
		for _, item := range value {
			c.gather(item, secret, into)
		}
	case string:
		if secret && value != "" {
			*into = append(*into, value)
		}
	case json.Number:
		if secret {
			*into = append(*into, value.String())
		}
	}
}

// Redacted is a document as a value, its numbers as they are written, with mark in the place of everything under
// properties that are marked x-secret or x-sensitive. It is nil for a document that is no JSON.
func (c *Checker) Redacted(document json.RawMessage, mark string) any {
	value, fault := parse(document)
	if fault != nil {
		return nil
	}
	if root, ok := c.raw.(map[string]any); ok && marked(root) {
		return mark
	}
	return c.redacted(value, mark)
}

func (c *Checker) redacted(value any, mark string) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if c.secret[name] {
				value[name] = mark
			} else {
				value[name] = c.redacted(member, mark)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = c.redacted(item, mark)
		}
	}
	return value
}
