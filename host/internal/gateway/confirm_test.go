package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

// clock is a time that a test moves.
type clock struct {
	mutex sync.Mutex
	time  time.Time
}

func newClock() *clock { return &clock{time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.time
}

func (c *clock) advance(by time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.time = c.time.Add(by)
}

// shop is a gateway whose plugin has things to delete, over two connections that allow it.
type shop struct {
	t     *testing.T
	g     *gateway.Gateway
	log   *lockedBuffer
	clock *clock
}

func newShop(t *testing.T) *shop {
	s := &shop{t: t, log: &lockedBuffer{}, clock: newClock()}
	all := func(c *config.Connection) { c.Access, c.CallsAtOnce = sdk.AccessDestructive, 1 }
	s.g = openAt(t, s.log, s.clock.now, connection("one", all), connection("two", all))
	return s
}

func (s *shop) call(operation, connection, arguments string, confirm gateway.Confirm) error {
	_, err := s.g.Call(s.t.Context(), gateway.Call{
		Operation: operation, Connection: connection, Arguments: json.RawMessage(arguments), Confirm: confirm,
	})
	return err
}

// plan is the plan of a call that needs a confirmation.
func (s *shop) plan(operation, arguments string, ask bool) *sdk.Plan {
	s.t.Helper()
	problem := problemOf(s.t, s.call(operation, "one", arguments, gateway.Confirm{Ask: ask}), sdk.CodeConfirmRequired)
	if problem.Plan == nil || problem.Plan.Token == "" || problem.Plan.ValidFor != 5*time.Minute {
		s.t.Fatalf("the problem has no plan that can be confirmed: %+v", problem.Plan)
	}
	return problem.Plan
}

func (s *shop) must(operation, arguments string) {
	s.t.Helper()
	if err := s.call(operation, "one", arguments, gateway.Confirm{}); err != nil {
		s.t.Fatal(err)
	}
}

// wantDone checks what was really done over the connection one.
func (s *shop) wantDone(want ...string) {
	s.t.Helper()
	result, err := s.g.Call(s.t.Context(), gateway.Call{Operation: "probe_thing_done", Connection: "one"})
	if err != nil {
		s.t.Fatal(err)
	}
	var got struct{ Done []string }
	if err := json.Unmarshal(result.JSON, &got); err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(append([]string{}, want...), got.Done); diff != "" {
		s.t.Errorf("done (-want +got):\n%s", diff)
	}
}

func (s *shop) refused(err error, says string) {
	s.t.Helper()
	problem := problemOf(s.t, err, sdk.CodeConfirmRefused)
	if !strings.Contains(problem.Message, says) || !strings.Contains(problem.Message, "othing was called") || problem.Hint == "" {
		s.t.Errorf("refused with %v; want it to say %q, and what to do", problem, says)
	}
}

const orders = `{"name":"orders","pin":"a pin that nobody sees"}`

// The plan says all that a person needs, and no secret.
func TestPlan(t *testing.T) {
	s := newShop(t)
	plan := s.plan("probe_thing_delete", `{"note":"`+strings.Repeat("n", 300)+`","name":"orders","pin":"a pin that nobody sees"}`, false)
	plan.Token, plan.ValidFor = "", 0
	want := &sdk.Plan{
		Operation: "probe_thing_delete", Title: "Thing delete", Description: "Deletes a thing.", Connection: "one", Access: sdk.AccessDestructive,
		Arguments:    json.RawMessage(`{"name":"orders","note":"\"` + strings.Repeat("n", 199) + `… (302 bytes)","pin":"[redacted]"}`),
		Target:       "orders",
		Known:        []sdk.Fact{{Name: "colour", Value: "unknown"}, {Name: "generation", Value: "1"}, {Name: "lag", Value: "1"}, {Name: "owner", Value: "[redacted]"}, {Name: "parts", Value: "50 items"}},
		Consequences: []string{"What it deletes, overwrites or interrupts cannot be brought back by mqtrail."},
	}
	if diff := cmp.Diff(want, plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	plan = s.plan("probe_thing_buy", `{"name":"orders"}`, false)
	if !plan.Billable || len(plan.Consequences) != 1 || !strings.Contains(plan.Consequences[0], "money") || len(plan.Known) != 0 {
		t.Errorf("the plan of what costs money: %+v", plan)
	}
	s.wantDone()
}

// What is known about the target may be nothing; that blocks nobody.
func TestPlanOfWhatCannotBeLookedUp(t *testing.T) {
	s := newShop(t)
	if plan := s.plan("probe_thing_delete", `{"name":"nowhere"}`, false); plan.Known[1].Value != "not found" {
		t.Errorf("known: %+v", plan.Known)
	}
	s.must("probe_thing_hide", `{"hidden":true}`)
	plan := s.plan("probe_thing_delete", orders, false)
	if got := plan.Known[1].Value; got != "unknown (vendor_error)" {
		t.Errorf("known: %s", got)
	}
	s.must("probe_thing_hide", `{"hidden":false}`)
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: plan.Token}); err != nil {
		t.Error(err)
	}
	s.wantDone("delete orders")
}

