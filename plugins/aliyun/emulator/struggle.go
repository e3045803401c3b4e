package emulator

import "time"

// struggle is a group that goes on trying with a message. It is worked out for the moment at which somebody asks, so
// that a sandbox that runs for days tells a story that hangs together: attempts come one by one until there are no more.
type struggle struct {
	group *group
	// first is the first delivery; the next ones follow at this pace.
	first time.Time
	every time.Duration
	// hangs: no delivery ends, and the broker delivers again when the time for it is over. Otherwise each fails, a
	// second after it began.
	hangs bool
}

// handling is how long a consumer takes to fail.
const handling = time.Second

// held is for how long a delivery keeps the message from others.
func (s struggle) held() time.Duration {
	if s.hangs {
		return s.every
	}
	return handling
}

// begun are the deliveries until now.
func (s struggle) begun(now time.Time) int {
	if now.Before(s.first) {
		return 0
	}
	return min(int(now.Sub(s.first)/s.every), s.group.Retry.Max) + 1
}

// last is when the last delivery began.
func (s struggle) last(now time.Time) (time.Time, bool) {
	n := s.begun(now)
	return s.first.Add(time.Duration(n-1) * s.every), n > 0
}

// consumedBy is what the groups did until now.
func (m *message) consumedBy(now time.Time) []*consumption {
	all := append([]*consumption{}, m.consumed...)
	for _, s := range m.struggles {
		of := &consumption{group: s.group.ID}
		for n := range s.begun(now) {
			s.try(of, m, s.first.Add(time.Duration(n)*s.every), now)
		}
		if done, ok := find(m.consumed, func(c *consumption) bool { return c.group == s.group.ID }); ok { // asked to, by hand
			of.status, of.attempts = done.status, append(of.attempts, done.attempts...)
			all = without(all, func(c *consumption) bool { return c == done })
		}
		if len(of.attempts) > 0 {
			all = append(all, of)
		}
	}
	return all
}

// try records one delivery, as far as it has come.
func (s struggle) try(of *consumption, m *message, at, now time.Time) {
	failedAt := at.Add(handling)
	switch {
	case s.hangs:
		of.add(m, s.group, consumerHost, "", event{kind: added, at: at, invisible: s.every})
	case now.Before(failedAt):
		of.add(m, s.group, consumerHost, "", event{kind: added, at: at, invisible: time.Minute})
	default:
		of.add(m, s.group, consumerHost, failed, event{kind: added, at: at, invisible: time.Minute},
			event{kind: changedInvisible, at: failedAt, invisible: s.every})
	}
}
