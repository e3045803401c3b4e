package gateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

func shaped(t *testing.T, arguments string, how gateway.Shape) string {
	t.Helper()
	g := open(t, &lockedBuffer{}, connection("one", nil))
	result, err := g.Call(t.Context(), gateway.Call{Operation: "probe_many", Arguments: json.RawMessage(arguments), Shape: how})
	if err != nil {
		t.Fatal(err)
	}
	return string(result.JSON)
}

// What the answer's schema marks as a secret is taken out, unless its owner asks for it.
func TestAnswersSecretsAreTakenOut(t *testing.T) {
	for want, how := range map[string]gateway.Shape{
		`{"things":null,"password":"[redacted]"}`:           {},
		`{"things":null,"password":"password-of-the-test"}`: {ShowSecrets: true},
		`{"p":"[redacted]"}`:                                {Select: "{p: .password}"},
		`{"items":["password-of-the-test"]}`:                {Select: ".password", ShowSecrets: true},
	} {
		if got := shaped(t, `{}`, how); got != want {
			t.Errorf("%+v: %s, want %s", how, got, want)
		}
	}
}

// A large answer is held to its budget and says how to get the rest; without a budget it comes whole.
func TestAnswersAreHeldToSize(t *testing.T) {
	const arguments = `{"limit":5000,"body_size":20}`
	if whole := shaped(t, arguments, gateway.Shape{}); len(whole) < 200_000 || strings.Contains(whole, "mqtrail_cut") {
		t.Errorf("without a budget: %d bytes", len(whole))
	}
	got := shaped(t, arguments, gateway.Shape{MaxTokens: 2000})
	var answer struct {
		Things []json.RawMessage
		Cut    struct {
			Next  string
			Parts []struct{ Kept, Of int }
		} `json:"mqtrail_cut"`
	}
	if err := json.Unmarshal([]byte(got), &answer); err != nil || len(got) > 8000 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if len(answer.Cut.Parts) != 1 || answer.Cut.Parts[0].Of != 5000 || answer.Cut.Parts[0].Kept != len(answer.Things) || len(answer.Things) < 50 {
		t.Errorf("%d things are kept, and %+v is said", len(answer.Things), answer.Cut)
	}
	if string(answer.Things[0]) != `{"id":4611686018427387904,"body":"xxxxxxxxxxxxxxxxxxxx"}` {
		t.Errorf("the first is %s", answer.Things[0])
	}
	for _, want := range []string{"at a time with limit.", "select of call_operation", "--jq"} {
		if !strings.Contains(answer.Cut.Next, want) {
			t.Errorf("next does not say %q: %s", want, answer.Cut.Next)
		}
	}
	// A selection is made of the whole answer, and is small enough.
	if got := shaped(t, arguments, gateway.Shape{Select: ".things[4999].id", MaxTokens: 2000}); got != `{"items":[4611686018427392903]}` {
		t.Errorf("the last is %s", got)
	}
}

// An expression that is wrong keeps the call from being made; one that fails on the answer does not hide that the
// call was made.
func TestSelectionsFail(t *testing.T) {
	log := &lockedBuffer{}
	g := open(t, log, connection("one", func(c *config.Connection) { c.Access = sdk.AccessWrite }))
	_, err := g.Call(t.Context(), gateway.Call{Operation: "probe_change", Shape: gateway.Shape{Select: ".done["}})
	problem := problemOf(t, err, sdk.CodeInvalidArguments)
	for _, want := range []string{"position", "Nothing was sent.", "the keys done"} {
		if !strings.Contains(problem.Error(), want) {
			t.Errorf("the problem does not say %q: %v", want, problem)
		}
	}
	_, err = g.Call(t.Context(), gateway.Call{Operation: "probe_change", Shape: gateway.Shape{Select: ".done | keys"}})
	problem = problemOf(t, err, sdk.CodeInvalidArguments)
	for _, want := range []string{"The call was made", "the keys done"} {
		if !strings.Contains(problem.Error(), want) {
			t.Errorf("the problem does not say %q: %v", want, problem)
		}
	}
}
