package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The branch's instances, whose orders show every verdict.
const (
	branchQueue  = "70687660456281152"
	branchEvents = "c3f1a90b5d7e4c18a2b64d0e9f71c839"
)

// ask calls a verb as the host does, JSON in and JSON out.
func ask[A any](s shop, verb string, request any) A {
	s.Helper()
	answer, err := tryVerb[A](s, verb, request)
	if err != nil {
		s.Fatalf("%s %+v: %v", verb, request, err)
	}
	return answer
}

func tryVerb[A any](s shop, verb string, request any) (answer A, err error) {
	s.Helper()
	arguments, err := json.Marshal(request)
	if err != nil {
		s.Fatal(err)
	}
	operations := trail.Implemented[*client]().Operations()
	at := slices.IndexFunc(operations, func(o sdk.Operation[*client]) bool { return o.Name == "trail_"+verb })
	if at < 0 {
		s.Fatalf("no verb %s", verb)
	}
	result, err := operations[at].Invoke(s.Context(), s.client, arguments)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(result, &answer); err != nil {
		s.Fatal(err)
	}
	return answer, nil
}

// story is what the sandbox tells of a key. The verdicts are the host's to draw; the facts that they rest on are here.
type story struct {
	key, topic string
	// groups has a line for each subscribed group: the verdict that its facts lead to, then the facts.
	groups []string
	// headline is the worst of the groups' verdicts.
	headline string
}

