package trail

import (
	"context"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
)

// stream is what one place has, in the order of the answer, a page at a time.
type stream[T any] struct {
	at state
	// read gets the page of a cursor.
	read func(ctx context.Context, cursor string) (items []T, next string, problem *sdk.Problem)

	pending []T
	next    string
	pages   int
	failed  bool
}

// state is how far a stream was told, as a cursor keeps it.
type state struct {
	Connection string `json:"c"`
	Instance   string `json:"i,omitempty"`
	System     string `json:"y,omitempty"`
	Topic      string `json:"t,omitempty"`
	// Page is the vendor's cursor of the page that is being told, Told how much of it was.
	Page string `json:"p,omitempty"`
	Told int    `json:"n,omitempty"`
}

// dry: all of the page was told.
func (s *stream[T]) dry() bool { return len(s.pending) == 0 }

// more: there is a page that was not read yet.
func (s *stream[T]) more() bool { return !s.failed && (s.pages == 0 || s.next != "") }

// fill reads the next page; that of a cursor without what was told before.
func (s *stream[T]) fill(ctx context.Context) {
	if s.pages > 0 {
		s.at.Page, s.at.Told = s.next, 0
	}
	items, next, problem := s.read(ctx, s.at.Page)
	if s.pages++; problem != nil {
		s.failed = true
		return
	}
	s.pending, s.next = items[min(s.at.Told, len(items)):], next
}

// take takes the first item.
func (s *stream[T]) take() T {
	item := s.pending[0]
	s.pending = s.pending[1:]
	s.at.Told++
	return item
}

// rest is where to go on; ok is false when there is no more.
func (s *stream[T]) rest() (at state, ok bool) {
	switch {
	case s.failed:
		return state{}, false
	case !s.dry():
		return s.at, true
	case s.next != "":
		at = s.at
		at.Page, at.Told = s.next, 0
		return at, true
	default:
		return state{}, s.pages == 0
	}
}

// merge takes up to limit items of all streams in the order of less. It stops earlier where a place has more than could
// be read, since what comes next is not known then.
func merge[T any](ctx context.Context, streams []*stream[T], limit int, less func(a, b T) bool) (items []T, rest []state) {
	for len(items) < limit && refill(ctx, streams) {
		var first *stream[T]
		for _, s := range streams {
			if !s.dry() && (first == nil || less(s.pending[0], first.pending[0])) {
				first = s
			}
		}
		if first == nil {
			break
		}
		items = append(items, first.take())
	}
	for _, s := range streams {
		if at, ok := s.rest(); ok {
			rest = append(rest, at)
		}
	}
	return items, rest
}

// refill reads on, at once, where all was told; false when there is more than may be read for one answer.
func refill[T any](ctx context.Context, streams []*stream[T]) bool {
	for {
		var wait sync.WaitGroup
		waiting := false
		for _, s := range streams {
			if !s.dry() || !s.more() {
				continue
			}
			if s.pages >= maxPages {
				return false
			}
			waiting = true
			wait.Go(func() { s.fill(ctx) })
		}
		wait.Wait()
		if !waiting {
			return true
		}
	}
}
