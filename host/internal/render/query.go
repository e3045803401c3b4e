package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxResults bounds what one expression may yield.
const maxResults = 1_000_000

// Query runs a jq expression over a JSON value and hands each result to emit. Numbers keep all their digits.
// An error is a problem of the caller's that says where the expression is wrong, or what the value has.
func Query(ctx context.Context, expression string, value []byte, emit func(result []byte) error) error {
	code, err := compile(expression)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	var input any
	if err := decoder.Decode(&input); err != nil {
		return err
	}
	results := code.RunWithContext(ctx, input)
	for range maxResults {
		result, ok := results.Next()
		if !ok {
			return nil
		}
		if err, failed := result.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) && halt.Value() == nil {
				return nil
			}
			return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The jq expression failed: %v", err).
				WithHint("The answer has %s.", shapeOf(input))
		}
		encoded, err := gojq.Marshal(result)
		if err != nil {
			return err
		}
		if err := emit(encoded); err != nil {
			return err
		}
	}
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The jq expression yields more than %d results.", maxResults)
}

func compile(expression string) (*gojq.Code, error) {
	query, err := gojq.Parse(expression)
	if err == nil {
		// Without an environment and without files: an expression only reads the answer.
		var code *gojq.Code
		if code, err = gojq.Compile(query, gojq.WithEnvironLoader(func() []string { return nil })); err == nil {
			return code, nil
		}
	}
	where := ""
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		where = fmt.Sprintf(" at position %d", syntax.Offset)
	}
	return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "%q is no jq expression%s: %v", expression, where, err).
		WithHint("Examples: .data.list[0], '.messages[].message_offset', 'keys'.")
}

// shapeOf names what the top of a value holds.
func shapeOf(value any) string {
	switch value := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, Plain(key))
		}
		return "the keys " + joinSome(keys)
	case []any:
		return fmt.Sprintf("a list of %d", len(value))
	default:
		return fmt.Sprintf("a %T", value)
	}
}

// maxKeys bounds how many keys a message names.
const maxKeys = 20

func joinSome(names []string) string {
	slices.Sort(names)
	if len(names) > maxKeys {
		return strings.Join(names[:maxKeys], ", ") + fmt.Sprintf(" and %d more", len(names)-maxKeys)
	}
	return strings.Join(names, ", ")
}
