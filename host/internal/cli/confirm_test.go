package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

var deletion = &sdk.Plan{
	Operation: "acme_delete_topic", Title: "Delete a topic", Connection: "prod", Access: sdk.AccessDestructive,
	Arguments: json.RawMessage(`{"topic":"orders"}`), Target: "orders\x1b[2J", Known: []sdk.Fact{{Name: "lag", Value: "7\n  on          harmless"}},
	Consequences: []string{"Gone for good."}, Token: "sealed",
}

func TestAskForName(t *testing.T) {
	for typed, want := range map[string]string{
		"orders\n": "orders\n", "order\n": "order\n", "\n": "\n", "": "", "orders": "orders", "no\norders\n": "no\n",
		strings.Repeat("x", maxTyped+10) + "\n": strings.Repeat("x", maxTyped),
	} {
		var out bytes.Buffer
		got, err := askForName(t.Context(), deletion, strings.NewReader(typed), &out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(gateway.Confirm{Ask: true, Token: "sealed", Name: want}, got); diff != "" {
			t.Errorf("typed %.20q (-want +got):\n%s", typed, diff)
		}
		const screen = `  would call  acme_delete_topic (Delete a topic)
  over        prod
  on          orders [2J
  arguments   {"topic":"orders"}
  known       lag: 7   on          harmless
  mind        Gone for good.
Type orders[2J to go on, or press Enter to leave it: `
		if diff := cmp.Diff(screen, out.String()); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	}
}

// An interrupt ends the question, though nobody has answered.
func TestAskForNameIsInterrupted(t *testing.T) {
	in, keyboard := io.Pipe()
	defer func() { _ = keyboard.Close() }() // ends the reader that nobody waits for
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := askForName(ctx, deletion, in, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCanAsk(t *testing.T) {
	for name, in := range map[string]io.Reader{"a pipe": strings.NewReader("orders\n"), "nothing": nil} {
		a := &app{stdin: in, stderr: io.Discard}
		if a.canAsk() {
			t.Errorf("%s is taken for a person", name)
		}
	}
}

func TestPlanOf(t *testing.T) {
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeConfirmRequired, "wait")
	problem.Plan = deletion
	if planOf(problem) != deletion || planOf(errors.New("x")) != nil || planOf(nil) != nil {
		t.Error("the plan of a problem is not found, or one is found where there is none")
	}
	of := *deletion
	of.Token = "" // as a plugin could send it
	problem.Plan = &of
	if planOf(problem) != nil {
		t.Error("a plan that nobody can confirm is taken for one")
	}
	if got := statusOf(problem); got != statusNotAllowed {
		t.Errorf("exit status %d", got)
	}
}
