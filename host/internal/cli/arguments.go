package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// maxArguments bounds the arguments of one call, in bytes.
const maxArguments = 4 << 20

// arguments joins --args and the NAME=VALUE pairs into one JSON object.
func (a *app) arguments(operation *operations.Operation, given string, pairs []string) (json.RawMessage, error) {
	base, err := a.readArguments(given)
	if err != nil || len(pairs) == 0 {
		return base, err
	}
	object := map[string]json.RawMessage{}
	if len(base) > 0 {
		if err := json.Unmarshal(base, &object); err != nil {
			return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "--args is not one JSON object: %v", err)
		}
	}
	types, err := argumentTypes(operation)
	if err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "%q is no argument: write NAME=VALUE.", pair).
				WithHint("See: mqtrail describe %s", operation.Name)
		}
		object[name] = typedValue(value, types[name])
	}
	return json.Marshal(object)
}

func (a *app) readArguments(given string) (json.RawMessage, error) {
	var source io.Reader
	switch {
	case given == "":
		return nil, nil
	case given == "-":
		source = a.stdin
	case strings.HasPrefix(given, "@"):
		file, err := os.Open(given[1:])
		if err != nil {
			return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments cannot be read: %v", err)
		}
		defer func() { _ = file.Close() }() // opened for reading
		source = file
	default:
		return json.RawMessage(given), nil
	}
	text, err := io.ReadAll(io.LimitReader(source, maxArguments+1))
	switch {
	case err != nil:
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments cannot be read: %v", err)
	case len(text) > maxArguments:
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments are larger than %d MiB.", maxArguments>>20)
	default:
		return text, nil
	}
}

// argumentTypes are the JSON types that each argument may have.
func argumentTypes(operation *operations.Operation) (map[string][]string, error) {
	var input struct {
		Properties map[string]struct {
			Type json.RawMessage `json:"type"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(operation.InputSchema(), &input); err != nil {
		return nil, err
	}
	types := map[string][]string{}
	for name, property := range input.Properties {
		var one string
		var several []string
		if json.Unmarshal(property.Type, &one) == nil {
			several = []string{one}
		} else if err := json.Unmarshal(property.Type, &several); err != nil {
			several = nil // any type
		}
		types[name] = several
	}
	return types, nil
}

// typedValue reads a command-line value as the argument's type. What does not fit stays a string, so that the
// check of the arguments says what is wrong with it.
func typedValue(value string, types []string) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil { // a string always encodes
		panic(err)
	}
	switch {
	case len(types) == 0, slices.Contains(types, "string"):
		return text
	case json.Valid([]byte(value)):
		return bytes.TrimSpace([]byte(value))
	case slices.Contains(types, "array"):
		return listValue(value)
	default:
		return text
	}
}

// listValue reads a,b,c as a list of strings.
func listValue(value string) json.RawMessage {
	list, err := json.Marshal(strings.Split(value, ","))
	if err != nil {
		panic(err)
	}
	return list
}
