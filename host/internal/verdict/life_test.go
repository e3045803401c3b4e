package verdict_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// TestLives: whatever happened to a message, and however badly it is told, no verdict contradicts it, and what is
// proven is true.
func TestLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := life.Lives().Draw(t, "life")
		result := verdict.Judge(l.Case())
		if err := l.Allows(result); err != nil {
			t.Fatalf("%v\n%s", err, result.Why)
		}
	})
}

// TestWholeLives: of a life that is told whole, what happened is said, not only what did not.
func TestWholeLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := life.Whole().Draw(t, "life")
		result := verdict.Judge(l.Case())
		if err := l.Allows(result); err != nil {
			t.Fatalf("%v\n%s", err, result.Why)
		}
		for _, g := range result.Groups {
			i := slices.IndexFunc(l.Groups, func(truth life.Group) bool { return truth.Name == g.Group })
			truth := l.Groups[i]
			if len(truth.Deliveries) > 0 && truth.Mode == trail.Clustering && int(g.Attempts) != len(truth.Deliveries) && l.Case().Trace.Found {
				t.Fatalf("%d attempts of %s, and there were %d", g.Attempts, g.Group, len(truth.Deliveries))
			}
			if want := plainTruth(truth); l.Case().Trace.Found && want != "" && g.Verdict.Verdict != want {
				t.Fatalf("%s is %s (%s), and should be %s", g.Group, g.Verdict.Verdict, g.Why, want)
			}
		}
	})
}

// plainTruth is the verdict about a group that nothing but the truth leaves; empty where the time decides.
func plainTruth(g life.Group) verdict.Name {
	succeeded, failed := 0, 0
	for _, d := range g.Deliveries {
		switch {
		case d.Ended == 0:
		case d.OK:
			succeeded++
		default:
			failed++
		}
	}
	switch {
	case g.Dead != 0:
		return verdict.DeadLettered
	case succeeded > 1 && g.Mode == trail.Clustering:
		return verdict.ConsumedTwice
	case succeeded == 1 && failed == 0:
		return verdict.Consumed
	case succeeded == 0 && g.Mode == trail.Clustering && len(g.Deliveries) > 0 && g.Deliveries[len(g.Deliveries)-1].Ended != 0:
		if int64(len(g.Deliveries)) < g.MaxAttempts {
			return verdict.Retrying
		}
		return verdict.RetriesExhausted
	}
	return ""
}