// Exactly the call that was planned runs, once.
func TestToken(t *testing.T) {
	s := newShop(t)
	token := s.plan("probe_thing_delete", orders, false).Token
	for name, try := range map[string]struct{ operation, connection, arguments, says string }{
		"another thing":                  {"probe_thing_delete", "one", `{"name":"payments"}`, "not the call that was planned"},
		"one more argument":              {"probe_thing_delete", "one", `{"name":"orders","pin":"a pin that nobody sees","force":true}`, "not the call that was planned"},
		"another secret":                 {"probe_thing_delete", "one", `{"name":"orders","pin":"another pin"}`, "not the call that was planned"},
		"another connection":             {"probe_thing_delete", "two", orders, "not the call that was planned"},
		"another operation":              {"probe_thing_buy", "one", `{"name":"orders"}`, "not the call that was planned"},
		"one that needs no confirmation": {"probe_thing_renew", "one", `{"name":"orders"}`, "not the call that was planned"},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.t = t
			s.refused(s.call(try.operation, try.connection, try.arguments, gateway.Confirm{Token: token}), try.says)
		})
	}
	// Neither the order nor the spaces of the arguments matter.
	if err := s.call("probe_thing_delete", "one", ` { "pin" : "a pin that nobody sees", "name":"orders" }`, gateway.Confirm{Token: token}); err != nil {
		t.Fatal(err)
	}
	s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}), "used already")
	s.wantDone("delete orders")
}

func TestTokenIsSealed(t *testing.T) {
	s := newShop(t)
	token := s.plan("probe_thing_delete", orders, false).Token
	of := newShop(t).plan("probe_thing_delete", orders, false).Token // of another process, as it were
	forged := []string{"yes", token[1:], token + "A", token[:len(token)-1], of, strings.Repeat("A", len(token)), "==", "\x00"}
	for i := range token {
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		forged = append(forged, token[:i]+string(other)+token[i+1:])
	}
	for _, token := range forged {
		s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}), "no confirmation that mqtrail gave")
	}
	s.wantDone()
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}); err != nil {
		t.Errorf("the token itself: %v", err)
	}
}

func TestTokenExpires(t *testing.T) {
	s := newShop(t)
	early, late := s.plan("probe_thing_delete", orders, false).Token, s.plan("probe_thing_buy", `{"name":"orders"}`, false).Token
	s.clock.advance(5*time.Minute - time.Second)
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: early}); err != nil {
		t.Fatal(err)
	}
	s.clock.advance(time.Second)
	s.refused(s.call("probe_thing_buy", "one", `{"name":"orders"}`, gateway.Confirm{Token: late}), "older than 5 minutes")
	s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: early}), "older than 5 minutes")
	s.wantDone("delete orders")
}

// A target that is no longer what was planned is left alone; what changes by itself does not count.
func TestTargetChanged(t *testing.T) {
	s := newShop(t)
	token := s.plan("probe_thing_delete", orders, false).Token
	s.must("probe_thing_renew", `{"name":"orders"}`)
	s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}), "has changed")
	s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}), "has changed")

	// While the target cannot be looked at nothing is called; the confirmation stays good.
	token = s.plan("probe_thing_delete", orders, false).Token
	s.must("probe_thing_hide", `{"hidden":true}`)
	err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token})
	s.refused(err, "could not be looked up")
	if !sdk.AsProblem(err).Retryable {
		t.Error("the problem does not say that trying again may help")
	}
	s.wantDone()
	s.must("probe_thing_hide", `{"hidden":false}`)
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}); err != nil {
		t.Error(err)
	}
	s.wantDone("delete orders")
}

// A plan that was made to be asked about is worth nothing without the name, and gives one try.
func TestTypedName(t *testing.T) {
	s := newShop(t)
	for name, says := range map[string]string{"": "was not confirmed", " ": "was not confirmed", "order": `"order" was typed, and the name is "orders"`, "Orders": "was typed"} {
		token := s.plan("probe_thing_delete", orders, true).Token
		s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token, Name: name}), says)
		s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token, Name: "orders"}), "used already")
	}
	s.wantDone()
	token := s.plan("probe_thing_delete", orders, true).Token
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token, Name: " orders\n"}); err != nil {
		t.Error(err)
	}
	s.wantDone("delete orders")
}

