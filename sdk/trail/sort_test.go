package trail_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// A vendor that tells whole seconds lets a delivery and its end tie, and the order of a finer clock may not be taken
// from it.
func TestSortEvents(t *testing.T) {
	second := func(s int64) *trail.Time {
		return trail.AtLocal(time.Unix(s, 0).UTC(), trail.ZoneAssumed)
	}
	event := func(stage trail.Stage, at *trail.Time, group string, attempt int64) trail.Event {
		return trail.Event{Stage: stage, Time: at, Actor: trail.Actor{Group: group}, Attempt: attempt}
	}
	want := []trail.Event{
		event(trail.StageProduced, trail.AtMS(99_300), "", 0),
		event(trail.StageStored, second(99), "", 0),
		event(trail.StageDelivered, second(100), "billing", 1),
		event(trail.StageFailed, second(100), "billing", 1),
		event(trail.StageDelivered, second(100), "billing", 2),
		event(trail.StageConsumed, second(100), "billing", 2),
		event(trail.StageDelivered, second(100), "mailer", 1),
		event(trail.StageDeadLettered, second(101), "mailer", 1),
	}
	got := make([]trail.Event, 0, len(want))
	for _, i := range []int{7, 5, 3, 1, 6, 4, 2, 0} {
		got = append(got, want[i])
	}
	trail.SortEvents(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTimes(t *testing.T) {
	if trail.AtMS(0) != nil || trail.AtMS(-1) != nil || trail.AtLocal(time.Time{}, trail.ZoneAssumed) != nil {
		t.Error("a vendor's 0 is no time")
	}
	got := trail.AtMS(1_634_822_858_013)
	want := trail.Time{UnixMS: 1_634_822_858_013, ISO: "2021-10-21T13:27:38.013Z", ZoneSource: trail.ZoneVendor, ResolutionMS: 1}
	if *got != want {
		t.Errorf("got %+v, want %+v", *got, want)
	}
	local := trail.AtLocal(time.Date(2023, 5, 10, 10, 42, 11, 0, time.FixedZone("", 8*3600)), trail.ZoneProven)
	want = trail.Time{UnixMS: 1_683_686_531_000, ISO: "2023-05-10T10:42:11+08:00", ZoneSource: trail.ZoneProven, ResolutionMS: 1000}
	if *local != want {
		t.Errorf("got %+v, want %+v", *local, want)
	}
}
