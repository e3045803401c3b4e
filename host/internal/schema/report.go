package schema

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxFaults bounds what is reported of one document.
const maxFaults = 50

// report turns what the validator found into faults.
type report struct {
	checker  *Checker
	document any
	view     View
	leaves   []leaf
}

// leaf is one thing that is wrong at one place.
type leaf struct {
	path   []string // of the value, or of the name that is missing or too much
	err    *jsonschema.ValidationError
	hidden bool // the value is a secret
}

// collect finds the leaves of the validator's tree. A choice between forms is a leaf, unless the value fits one
// form well enough to speak of that one alone.
func (r *report) collect(err *jsonschema.ValidationError, hidden bool) {
	hidden = hidden || r.markedAbove(err)
	switch found := err.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.AllOf, *kind.Reference:
		for _, cause := range err.Causes {
			r.collect(cause, hidden)
		}
	case *kind.AnyOf, *kind.OneOf:
		if form := r.onlyForm(err); form != nil {
			r.collect(form, hidden)
			return
		}
		r.add(err, err.InstanceLocation, hidden)
	case *kind.AdditionalProperties:
		r.addEach(err, found.Properties, hidden)
	case *kind.Required:
		r.addEach(err, found.Missing, hidden)
	case *kind.DependentRequired:
		r.addEach(err, found.Missing, hidden)
	case *kind.Dependency:
		r.addEach(err, found.Missing, hidden)
	case *kind.PropertyNames:
		r.add(err, member(r.holder(err, found.Property), found.Property), hidden)
	default:
		r.add(err, err.InstanceLocation, hidden)
	}
}

// addEach adds a leaf for every name that is missing or too much.
func (r *report) addEach(err *jsonschema.ValidationError, names []string, hidden bool) {
	for _, name := range names {
		r.add(err, member(err.InstanceLocation, name), hidden)
	}
}

func member(path []string, name string) []string { return append(slices.Clone(path), name) }

func (r *report) add(err *jsonschema.ValidationError, path []string, hidden bool) {
	hidden = hidden || slices.ContainsFunc(path, func(token string) bool { return r.checker.secret[token] })
	hidden = hidden || r.view.Hide != nil && r.view.Hide(path)
	r.leaves = append(r.leaves, leaf{path: path, err: err, hidden: hidden})
}

// holder makes sure of a place that the validator mixes up: the path that it hands out for propertyNames is
// overwritten later. A schema that lies in named properties alone tells the place by itself; else the path must
// lead to the name, or the whole document stands in for it.
func (r *report) holder(err *jsonschema.ValidationError, name string) []string {
	path, ok := namedPath(schemaPath(err))
	if !ok {
		path = err.InstanceLocation
	}
	if _, found := at(r.document, member(path, name)); found {
		return path
	}
	return nil
}

// namedPath is the path of the value for a schema at properties/a/properties/b/propertyNames.
func namedPath(schemaPath []string) (path []string, ok bool) {
	for len(schemaPath) > 1 && schemaPath[0] == "properties" {
		path, schemaPath = append(path, schemaPath[1]), schemaPath[2:]
	}
	return path, len(schemaPath) == 1
}

// faults are the leaves in words, sorted. Each is said once.
func (r *report) faults() []sdk.Fault {
	r.dropFollowers()
	type entry struct {
		leaf
		pointer string
	}
	entries := make([]entry, len(r.leaves))
	for i, leaf := range r.leaves {
		entries[i] = entry{leaf, Pointer(leaf.path)}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.pointer, b.pointer) })
	left := max(len(entries)-maxFaults, 0)
	faults := make([]sdk.Fault, 0, min(len(entries), maxFaults)+1)
	for _, entry := range entries[:len(entries)-left] {
		faults = append(faults, sdk.Fault{Pointer: entry.pointer, Message: r.message(entry.leaf)})
	}
	slices.SortFunc(faults, func(a, b sdk.Fault) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	faults = slices.Compact(faults)
	if left > 0 {
		faults = append(faults, sdk.Fault{Message: fmt.Sprintf("and %d more faults, not listed", left)})
	}
	return faults
}