// The access that a call needs depends on its arguments, and so does the confirmation.
func TestEscalation(t *testing.T) {
	s := newShop(t)
	if err := s.call("probe_thing_act", "one", `{"action":"start","name":"orders"}`, gateway.Confirm{}); err != nil {
		t.Fatal(err)
	}
	if plan := s.plan("probe_thing_act", `{"action":"Delete","name":"orders"}`, false); plan.Access != sdk.AccessDestructive || plan.Target != "orders" {
		t.Errorf("plan %+v", plan)
	}
	if err := s.call("probe_thing_act", "one", `{"action":"delete","name":"orders"}`, gateway.Confirm{Yes: true}); err != nil {
		t.Fatal(err)
	}
	s.wantDone("start orders", "delete orders")

	g := open(t, &lockedBuffer{}, connection("writer", func(c *config.Connection) { c.Access = sdk.AccessWrite }))
	_, err := g.Call(t.Context(), gateway.Call{
		Operation: "probe_thing_act", Arguments: json.RawMessage(`{"action":"delete","name":"orders"}`), Confirm: gateway.Confirm{Yes: true},
	})
	if problem := problemOf(t, err, sdk.CodeNotAllowed); !strings.Contains(problem.Message, "with these arguments needs destructive access") {
		t.Errorf("the problem is %v", problem)
	}
}

// Of many who use one token at once, one gets through. The connection takes one call at a time, so nobody may hold
// its place while waiting for a confirmation or a look-up.
func TestTokenUsedAtOnce(t *testing.T) {
	s := newShop(t)
	token := s.plan("probe_thing_delete", orders, false).Token
	var wait sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wait.Go(func() { errs[i] = s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}) })
	}
	wait.Wait()
	through := 0
	for _, err := range errs {
		if err == nil {
			through++
			continue
		}
		s.refused(err, "used already")
	}
	if through != 1 {
		t.Errorf("%d got through", through)
	}
	s.wantDone("delete orders")
}

// A look-up that does not come to its end leaves the plan without what it would have said.
func TestCancelledPlan(t *testing.T) {
	s := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.g.Call(ctx, gateway.Call{Operation: "probe_thing_delete", Connection: "one", Arguments: json.RawMessage(orders)})
	problem := problemOf(t, err, sdk.CodeConfirmRequired)
	if got := problem.Plan.Known[0].Value; got != "unknown (cancelled)" {
		t.Errorf("known: %s", got)
	}
}

// The record has one line for a plan, one for what became of it, and says which look-up was for what.
func TestConfirmationIsRecorded(t *testing.T) {
	s := newShop(t)
	token := s.plan("probe_thing_delete", orders, false).Token
	asked := s.plan("probe_thing_delete", orders, true).Token
	s.refused(s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: asked}), "was not confirmed")
	if err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{Token: token}); err != nil {
		t.Fatal(err)
	}
	if err := s.call("probe_thing_buy", "one", `{"name":"orders"}`, gateway.Confirm{Yes: true}); err != nil {
		t.Fatal(err)
	}
	s.must("probe_thing_renew", `{"name":"orders"}`)
	type line struct {
		Operation    string `json:"operation"`
		Outcome      string `json:"outcome"`
		Confirmation string `json:"confirmation"`
		ConfirmedBy  string `json:"confirmed_by"`
		LookupOf     string `json:"lookup_of"`
		RequestID    string `json:"request_id"`
	}
	var got []string
	var last string
	for text := range strings.Lines(s.log.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		switch {
		case l.LookupOf != "":
			last = l.LookupOf
			got = append(got, "looked up")
		case l.Outcome != "":
			got = append(got, fmt.Sprintf("%s %s %s", l.Outcome, l.Confirmation, l.ConfirmedBy))
			if last != "" && last != l.RequestID {
				t.Errorf("the look-up was of %s, and the call is %s", last, l.RequestID)
			}
			last = ""
		}
	}
	want := []string{
		"looked up", "confirmation_required plan ", "looked up", "confirmation_required plan ", "confirmation_refused refused ",
		"looked up", "ok confirmed token", "ok confirmed yes", "ok  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	for _, secret := range []string{token, asked, "a pin that nobody sees"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the record has %s", secret)
		}
	}
}

// A problem with a plan is complete as a text, and survives JSON without its token.
func TestProblemWithPlan(t *testing.T) {
	s := newShop(t)
	err := s.call("probe_thing_delete", "one", orders, gateway.Confirm{})
	for _, want := range []string{"nothing was called", "probe_thing_delete", "generation: 1", "[redacted]", "orders", "--yes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the text has no %q:\n%v", want, err)
		}
	}
	var problem *sdk.Problem
	if !errors.As(err, &problem) {
		t.Fatal(err)
	}
	encoded, jsonErr := json.Marshal(problem)
	if jsonErr != nil || !strings.Contains(string(encoded), `"target":"orders"`) || strings.Contains(string(encoded), problem.Plan.Token) {
		t.Errorf("%v: %s", jsonErr, encoded)
	}
}
