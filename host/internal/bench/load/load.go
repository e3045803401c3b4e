// Package load makes many calls and takes their time, the same way for the floors and for mqtrail.
package load

import (
	"slices"
	"sync"
	"time"
)

// Payload is how much a call carries each way, in bytes.
const Payload = 1024

// Measured is what a load came to.
type Measured struct {
	// Median is the time of one call, the 50th percentile.
	Median time.Duration
	// PerSecond is how many calls a second all callers made together.
	PerSecond float64
}

// Run makes calls by callers at once, each one call after another. The first error ends it.
func Run(callers, calls int, call func() error) (Measured, error) {
	took := make([]time.Duration, callers*calls)
	failed := make(chan error, callers)
	var running sync.WaitGroup
	began := time.Now()
	for caller := range callers {
		running.Go(func() {
			for i := range calls {
				start := time.Now()
				if err := call(); err != nil {
					failed <- err
					return
				}
				took[caller*calls+i] = time.Since(start)
			}
		})
	}
	running.Wait()
	all := time.Since(began)
	select {
	case err := <-failed:
		return Measured{}, err
	default:
	}
	slices.Sort(took)
	return Measured{Median: took[len(took)/2], PerSecond: float64(len(took)) / all.Seconds()}, nil
}