// dropFollowers drops names that count as unknown only because the part that knows them failed.
func (r *report) dropFollowers() {
	kept := slices.DeleteFunc(slices.Clone(r.leaves), func(l leaf) bool {
		parent, ok := r.unevaluated(l.err)
		return ok && slices.Contains(r.known(parent), l.path[len(l.path)-1])
	})
	if len(kept) > 0 {
		r.leaves = kept
	}
}

// unevaluated tells a name refused by unevaluatedProperties, with the schema that refuses it.
func (r *report) unevaluated(err *jsonschema.ValidationError) (parent map[string]any, ok bool) {
	if _, refused := err.ErrorKind.(*kind.FalseSchema); !refused || len(err.InstanceLocation) == 0 {
		return nil, false
	}
	path := schemaPath(err)
	if len(path) == 0 || path[len(path)-1] != "unevaluatedProperties" {
		return nil, false
	}
	return r.schemaAt(path[:len(path)-1]), true
}

// onlyForm is the one form of a choice that the value is of the right type for.
func (r *report) onlyForm(err *jsonschema.ValidationError) *jsonschema.ValidationError {
	var only *jsonschema.ValidationError
	for _, form := range err.Causes {
		if typeMismatch(form, len(err.InstanceLocation)) != nil {
			continue
		}
		if only != nil {
			return nil //nolint:nilerr // several forms are possible: none is the only one
		}
		only = form
	}
	return only
}

// typeMismatch is the fault of a form that the value, depth steps below the document, has not even the type for.
func typeMismatch(form *jsonschema.ValidationError, depth int) *kind.Type {
	if mismatch, ok := form.ErrorKind.(*kind.Type); ok && len(form.InstanceLocation) == depth {
		return mismatch
	}
	switch form.ErrorKind.(type) {
	case *kind.Group, *kind.AllOf, *kind.Reference:
		for _, cause := range form.Causes {
			if mismatch := typeMismatch(cause, depth); mismatch != nil {
				return mismatch
			}
		}
	}
	return nil
}

// markedAbove reports whether the schema at fault, or one around it, is marked as a secret.
func (r *report) markedAbove(err *jsonschema.ValidationError) bool {
	path := schemaPath(err)
	for length := range len(path) + 1 {
		if marked(r.schemaAt(path[:length])) {
			return true
		}
	}
	return false
}

// schemaOf is the schema at fault as it is written; empty for true and false.
func (r *report) schemaOf(err *jsonschema.ValidationError) map[string]any {
	return r.schemaAt(schemaPath(err))
}

func (r *report) schemaAt(path []string) map[string]any {
	value, _ := at(r.checker.raw, path)
	schema, _ := value.(map[string]any)
	return schema
}

func schemaPath(err *jsonschema.ValidationError) []string {
	_, fragment, _ := strings.Cut(err.SchemaURL, "#")
	pointer, decodeErr := url.PathUnescape(fragment)
	if decodeErr != nil || pointer == "" || pointer[0] != '/' {
		return nil // the root
	}
	return Path(pointer)
}

// known are the names that a schema and its parts list, sorted.
func (r *report) known(schema map[string]any) []string {
	names := map[string]bool{}
	r.addKnown(schema, names, nil)
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	return sorted
}

func (r *report) addKnown(schema map[string]any, names map[string]bool, seen []string) {
	if properties, ok := schema["properties"].(map[string]any); ok {
		for name := range properties {
			names[name] = true
		}
	}
	if target, name := referred(r.checker.raw, schema); target != nil && !slices.Contains(seen, name) {
		r.addKnown(target, names, append(seen, name))
	}
	for keyword, value := range schema {
		if sameValue(keyword) && keyword != "not" {
			children(keyword, value, func(_ string, child map[string]any) { r.addKnown(child, names, seen) })
		}
	}
}
