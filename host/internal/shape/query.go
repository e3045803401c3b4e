package shape

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"github.com/mqtrail/mqtrail/sdk"
)

// The bounds of expressions.
const (
	maxExpression = 4000      // bytes
	maxResults    = 1_000_000 // of one expression
	maxSelected   = 16 << 20  // bytes of a selection: as much as an answer may have
	selectTime    = 2 * time.Second
)

// Expression is a jq expression. It only reads the answer: it sees no environment and no files.
type Expression struct{ code *gojq.Code }

// Compile reads a jq expression. An error is a problem of the caller's that says where the expression is wrong.
func Compile(expression string) (*Expression, error) {
	if len(expression) > maxExpression {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The jq expression has %d bytes, more than %d.", len(expression), maxExpression)
	}
	query, err := gojq.Parse(expression)
	if err == nil {
		var code *gojq.Code
		if code, err = gojq.Compile(query, gojq.WithEnvironLoader(func() []string { return nil })); err == nil {
			return &Expression{code}, nil
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

// Run runs the expression over a JSON value and hands each result to emit. Numbers keep all their digits. An error
// of the expression is a problem of the caller's that says what the value has.
func (e *Expression) Run(ctx context.Context, value []byte, emit func(result []byte) error) error {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	var input any
	if err := decoder.Decode(&input); err != nil {
		return err
	}
	results := e.code.RunWithContext(ctx, input)
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

// Select is what the expression makes of an answer, within a time: an object as it is, anything else, and several
// results, under items. An error is a problem of the caller's.
func (e *Expression) Select(ctx context.Context, answer json.RawMessage) (json.RawMessage, error) {
	limited, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	var results [][]byte
	size := 0
	err := e.Run(limited, answer, func(result []byte) error {
		if size += len(result); size > maxSelected {
			return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The jq expression yields more than %d MiB.", maxSelected>>20)
		}
		results = append(results, result)
		return nil
	})
	switch {
	case err != nil && limited.Err() != nil && ctx.Err() == nil:
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The jq expression took longer than %s and was stopped.", selectTime).
			WithHint("Ask for less: a smaller page, or a simpler expression.")
	case err != nil:
		return nil, err
	case len(results) == 1 && results[0][0] == '{':
		return results[0], nil
	case len(results) == 1 && results[0][0] == '[':
		return slices.Concat([]byte(`{"items":`), results[0], []byte(`}`)), nil
	default:
		return slices.Concat([]byte(`{"items":[`), bytes.Join(results, []byte(",")), []byte(`]}`)), nil
	}
}

// shapeOf names what the top of a value holds.
func shapeOf(value any) string {
	switch value := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
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
