package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// bound is a call's arguments in the places where they travel.
type bound struct {
	path   string // encoded, one segment per value
	query  string // encoded and sorted
	header http.Header
	body   []byte // nil when the operation has no body parameters
	// contentType is the body's.
	contentType string
}

// bind puts every argument where the file says. fill supplies the parameters that settings fill.
func bind(ctx context.Context, file *sdk.File, arguments json.RawMessage, fill func(ctx context.Context, setting string) (string, error)) (*bound, error) {
	given, err := decodeObject(arguments)
	if err != nil {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The arguments of %s are not one JSON object: %v", file.Operation, err)
	}
	result := &bound{path: file.Path, header: http.Header{}, contentType: "application/json; charset=utf-8"}
	var query, parts []pair
	var body []string
	hasBody := false
	for _, parameter := range file.Parameters {
		hasBody = hasBody || parameter.In == sdk.InBody
		value, ok := given[parameter.Name]
		if parameter.From == "" {
			delete(given, parameter.Name)
		} else { // what the caller gives for it stays in given, and is refused below
			if value, err = filled(ctx, parameter, fill); err != nil {
				return nil, err
			}
			ok = value != nil
		}
		switch {
		case !ok && parameter.Required:
			return nil, sdk.InvalidArgument(parameter.Name, "required, and not given")
		case !ok:
			continue
		case parameter.In == sdk.InBody:
			body = append(body, quote(parameter.Wire)+":"+string(value))
			continue
		}
		text, err := plainText(value)
		if err != nil {
			return nil, sdk.InvalidArgument(parameter.Name, "%v", err)
		}
		switch parameter.In {
		case sdk.InPath:
			if text == "" || text == "." || text == ".." {
				return nil, sdk.InvalidArgument(parameter.Name, "%q would change the address that is called; give the value itself", text)
			}
			result.path = replaceSegment(result.path, "{"+parameter.Wire+"}", Escape(text))
		case sdk.InQuery:
			query = append(query, pair{parameter.Wire, text})
		case sdk.InFile:
			parts = append(parts, pair{parameter.Wire, text})
		case sdk.InHeader:
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				return nil, sdk.InvalidArgument(parameter.Name, "has control characters, which a header cannot carry")
			}
			result.header.Set(parameter.Wire, text)
		}
	}
	for name := range given {
		return nil, sdk.InvalidArgument(name, "no argument of %s", file.Operation)
	}
	result.query = encodeQuery(query)
	if hasBody {
		slices.Sort(body)
		result.body = []byte("{" + strings.Join(body, ",") + "}")
	}
	if len(parts) > 0 {
		if result.body, result.contentType, err = form(parts); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func filled(ctx context.Context, parameter sdk.Parameter, fill func(ctx context.Context, setting string) (string, error)) (json.RawMessage, error) {
	if fill == nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "The parameter %s comes from the setting %s, which this client does not supply.", parameter.Name, parameter.From)
	}
	value, err := fill(ctx, parameter.From)
	if err != nil {
		return nil, err
	}
	if value == "" {
		return nil, nil
	}
	return json.RawMessage(quote(value)), nil
}

// replaceSegment replaces one whole segment: a value that looks like another placeholder stays a value.
func replaceSegment(path, placeholder, value string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if segment == placeholder {
			segments[i] = value
		}
	}
	return strings.Join(segments, "/")
}

// decodeObject decodes one JSON object and keeps every value's bytes.
func decodeObject(data json.RawMessage) (map[string]json.RawMessage, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return map[string]json.RawMessage{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	object := map[string]json.RawMessage{}
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errTrailing
	}
	if object == nil {
		return nil, errNull
	}
	return object, nil
}

// plainText is a JSON value as a path, query or header carries it: a string without quotes, a number with all
// its digits, true or false; an array joined by commas; an object as JSON.
func plainText(value json.RawMessage) (string, error) {
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return "", errNull
	}
	switch value[0] {
	case '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	case '[':
		var items []json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil {
			return "", err
		}
		texts := make([]string, len(items))
		for i, item := range items {
			var err error
			if texts[i], err = plainText(item); err != nil {
				return "", err
			}
		}
		return strings.Join(texts, ","), nil
	case '{':
		var compact bytes.Buffer
		err := json.Compact(&compact, value)
		return compact.String(), err
	case 'n':
		return "", errNull
	case 't', 'f':
		return string(value), nil
	default:
		return number(string(value)), nil
	}
}

// number writes 1e3 or 10.0 as the integers that they are; vendors read plain digits only.
func number(literal string) string {
	if !strings.ContainsAny(literal, ".eE") || len(literal) > 64 {
		return literal
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(literal), "e"); ok {
		if power, err := strconv.Atoi(exponent); err != nil || power > 30 || power < -30 {
			return literal // 1e999999999 would take all memory to write out
		}
	}
	rational, ok := new(big.Rat).SetString(literal)
	if !ok || !rational.IsInt() {
		return literal
	}
	return rational.Num().String()
}

func quote(text string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil { // a string always encodes
		panic(err)
	}
	return strings.TrimSpace(out.String())
}
