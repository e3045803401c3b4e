package plugintest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Clients cut longer descriptions, and every tool's description costs its reader tokens.
const (
	maxDescription         = 300
	maxArgumentDescription = 120
)

var secretName = regexp.MustCompile(`(?i)(secret|password|passwd|private_?key|auth_?token|security_?token|session_?token)`)

func checkManifest(t *testing.T, manifest *protocol.Manifest) {
	if manifest.Title == "" {
		t.Error("the plugin has no title")
	}
	if len(manifest.Operations) == 0 {
		t.Error("the plugin has no operations")
	}
	aliases := map[string]string{}
	for _, operation := range manifest.Operations {
		for _, name := range append([]string{operation.Name}, operation.Aliases...) {
			if other, taken := aliases[name]; taken {
				t.Errorf("%s and %s are both called %s", other, operation.Name, name)
			}
			aliases[name] = operation.Name
		}
	}
	for _, variable := range manifest.Environment {
		if secretName.MatchString(variable.Name) && !variable.Secret {
			t.Errorf("variable %s reads like a secret and is not marked as one", variable.Name)
		}
	}
}

func checkOperation(t *testing.T, operation *protocol.Operation) {
	if operation.Title == "" || operation.Description == "" {
		t.Error("an operation has a title and a description")
	}
	if len(operation.Description) > maxDescription {
		t.Errorf("the description has %d bytes; at most %d", len(operation.Description), maxDescription)
	}
	if operation.VendorName == "" {
		t.Error("an operation keeps the vendor's name: people search for it")
	}
	input := compile(t, "input", operation.InputSchema)
	compile(t, "output", operation.OutputSchema)
	for _, fault := range inputFaults(operation.InputSchema) {
		t.Errorf("input: %s", fault)
	}
	for _, fault := range outputFaults(operation.OutputSchema, "") {
		t.Errorf("output: %s", fault)
	}
	if len(operation.ExampleArguments) > 0 {
		if err := input.Validate(decode(t, operation.ExampleArguments)); err != nil {
			t.Errorf("the example's arguments do not fit the input schema: %v", err)
		}
	}
}

func compile(t *testing.T, name string, raw []byte) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource(name+".json", decode(t, raw)); err != nil {
		t.Fatalf("%s schema: %v", name, err)
	}
	schema, err := compiler.Compile(name + ".json")
	if err != nil {
		t.Fatalf("%s schema: %v", name, err)
	}
	return schema
}

func decode(t *testing.T, raw []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("not JSON: %v: %s", err, raw)
	}
	return value
}

// node is the part of a schema that clients are known to stumble over.
type node struct {
	Type        any             `json:"type"`
	Description string          `json:"description"`
	Properties  map[string]node `json:"properties"`
	Items       *node           `json:"items"`
	Required    []string        `json:"required"`
	Ref         string          `json:"$ref"`
	AnyOf       json.RawMessage `json:"anyOf"`
	OneOf       json.RawMessage `json:"oneOf"`
	AllOf       json.RawMessage `json:"allOf"`
	Additional  json.RawMessage `json:"additionalProperties"`
	Secret      bool            `json:"x-secret"`
	Sensitive   bool            `json:"x-sensitive"`
}

func parse(raw []byte) (node, []string) {
	var root node
	if err := json.Unmarshal(raw, &root); err != nil {
		return root, []string{err.Error()}
	}
	var faults []string
	if root.Type != "object" {
		faults = append(faults, `the root needs "type": "object": some clients drop the whole list of tools without it`)
	}
	if root.AnyOf != nil || root.OneOf != nil || root.AllOf != nil {
		faults = append(faults, "no anyOf, oneOf or allOf at the root: some clients cannot read it")
	}
	if bytes.Contains(raw, []byte(`"$ref"`)) {
		faults = append(faults, "no $ref: some clients resolve none")
	}
	return root, faults
}

func inputFaults(raw []byte) []string {
	root, faults := parse(raw)
	for name, property := range root.Properties {
		switch {
		case property.Description == "":
			faults = append(faults, name+" has no description")
		case len(property.Description) > maxArgumentDescription:
			faults = append(faults, fmt.Sprintf("%s: the description has %d bytes; at most %d", name, len(property.Description), maxArgumentDescription))
		}
		if secretName.MatchString(name) && !property.Sensitive {
			faults = append(faults, name+" reads like a secret and has no x-sensitive")
		}
		if property.Type == "number" && strings.Contains(strings.ToLower(name), "time") {
			faults = append(faults, name+" is a time and must not be a float")
		}
	}
	for _, name := range root.Required {
		if _, ok := root.Properties[name]; !ok {
			faults = append(faults, name+" is required and not described")
		}
	}
	slices.Sort(faults)
	return faults
}

// outputFaults finds what would reject an answer: vendors leave fields out, send null and add new ones, and
// some clients throw the whole answer away then.
func outputFaults(raw []byte, pointer string) []string {
	root, faults := parse(raw)
	return append(faults, rejections(root, pointer)...)
}

func rejections(n node, pointer string) []string {
	var faults []string
	if len(n.Required) > 0 {
		faults = append(faults, pointer+": an output requires nothing")
	}
	if string(n.Additional) == "false" {
		faults = append(faults, pointer+": an output allows unknown fields")
	}
	if pointer != "" && n.Type != nil && !allowsNull(n.Type) {
		faults = append(faults, pointer+": an output allows null")
	}
	for name, property := range n.Properties {
		faults = append(faults, rejections(property, pointer+"/"+name)...)
	}
	if n.Items != nil {
		faults = append(faults, rejections(*n.Items, pointer+"/*")...)
	}
	slices.Sort(faults)
	return faults
}

func allowsNull(kind any) bool {
	kinds, ok := kind.([]any)
	return ok && slices.Contains(kinds, any("null"))
}

// secretSettings are the settings that a schema marks as secrets.
func secretSettings(raw []byte) (secret, unmarked []string) {
	var root node
	if json.Unmarshal(raw, &root) != nil {
		return nil, nil
	}
	for name, property := range root.Properties {
		switch {
		case property.Secret:
			secret = append(secret, name)
		case secretName.MatchString(name):
			unmarked = append(unmarked, name)
		}
	}
	return secret, unmarked
}
