package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// decode reads the arguments from the places where the operation file says they travel.
func decode(file *sdk.File, path map[string]string, request *http.Request, body []byte) (map[string]json.RawMessage, *Fault) {
	query, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil {
		return nil, &Fault{Kind: BadParameter, Detail: "the query does not decode"}
	}
	form := slices.ContainsFunc(file.Parameters, func(p sdk.Parameter) bool { return p.In == sdk.InFile })
	members, fault := membersOf(form, request.Header.Get("Content-Type"), body)
	if fault != nil {
		return nil, fault
	}
	arguments := map[string]json.RawMessage{}
	for _, parameter := range file.Parameters {
		value, given, fault := one(parameter, path, query, request.Header, members)
		switch {
		case fault != nil:
			return nil, fault
		case given:
			arguments[parameter.Name] = value
		case parameter.Required:
			return nil, &Fault{Kind: MissingParameter, Parameter: parameter.Wire, Detail: "required"}
		}
	}
	return arguments, nil
}

func one(parameter sdk.Parameter, path map[string]string, query url.Values, header http.Header, body map[string]json.RawMessage) (json.RawMessage, bool, *Fault) {
	var text string
	var given bool
	switch parameter.In {
	case sdk.InBody, sdk.InFile:
		value, ok := body[parameter.Wire]
		return value, ok, nil
	case sdk.InPath:
		text, given = path[parameter.Wire]
	case sdk.InQuery:
		text, given = query.Get(parameter.Wire), query.Has(parameter.Wire)
	case sdk.InHeader:
		text = header.Get(parameter.Wire)
		given = text != ""
	}
	if !given {
		return nil, false, nil
	}
	value, ok := typed(text, parameter.Types)
	if !ok {
		return nil, false, &Fault{Kind: BadParameter, Parameter: parameter.Wire, Detail: "want " + strings.Join(parameter.Types, " or ")}
	}
	return value, true, nil
}

// typed reads a text from the path, the query or a header as the type that the file gives.
func typed(text string, types []string) (json.RawMessage, bool) {
	encode := func(value any) (json.RawMessage, bool) {
		encoded, err := json.Marshal(value)
		return encoded, err == nil
	}
	if len(types) == 0 || slices.Contains(types, "string") {
		return encode(text)
	}
	for _, kind := range types {
		switch kind {
		case "integer":
			if _, err := strconv.ParseInt(text, 10, 64); err == nil && json.Valid([]byte(text)) { // not +7 or 007
				return json.RawMessage(text), true
			}
		case "number":
			if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
				return json.RawMessage(text), true
			}
		case "boolean":
			if text == "true" || text == "false" {
				return json.RawMessage(text), true
			}
		case "array":
			if text == "" {
				return json.RawMessage("[]"), true
			}
			return encode(strings.Split(text, ","))
		case "object":
			if json.Valid([]byte(text)) {
				return json.RawMessage(text), true
			}
		}
	}
	return nil, false
}
