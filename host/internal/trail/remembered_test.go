package trail

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func TestMemoryForgetsAfterAMinute(t *testing.T) {
	at := noon
	m := newMemory(func() time.Time { return at })
	reads := 0
	ask := func() {
		m.get(t.Context(), listKey{connection: "c"}, func() *list {
			reads++
			return &list{resources: []trail.Resource{{ID: "i"}}}
		})
	}
	ask()
	at = at.Add(remember)
	ask()
	if reads != 1 {
		t.Errorf("%d reads within a minute", reads)
	}
	at = at.Add(time.Second)
	ask()
	if reads != 2 {
		t.Errorf("%d reads after a minute", reads)
	}
	m.forget("c")
	ask()
	if reads != 3 {
		t.Errorf("%d reads after it was to be forgotten", reads)
	}
}

// Many who ask at once read once; a failure is not remembered, nor that somebody else went away.
func TestMemoryReadsOnce(t *testing.T) {
	m := newMemory(time.Now)
	var reads atomic.Int64
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			got := m.get(t.Context(), listKey{connection: "c"}, func() *list {
				reads.Add(1)
				return &list{resources: []trail.Resource{{ID: "i"}}}
			})
			if len(got.resources) != 1 {
				t.Errorf("got %+v", got)
			}
		})
	}
	wait.Wait()
	if reads.Load() != 1 {
		t.Errorf("%d reads", reads.Load())
	}
	failing := listKey{connection: "failing"}
	for range 2 {
		m.get(t.Context(), failing, func() *list {
			reads.Add(1)
			return &list{problem: sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "no")}
		})
	}
	if reads.Load() != 3 {
		t.Errorf("a failure was remembered: %d reads", reads.Load())
	}
	shared := listKey{connection: "shared"}
	reading, goOn := make(chan struct{}), make(chan struct{})
	wait.Go(func() {
		m.get(t.Context(), shared, func() *list {
			close(reading)
			<-goOn
			return &list{problem: sdk.AsProblem(context.Canceled)}
		})
	})
	<-reading
	wait.Go(func() {
		if got := m.get(t.Context(), shared, func() *list { return &list{} }); got.problem != nil {
			t.Errorf("somebody else's cancellation came through: %v", got.problem)
		}
	})
	close(goOn)
	wait.Wait()
}
