package pluginhost

import (
	"slices"
	"time"
)

// crashes remembers when a plugin's processes were lost.
type crashes struct {
	span  time.Duration
	most  int
	times []time.Time // oldest first
}

func (c *crashes) add(now time.Time) {
	c.forget(now)
	c.times = append(c.times, now)
}

// until reports whether there were too many, and when there no longer will be.
func (c *crashes) until(now time.Time) (time.Time, bool) {
	c.forget(now)
	if len(c.times) <= c.most {
		return time.Time{}, false
	}
	return c.times[len(c.times)-c.most-1].Add(c.span), true
}

func (c *crashes) forget(now time.Time) {
	c.times = slices.DeleteFunc(c.times, func(t time.Time) bool { return now.Sub(t) >= c.span })
}