// What the facts of a group say is: its attempts (+ consumed, - failed, ? a word that nobody documents), the standing that
// CTyun gives it (passed, before, filtered, or its word), whether it is online, and its backlog.
var queueStories = []story{
	{"order-7401", "orders", []string{"billing CONSUMED: + passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "CONSUMED"},
	{"order-7402", "orders", []string{"billing CONSUMED_AFTER_RETRY: --+ passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "CONSUMED_AFTER_RETRY"},
	{"order-7403", "orders", []string{"billing DEAD_LETTERED: -----------------dead passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "DEAD_LETTERED"},
	{"order-7404", "orders", []string{"billing CONSUMED: + passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse CONSUMED_TWICE: ++ passed online 0"}, "CONSUMED_TWICE"},
	{"order-7405", "orders", []string{"billing CONSUMED: + passed online 1", "mailer FILTERED: outside NOT_ONLINE offline 1", "warehouse RETRYING: ------- passed online 0"}, "RETRYING"},
	{"order-7406", "orders", []string{"billing CONSUMED: + passed online 1", "mailer RETRIES_EXHAUSTED: --- NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "RETRIES_EXHAUSTED"},
	{"order-7407", "orders", []string{"billing CONSUMED: + passed online 1", "mailer UNKNOWN: NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "UNKNOWN"},
	{"order-7408", "orders", []string{"billing NOT_CONSUMED: before online 1", "mailer FILTERED: outside NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "PARTIALLY_CONSUMED"},
	{"order-7409", "orders", []string{"billing CONSUMED: + passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse OFFSET_PASSED: passed online 0"}, "OFFSET_PASSED"},
	{"order-7410", "orders", []string{"billing FILTERED: outside filtered online 1", "mailer FILTERED: outside NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "CONSUMED"},
	{"order-7411", "orders", []string{"billing UNKNOWN: ?null passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse CONSUMED: + passed online 0"}, "UNKNOWN"},
	{"order-7412", "orders", []string{"billing CONSUMED: + passed online 1", "mailer CONSUMED: + NOT_ONLINE offline 1", "warehouse UNKNOWN: ?SUSPEND_CURRENT_QUEUE_A_MOMENT passed online 0"}, "UNKNOWN"},
	{"order-7413", "stocktakes", nil, "NO_SUBSCRIBERS"},
	{"order-7414", "prices", []string{"displays UNKNOWN: CONSUME_BROADCASTING online broadcasting 1"}, "UNKNOWN"},
	{"order-7415", "returns", []string{"counter NOT_CONSUMED: before online 1"}, "PRODUCED_NOT_CONSUMED"},
}

// leadsTo is the verdict that the facts of a group lead to, by the rules of the model.
func leadsTo(facts string, maxAttempts int64) string {
	attempts, rest, _ := strings.Cut(facts+" ", " ")
	switch {
	case strings.HasSuffix(attempts, "dead"):
		return "DEAD_LETTERED"
	case attempts == "++":
		return "CONSUMED_TWICE"
	case attempts == "+":
		return "CONSUMED"
	case strings.HasSuffix(attempts, "+"):
		return "CONSUMED_AFTER_RETRY"
	case strings.HasPrefix(attempts, "-") && int64(len(attempts)) >= maxAttempts:
		return "RETRIES_EXHAUSTED"
	case strings.HasPrefix(attempts, "-"):
		return "RETRYING"
	case strings.HasPrefix(attempts, "?"), strings.Contains(rest, "broadcasting"):
		return "UNKNOWN"
	case attempts == "outside":
		return "FILTERED"
	case attempts == "passed":
		return "OFFSET_PASSED"
	case attempts == "before":
		return "NOT_CONSUMED"
	default:
		return "UNKNOWN" // not connected: CTyun tells no position of such a group, only that it is behind somewhere
	}
}

// worst are the verdicts of groups, the worst first. A group whose filter keeps the message out is not waited for.
var worst = []string{
	"DEAD_LETTERED", "RETRIES_EXHAUSTED", "NOT_CONSUMED", "RETRYING", "CONSUMED_TWICE", "UNKNOWN", "OFFSET_PASSED", "CONSUMED_AFTER_RETRY", "CONSUMED", "FILTERED",
}

func headlineOf(groups []string) string {
	headline := "NO_SUBSCRIBERS"
	some, unclear := false, false
	for _, line := range groups {
		_, verdict, _ := strings.Cut(line, " ")
		verdict, _, _ = strings.Cut(verdict, ":")
		if headline == "NO_SUBSCRIBERS" || slices.Index(worst, verdict) < slices.Index(worst, headline) {
			headline = verdict
		}
		some = some || strings.HasPrefix(verdict, "CONSUMED")
		unclear = unclear || verdict == "UNKNOWN" || verdict == "OFFSET_PASSED"
	}
	switch {
	case headline == "NOT_CONSUMED" && some:
		return "PARTIALLY_CONSUMED"
	case headline == "NOT_CONSUMED" && !unclear:
		return "PRODUCED_NOT_CONSUMED"
	}
	return headline
}

func TestQueueStories(t *testing.T) {
	s := newShop(t)
	for _, told := range queueStories {
		t.Run(told.key, func(t *testing.T) {
			s := shop{t, s.client}
			found := ask[trail.FindAnswer](s, "find_messages", trail.FindRequest{Instance: branchQueue, Topic: told.topic, Key: told.key})
			if len(found.Messages) != 1 || found.Messages[0].ID == "" || found.Messages[0].BodyCheck != "intact" {
				t.Fatalf("found %+v", found)
			}
			groups := s.factsOf(found.Messages[0])
			if diff := cmp.Diff(told.groups, groups); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := headlineOf(groups); got != told.headline {
				t.Errorf("headline %s, want %s", got, told.headline)
			}
		})
	}
}

// factsOf gathers what the host would: subscriptions, then the trace, then lag and dead letters of each group.
func (s shop) factsOf(m trail.Message) []string {
	subscriptions := ask[trail.SubscriptionsAnswer](s, "list_subscriptions", trail.SubscriptionsRequest{Instance: m.Instance, Topic: m.Topic})
	if len(subscriptions.Incomplete) > 0 {
		s.Errorf("subscriptions are incomplete: %v", subscriptions.Incomplete)
	}
	var groups []string
	outside := map[string]string{}
	for _, one := range subscriptions.Subscriptions {
		groups = append(groups, one.Group)
		if one.Expression != "*" && !slices.Contains(strings.Split(one.Expression, " || "), m.Tag) {
			outside[one.Group] = "outside"
		}
	}
	slices.Sort(groups)
	traced := ask[trail.TraceAnswer](s, "trace_message", trail.TraceRequest{Instance: m.Instance, Topic: m.Topic, MessageID: m.ID, Groups: groups})
	if !traced.Trace.Found || !traced.Trace.ByGroup || len(traced.Incomplete) > 0 || traced.Trace.Events[0].Stage != trail.StageProduced || traced.Trace.Events[0].Outcome != trail.OK {
		s.Errorf("trace %+v", traced)
	}
	if at := traced.Trace.Events[0].Time; at == nil || at.ZoneSource != trail.ZoneProven || at.UnixMS != m.Born.UnixMS {
		s.Errorf("sent at %+v, born at %+v", at, m.Born)
	}
	var lines []string
	for n, group := range groups {
		facts := s.attempts(traced.Trace, group) + outside[group]
		dead := ask[trail.FindAnswer](s, "find_messages", trail.FindRequest{Instance: m.Instance, Topic: m.Topic, MessageID: m.ID, DeadLettersOf: group})
		for _, copied := range dead.Messages {
			facts += "dead"
			if copied.OriginID != m.BrokerID || copied.OriginTopic != m.Topic || copied.DeadLetterGroup != group {
				s.Errorf("a dead letter of %s that is a copy of %s in %s", copied.DeadLetterGroup, copied.OriginID, copied.OriginTopic)
			}
		}
		lag := ask[trail.LagAnswer](s, "consumer_lag", trail.LagRequest{Instance: m.Instance, Group: group, Topic: m.Topic})
		checkPosition(s.T, lag.State, m, traced.Trace.Standings[n])
		facts = strings.TrimSpace(facts + " " + standingOf(traced.Trace.Standings[n]) + " " + stateOf(lag))
		lines = append(lines, fmt.Sprintf("%s %s: %s", group, leadsTo(facts, *lag.State.MaxAttempts), facts))
	}
	return lines
}

func (s shop) attempts(found trail.Trace, group string) string {
	facts := ""
	for _, event := range found.Events {
		if event.Actor.Group != group || event.Attempt == 0 {
			continue
		}
		if event.Evidence.Pointer == "" || event.Evidence.RequestID == "" || event.Time == nil {
			s.Errorf("an event without evidence or time: %+v", event)
		}
		facts += map[trail.Outcome]string{trail.OK: "+", trail.Failed: "-", trail.Unknown: "?" + event.Raw}[event.Outcome]
	}
	return facts
}

// checkPosition holds a group's position in the message's queue against what CTyun says of the group and the message. Only
// a connected group that is behind has one.
func checkPosition(t *testing.T, state trail.GroupState, m trail.Message, standing trail.Standing) {
	t.Helper()
	parts := state.Lags[0].Partitions
	at := slices.IndexFunc(parts, func(p trail.PartitionLag) bool { return p.Partition == *m.Partition })
	if *state.Online != (at >= 0) && *state.Lags[0].Messages > 0 {
		t.Fatalf("%s is online %t, and its positions are %+v", state.Group, *state.Online, parts)
	}
	if at >= 0 && standing.Passed != nil && (*parts[at].Committed > *m.Offset) != *standing.Passed {
		t.Errorf("%s is at %d, the message at %d; CTyun says %s", state.Group, *parts[at].Committed, *m.Offset, standing.Raw)
	}
}

func standingOf(standing trail.Standing) string {
	switch {
	case standing.Filtered != nil && *standing.Filtered:
		return "filtered"
	case standing.Passed == nil:
		return standing.Raw
	case *standing.Passed:
		return "passed"
	default:
		return "before"
	}
}

func stateOf(lag trail.LagAnswer) string {
	facts := "offline"
	if *lag.State.Online {
		facts = "online"
	}
	if lag.State.Mode == trail.Broadcasting {
		facts += " broadcasting"
	}
	return fmt.Sprint(facts, " ", *lag.State.Lags[0].Messages)
}

var kafkaStories = []story{
	{"order-7501", "orders", []string{"billing OFFSET_PASSED: passed online 0", "mailer OFFSET_PASSED: passed offline 1", "warehouse OFFSET_PASSED: passed online 1"}, "OFFSET_PASSED"},
	{"order-7502", "orders", []string{"billing OFFSET_PASSED: passed online 0", "mailer OFFSET_PASSED: passed offline 1", "warehouse NOT_CONSUMED: before online 1"}, "NOT_CONSUMED"},
	{"order-7503", "orders", []string{"billing OFFSET_PASSED: passed online 0", "mailer NOT_CONSUMED: before offline 1", "warehouse OFFSET_PASSED: passed online 1"}, "NOT_CONSUMED"},
	{"order-7504", "stocktakes", nil, "NO_SUBSCRIBERS"},
}

func TestKafkaStories(t *testing.T) {
	s := newShop(t)
	for _, told := range kafkaStories {
		t.Run(told.key, func(t *testing.T) {
			s := shop{t, s.client}
			window := trail.Window{FromMS: 1}
			found := ask[trail.FindAnswer](s, "find_messages", trail.FindRequest{Instance: branchEvents, Topic: told.topic, Key: told.key, Window: window})
			if len(found.Messages) != 1 || len(found.Incomplete) > 0 {
				t.Fatalf("found %+v", found)
			}
			m := found.Messages[0]
			got := ask[trail.GetAnswer](s, "get_message", trail.GetRequest{Instance: branchEvents, Topic: told.topic, Partition: m.Partition, Offset: m.Offset})
			if got.Message == nil || !strings.Contains(got.Message.Body.Data, told.key) || got.Message.Keys[0] != told.key {
				t.Errorf("got %+v", got)
			}
			subscriptions := ask[trail.SubscriptionsAnswer](s, "list_subscriptions", trail.SubscriptionsRequest{Instance: branchEvents, Topic: told.topic})
			var lines []string
			for _, one := range subscriptions.Subscriptions {
				lag := ask[trail.LagAnswer](s, "consumer_lag", trail.LagRequest{Instance: branchEvents, Group: one.Group, Topic: told.topic})
				part := lag.State.Lags[0].Partitions[*m.Partition]
				place := "before"
				if *part.Committed > *m.Offset {
					place = "passed"
				}
				if *lag.State.Online == (part.Client == "") {
					t.Errorf("%s is online %t, and %q reads the partition", one.Group, *lag.State.Online, part.Client)
				}
				lines = append(lines, one.Group+" "+place+" "+stateOf(lag))
			}
			slices.Sort(lines)
			var want []string
			for _, line := range told.groups {
				group, facts, _ := strings.Cut(line, ": ")
				want = append(want, strings.Fields(group)[0]+" "+facts)
			}
			if diff := cmp.Diff(want, lines); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := headlineOf(told.groups); got != told.headline {
				t.Errorf("headline %s, want %s", got, told.headline)
			}
		})
	}
	if _, err := tryVerb[trail.TraceAnswer](s, "trace_message", trail.TraceRequest{Instance: branchEvents, Topic: "orders", MessageID: "1"}); sdk.AsProblem(err) == nil || sdk.AsProblem(err).Code != sdk.CodeNotOffered {
		t.Errorf("a trace of Kafka: %v", err)
	}
}
