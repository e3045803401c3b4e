package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// manifest describes the plugin. Every fault of the plugin's own making is found here, so that a plugin that
// describes itself is one whose operations can be offered.
func (p Plugin[C, T]) manifest() (*protocol.Manifest, error) {
	if !pluginName.MatchString(p.Name) {
		return nil, fmt.Errorf("plugin name %q: a name is lower-case letters and digits", p.Name)
	}
	if p.Open == nil {
		return nil, fmt.Errorf("plugin %s has no Open", p.Name)
	}
	docs, err := ReadDocs(p.Source, reflect.TypeFor[C]().PkgPath())
	if err != nil {
		return nil, fmt.Errorf("reading doc comments: %w", err)
	}
	settings, err := settingsSchema[C](docs)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	manifest := &protocol.Manifest{
		Name: p.Name, Title: p.Title, Version: p.version(), SdkVersion: Version,
		ConfigSchema: settings, Sandbox: p.Sandbox != nil, Check: p.Check != nil,
	}
	for _, variable := range p.Environment {
		manifest.Environment = append(manifest.Environment, &protocol.EnvironmentVariable{
			Name: variable.Name, Description: variable.Description, Secret: variable.Secret, Required: variable.Required,
		})
	}
	seen := map[string]bool{}
	for _, operation := range p.Operations {
		described, err := p.describe(operation, docs)
		if err != nil {
			return nil, err
		}
		if seen[described.Name] {
			return nil, fmt.Errorf("operation %s is there twice", described.Name)
		}
		seen[described.Name] = true
		manifest.Operations = append(manifest.Operations, described)
	}
	return manifest, checkLookups(manifest.Operations)
}

func (p Plugin[C, T]) version() string {
	if p.Version == "" {
		return Version
	}
	return p.Version
}

func (p Plugin[C, T]) describe(operation Operation[T], docs Docs) (*protocol.Operation, error) {
	name := p.Name + "_" + operation.Name
	if err := checkName(name); err != nil {
		return nil, err
	}
	info, err := operation.Describe(docs)
	if err != nil {
		return nil, fmt.Errorf("operation %s: %w", name, err)
	}
	if !info.Access.Valid() {
		return nil, fmt.Errorf("operation %s: access %q is none of %v", name, info.Access, accessLevels)
	}
	if !slices.Contains(Toolsets(), info.Toolset) {
		return nil, fmt.Errorf("operation %s: toolset %q is none of %v", name, info.Toolset, Toolsets())
	}
	described := &protocol.Operation{
		Name: name, VendorName: info.VendorName, Product: info.Product, Title: info.Title,
		Description: info.Description, Request: info.Request, Access: string(info.Access), Toolset: info.Toolset,
		Keywords: info.Keywords, Aliases: info.Aliases, InputSchema: compact(info.Input), OutputSchema: compact(info.Output),
		ExampleArguments: info.ExampleArguments, Billable: info.Billable, Target: info.Target,
	}
	for _, lookup := range info.Lookup {
		encoded, err := lookup.encode(p.Name)
		if err != nil {
			return nil, fmt.Errorf("operation %s: %w", name, err)
		}
		described.Lookups = append(described.Lookups, encoded)
	}
	for _, escalation := range info.Escalations {
		if !escalation.Access.Valid() {
			return nil, fmt.Errorf("operation %s: access %q of %s is none of %v", name, escalation.Access, escalation.Pointer, accessLevels)
		}
		values := make([][]byte, len(escalation.Values))
		for i, value := range escalation.Values {
			values[i] = value
		}
		described.Escalations = append(described.Escalations, &protocol.Escalation{
			Pointer: escalation.Pointer, Values: values, Access: string(escalation.Access),
		})
	}
	for _, mode := range info.Modes {
		described.Modes = append(described.Modes, &protocol.Mode{Arguments: mode})
	}
	return described, nil
}

// compact is JSON without the spaces of its file: the host keeps and reads what all plugins say. What is no JSON
// stays as it is, for the host to refuse.
func compact(text json.RawMessage) []byte {
	var out bytes.Buffer
	out.Grow(len(text))
	if json.Compact(&out, text) != nil {
		return text
	}
	return out.Bytes()
}

// settingsSchema reflects the settings and holds them to the one promise that the host relies on: endpoint.
func settingsSchema[C any](docs Docs) (json.RawMessage, error) {
	schema, err := reflectSchema[C](docs)
	if err != nil {
		return nil, err
	}
	var shape struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(schema, &shape); err != nil {
		return nil, err
	}
	if _, ok := shape.Properties["endpoint"]; !ok {
		return nil, fmt.Errorf("no endpoint: embed sdk.Settings, so that private links and tests can reach the plugin")
	}
	return schema, nil
}
