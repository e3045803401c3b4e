package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// File is an operation of an HTTP API as it stands in a file, <product>/<operation>.json: what the host offers,
// what package rest sends, and what package sandbox answers. Adding an operation is adding a file.
type File struct {
	// Product and Name come from the file's path: folder and base name.
	Product string `json:"-"`
	Name    string `json:"-"`

	Operation   string `json:"operation"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Request     string `json:"request"`
	Access      Access `json:"access"`
	// AccessReason says why the access is not what the method suggests, where it is not.
	AccessReason string `json:"access_reason,omitempty"`
	// Escalations are arguments that make a call need more access.
	Escalations []Escalation `json:"escalations,omitempty"`
	// Billable operations cost money.
	Billable bool `json:"billable,omitempty"`
	// Target is the JSON pointer of the argument that names what the call acts on, where the path does not say it.
	Target string `json:"target,omitempty"`
	// Lookup says what to look up about the target before a call is confirmed.
	Lookup   []Lookup `json:"lookup,omitempty"`
	Toolset  string   `json:"toolset"`
	Keywords []string `json:"keywords,omitempty"`
	Aliases  []string `json:"aliases,omitempty"`
	// Input is strict: an argument that it does not name is refused. Each property carries the x- words that
	// Parameter explains.
	Input json.RawMessage `json:"input"`
	// Output describes and never rejects: no required, null allowed, unknown fields allowed.
	Output json.RawMessage `json:"output"`
	// Text answers are plain text, not JSON; they become {"text": …}.
	Text bool `json:"text,omitempty"`
	// Modes are alternative sets of arguments: a call gives one whole set and nothing of the others.
	Modes [][]string `json:"modes,omitempty"`
	// Example is a call, with its answer where the vendor documents one; the sandbox answers it so.
	Example *Example `json:"example,omitempty"`

	// Method and Path are the two halves of Request.
	Method string `json:"-"`
	Path   string `json:"-"`
	// Parameters are the input's properties, by name.
	Parameters []Parameter `json:"-"`
}

// Example is one call that works in the sandbox.
type Example struct {
	Arguments json.RawMessage `json:"arguments"`
	// Answer is what the vendor documents for it; absent where the vendor documents none.
	Answer json.RawMessage `json:"answer,omitempty"`
}

// The places where a parameter goes (x-in).
const (
	InPath   = "path"
	InQuery  = "query"
	InHeader = "header"
	InBody   = "body"
	// InFile makes the argument's text a file of a multipart form.
	InFile = "file"
)

// Parameter is one input property and how it travels.
type Parameter struct {
	// Name is the argument's name; Wire the name on the wire (x-name), usually the same.
	Name, Wire string
	// In is path, query, header, body or file (x-in).
	In string
	// From names a setting of the connection that fills the parameter instead of the caller (x-from).
	From string
	// Types are the JSON types that the argument may have.
	Types []string
	// Sensitive values are secrets (x-sensitive).
	Sensitive bool
	// Required parameters must be given, or be filled from a setting.
	Required bool
}

type inputShape struct {
	Properties map[string]struct {
		Type      json.RawMessage `json:"type"`
		In        string          `json:"x-in"`
		Wire      string          `json:"x-name"`
		From      string          `json:"x-from"`
		Sensitive bool            `json:"x-sensitive"`
	} `json:"properties"`
	Required []string `json:"required"`
}

// FileNames lists the operation files of a folder, in order.
func FileNames(files fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) == ".json" {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// ToolName is the name of a file's operation without the plugin's: <product>_<operation>.
func ToolName(name string) string {
	return path.Base(path.Dir(name)) + "_" + strings.TrimSuffix(path.Base(name), ".json")
}

// ReadFile reads one operation file. An error names the file and what is wrong with it.
func ReadFile(files fs.FS, name string) (*File, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	file, err := parseFile(data)
	if err != nil {
		return nil, fmt.Errorf("operation file %s: %w", name, err)
	}
	file.Product = path.Base(path.Dir(name))
	file.Name = strings.TrimSuffix(path.Base(name), ".json")
	return file, nil
}

func parseFile(data []byte) (*File, error) {
	parsed, err := decodeStrict[File](data)
	if err != nil {
		return nil, err
	}
	file := &parsed
	var ok bool
	if file.Method, file.Path, ok = strings.Cut(file.Request, " "); !ok || !strings.HasPrefix(file.Path, "/") {
		return nil, fmt.Errorf("request %q: want a method and a path, like GET /instances/{instanceId}", file.Request)
	}
	var shape inputShape
	if err := json.Unmarshal(file.Input, &shape); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	for name, property := range shape.Properties {
		parameter := Parameter{
			Name: name, Wire: property.Wire, In: property.In, From: property.From,
			Sensitive: property.Sensitive, Required: slices.Contains(shape.Required, name),
		}
		if parameter.Wire == "" {
			parameter.Wire = name
		}
		if !slices.Contains([]string{InPath, InQuery, InHeader, InBody, InFile}, parameter.In) {
			return nil, fmt.Errorf("input %s: x-in %q is none of path, query, header, body, file", name, parameter.In)
		}
		if parameter.Types, err = typesOf(property.Type); err != nil {
			return nil, fmt.Errorf("input %s: %w", name, err)
		}
		file.Parameters = append(file.Parameters, parameter)
	}
	slices.SortFunc(file.Parameters, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	for _, name := range shape.Required {
		if _, ok := shape.Properties[name]; !ok {
			return nil, fmt.Errorf("required: %s is no input property", name)
		}
	}
	return file, file.check()
}

func typesOf(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 {
		return nil, nil // any type
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, nil
	}
	var several []string
	if err := json.Unmarshal(raw, &several); err != nil {
		return nil, fmt.Errorf("type %s is neither a name nor a list of names", raw)
	}
	return several, nil
}

// methods are those that a request may have.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// check finds what would make a call go wrong later.
func (f *File) check() error {
	if !slices.Contains(methods, f.Method) {
		return fmt.Errorf("request: the method %q is none of %s", f.Method, strings.Join(methods, ", "))
	}
	if strings.ContainsAny(f.Path, "?# ") {
		return fmt.Errorf("request: the path %q has one of ?, # and space; a query is made of input properties with x-in query", f.Path)
	}
	for name, schema := range map[string]json.RawMessage{"input": f.Input, "output": f.Output} {
		if !bytes.HasPrefix(schema, []byte("{")) { // that it is JSON is known
			return fmt.Errorf("%s: want a JSON schema, as an object", name)
		}
	}
	return errors.Join(f.checkPath(), f.checkWires(), f.checkModes(), f.checkPointers())
}

func (f *File) checkPath() error {
	placeholders := f.Placeholders()
	for _, placeholder := range placeholders {
		if !slices.ContainsFunc(f.Parameters, func(p Parameter) bool { return p.In == InPath && p.Wire == placeholder }) {
			return fmt.Errorf("the path's {%s} is no input property with x-in path", placeholder)
		}
	}
	for _, parameter := range f.Parameters {
		switch {
		case parameter.In == InPath && !slices.Contains(placeholders, parameter.Wire):
			return fmt.Errorf("input %s: x-in is path, but the path has no {%s}", parameter.Name, parameter.Wire)
		case parameter.In == InPath && !parameter.Required && parameter.From == "":
			return fmt.Errorf("input %s: a path parameter is required", parameter.Name)
		}
	}
	return nil
}

// checkWires finds parameters that cannot travel together.
func (f *File) checkWires() error {
	in := func(place string) bool {
		return slices.ContainsFunc(f.Parameters, func(p Parameter) bool { return p.In == place })
	}
	if in(InBody) && in(InFile) {
		return errors.New("input: x-in body and file exclude each other: the request has one body")
	}
	names := map[[2]string]string{}
	for _, parameter := range f.Parameters {
		wire := [2]string{parameter.In, parameter.Wire}
		if other, taken := names[wire]; taken {
			return fmt.Errorf("input %s and %s: both go to the %s as %s", other, parameter.Name, parameter.In, parameter.Wire)
		}
		names[wire] = parameter.Name
	}
	return nil
}

func (f *File) checkModes() error {
	for _, name := range slices.Concat(f.Modes...) {
		at := slices.IndexFunc(f.Parameters, func(p Parameter) bool { return p.Name == name })
		switch {
		case at < 0:
			return fmt.Errorf("modes: %s is no input property", name)
		case f.Parameters[at].From != "":
			return fmt.Errorf("modes: %s is filled from a setting, so no caller gives it", name)
		}
	}
	return nil
}

// checkPointers holds that every pointer leads to an argument that a caller gives: one that leads nowhere would be
// passed over in silence, and a call that deletes would look like one that reads.
func (f *File) checkPointers() error {
	pointers := map[string]string{}
	for _, escalation := range f.Escalations {
		pointers[escalation.Pointer] = "escalations"
	}
	if f.Target != "" {
		pointers[f.Target] = "target"
	}
	for _, lookup := range f.Lookup {
		for _, pointer := range lookup.pointers() {
			pointers[pointer] = "lookup"
		}
	}
	for pointer, key := range pointers {
		name, ok := argumentOf(pointer)
		at := slices.IndexFunc(f.Parameters, func(p Parameter) bool { return p.Name == name })
		switch {
		case !ok || at < 0:
			return fmt.Errorf("%s: %s is no input property; want a JSON pointer, like /action", key, pointer)
		case f.Parameters[at].From != "":
			return fmt.Errorf("%s: %s is filled from a setting, so no caller gives it", key, pointer)
		}
	}
	return nil
}

// Placeholders are the names in braces of the path, in order.
func (f *File) Placeholders() []string {
	var names []string
	for segment := range strings.SplitSeq(f.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// Info is what the manifest says of the operation.
func (f *File) Info() (Info, error) {
	input, err := f.callerInput()
	if err != nil {
		return Info{}, err
	}
	info := Info{
		VendorName: f.Operation, Product: f.Product, Title: f.Title, Description: f.Description, Request: f.Request,
		Access: f.Access, Toolset: f.Toolset, Keywords: f.Keywords, Aliases: f.Aliases,
		Input: input, Output: f.Output, Modes: f.Modes, Billable: f.Billable, Escalations: f.Escalations,
		Target: f.Target, Lookup: slices.Clone(f.Lookup),
	}
	for i := range info.Lookup {
		info.Lookup[i].Operation = f.Product + "_" + info.Lookup[i].Operation
	}
	if f.Example != nil {
		info.ExampleArguments = f.Example.Arguments
	}
	return info, nil
}

// callerInput is the input without the parameters that a setting fills: the caller does not give those.
func (f *File) callerInput() (json.RawMessage, error) {
	if !slices.ContainsFunc(f.Parameters, func(p Parameter) bool { return p.From != "" }) {
		return f.Input, nil
	}
	var schema map[string]json.RawMessage
	if err := json.Unmarshal(f.Input, &schema); err != nil {
		return nil, err
	}
	var properties map[string]json.RawMessage
	if err := json.Unmarshal(schema["properties"], &properties); err != nil {
		return nil, err
	}
	required := []string{} // never null: that is no JSON schema
	for _, parameter := range f.Parameters {
		switch {
		case parameter.From != "":
			delete(properties, parameter.Name)
		case parameter.Required:
			required = append(required, parameter.Name)
		}
	}
	encoded, err := json.Marshal(required)
	if err != nil {
		return nil, err
	}
	schema["required"] = encoded
	if schema["properties"], err = joined(properties); err != nil {
		return nil, err
	}
	return joined(schema)
}

// joined is an object of members that are JSON already: a plugin describes hundreds of operations, and encoding
// them anew would be most of the work.
func joined(members map[string]json.RawMessage) (json.RawMessage, error) {
	out := []byte{'{'}
	for i, name := range slices.Sorted(maps.Keys(members)) {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, key...), ':'), members[name]...)
	}
	return append(out, '}'), nil
}
