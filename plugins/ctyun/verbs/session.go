package verbs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// session is one verb at work.
type session struct {
	*Verbs
	calls *trail.Calls

	mutex    sync.Mutex
	gathered trail.Gathered
}

// atOnce is how many vendor calls one verb makes at the same time.
const atOnce = 6

func (v *Verbs) begin(raw bool) *session { return &session{Verbs: v, calls: v.vendor.Begin(raw)} }

// together runs tasks at the same time and waits for all. What they find out they leave behind.
func together(tasks ...func()) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, task := range tasks {
		group.Go(func() error { task(); return nil })
	}
	_ = group.Wait() // tasks return no error
}

func (s *session) incomplete(format string, args ...any) {
	s.add(&s.gathered.Incomplete, fmt.Sprintf(format, args...))
}

func (s *session) note(format string, args ...any) {
	s.add(&s.gathered.Notes, fmt.Sprintf(format, args...))
}

func (s *session) notOffered(names ...string) {
	for _, name := range names {
		s.add(&s.gathered.NotOffered, name)
	}
}

func (s *session) add(to *[]string, text string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !slices.Contains(*to, text) {
		*to = append(*to, text)
	}
}

// missed names a side call that failed: what it would have told is unknown.
func (s *session) missed(what string, err error) {
	s.incomplete("%s is unknown, for the call failed: %s", what, strings.TrimSuffix(sdk.AsProblem(err).Message, "."))
}

// done is what was gathered, in an order that does not depend on which call ended first.
func (s *session) done() trail.Gathered {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, list := range [][]string{s.gathered.Incomplete, s.gathered.Notes, s.gathered.NotOffered} {
		slices.Sort(list)
	}
	s.gathered.Calls = s.calls.Made()
	return s.gathered
}

// kafka asks an operation of Kafka.
func (s *session) kafka(ctx context.Context, name string, arguments map[string]any) (*trail.Reply, error) {
	return s.calls.Do(ctx, "kafka/"+name, arguments)
}
