package shape_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/shape"
	"github.com/mqtrail/mqtrail/sdk"
)

const answer = `{"data":{"list":[{"id":9007199254740993,"rate":1.10},{"id":2,"rate":null}]},"success":true}`

func selected(t *testing.T, expression string) (string, error) {
	t.Helper()
	compiled, err := shape.Compile(expression)
	if err != nil {
		return "", err
	}
	got, err := compiled.Select(t.Context(), json.RawMessage(answer))
	return string(got), err
}

func TestSelect(t *testing.T) {
	for expression, want := range map[string]string{
		".":                     answer,
		".data.list[0]":         `{"id":9007199254740993,"rate":1.10}`,
		".data.list[].id":       `{"items":[9007199254740993,2]}`,
		"[.data.list[].id]":     `{"items":[9007199254740993,2]}`,
		".success":              `{"items":[true]}`,
		"empty":                 `{"items":[]}`,
		"halt":                  `{"items":[]}`,
		"{n: .data.list[0].id}": `{"n":9007199254740993}`,
		"env, $ENV":             `{"items":[{},{}]}`,
	} {
		if got, err := selected(t, expression); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", expression, got, err, want)
		}
	}
}

func TestSelectFails(t *testing.T) {
	for expression, says := range map[string][]string{
		".data[":                  {"no jq expression at position "},
		"nothing(1)":              {"no jq expression", "nothing/1"},
		".success | keys":         {"The jq expression failed", "the keys data, success"},
		"def f: f; f":             {"longer than 2s"},
		"range(1e9)":              {"than "},
		strings.Repeat("(", 5000): {"5000 bytes"},
		`[limit(40; repeat("x" * 1000000))] | .[]`: {"more than 16 MiB"},
		`error("it broke")`:                        {"it broke"},
		`input`:                                    {"no jq expression", "input"},
	} {
		_, err := selected(t, expression)
		problem := sdk.AsProblem(err)
		if err == nil || problem.Code != sdk.CodeInvalidArguments || problem.Source != sdk.SourceCaller {
			t.Errorf("%.50s: %v", expression, err)
			continue
		}
		for _, want := range says {
			if !strings.Contains(problem.Error(), want) {
				t.Errorf("%.50s: the problem does not say %q: %v", expression, want, problem)
			}
		}
	}
}
