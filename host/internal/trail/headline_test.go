package trail

import (
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func livesOf(names ...verdict.Name) []Life {
	var lives []Life
	for _, name := range names {
		lives = append(lives, Life{Result: verdict.Result{Verdict: verdict.Verdict{Verdict: name, Why: "Because."}}})
	}
	return lives
}

func TestHeadlineIsTheWorst(t *testing.T) {
	for _, c := range []struct {
		lives []verdict.Name
		want  verdict.Name
	}{
		{[]verdict.Name{verdict.Consumed}, verdict.Consumed},
		{[]verdict.Name{verdict.Consumed, verdict.ConsumedRetried, verdict.Unknown}, verdict.Unknown},
		{[]verdict.Name{verdict.Retrying, verdict.DeadLettered, verdict.Consumed}, verdict.DeadLettered},
		{[]verdict.Name{verdict.OffsetPassed, verdict.ConsumedTwice}, verdict.ConsumedTwice},
		{[]verdict.Name{verdict.Unknown, verdict.NotConsumed, verdict.InFlight}, verdict.NotConsumed},
		{[]verdict.Name{verdict.DeadLettered, "A_NEW_ONE"}, "A_NEW_ONE"},
	} {
		got := headline(livesOf(c.lives...))
		if got.Verdict != c.want {
			t.Errorf("of %v the headline is %s, want %s", c.lives, got.Verdict, c.want)
		}
		if several := strings.Contains(got.Why, "messages fit"); several != (len(c.lives) > 1) {
			t.Errorf("of %d lives the headline says %q", len(c.lives), got.Why)
		}
	}
}

// A copy belongs to its origin, whichever way the two name each other.
func TestGather(t *testing.T) {
	origin := trail.Message{ID: "unique", BrokerID: "broker", Topic: "orders"}
	sameID := trail.Message{ID: "unique", Topic: "%DLQ%billing", DeadLetterGroup: "billing"}
	byBroker := trail.Message{ID: "another", Topic: "dead", OriginID: "broker"}
	stranger := trail.Message{ID: "stranger", Topic: "%DLQ%billing", OriginID: "gone"}
	strangersTwin := trail.Message{ID: "twin", Topic: "%DLQ%shipping", OriginID: "gone"}
	hits := gather([]trail.Message{sameID, byBroker, stranger, origin, strangersTwin}, func() *hit { return &hit{} })
	if len(hits) != 2 {
		t.Fatalf("%d hits, want the origin and the stranger", len(hits))
	}
	if hits[0].message == nil || hits[0].message.ID != "unique" || len(hits[0].copies) != 2 {
		t.Errorf("the origin has %d copies", len(hits[0].copies))
	}
	if hits[1].message != nil || len(hits[1].copies) != 2 {
		t.Errorf("the stranger has %d copies", len(hits[1].copies))
	}
	if id := originID(&sameID); id != "unique" {
		t.Errorf("the origin of a copy with its id is %s", id)
	}
	if id := originID(&trail.Message{ID: "unique", OriginID: "AC1E006400002A9F0000000000000BB8"}); id != "unique" {
		t.Errorf("traces would be asked by a broker's id: %s", id)
	}
}
