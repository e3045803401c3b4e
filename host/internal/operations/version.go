package operations

import (
	"regexp"
	"strings"
)

// version is a segment of a request's path that names a version of the API.
var version = regexp.MustCompile(`/v[0-9]+/`)

// Newer are the operations that exist in several versions, with the one to prefer: whose own name names no version.
// The others are for accounts that still need them.
func (c *Catalogue) Newer() map[*Operation]*Operation {
	type request struct{ plugin, product, request string }
	versionless := func(o *Operation) request {
		return request{o.Plugin, o.Product, version.ReplaceAllString(o.Request, "/")}
	}
	var named []*Operation
	siblings := map[request]bool{} // of those, by plugin and product alone: few have any, and looking is slow
	for _, operation := range c.operations {
		if operation.namesVersion() {
			named = append(named, operation)
			siblings[request{operation.Plugin, operation.Product, ""}] = true
		}
	}
	preferred := map[request]*Operation{}
	for _, operation := range c.operations {
		if siblings[request{operation.Plugin, operation.Product, ""}] && !operation.namesVersion() && version.MatchString(operation.Request) {
			preferred[versionless(operation)] = operation
		}
	}
	newer := map[*Operation]*Operation{}
	for _, operation := range named {
		if other := preferred[versionless(operation)]; other != nil {
			newer[operation] = other
		}
	}
	return newer
}

// namesVersion reports whether the operation's name begins with a version: v2_message_query_by_key.
func (o *Operation) namesVersion() bool {
	first, _, _ := strings.Cut(o.bareName(), "_")
	return len(first) > 1 && first[0] == 'v' && strings.Trim(first[1:], "0123456789") == ""
}
