package trail

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// place is one topic of one instance.
type place struct {
	instance, topic trail.Resource
}

// retention is how long the place keeps messages; nil when that is not known.
func (p place) retention() *int64 {
	if p.topic.RetentionMS != nil {
		return p.topic.RetentionMS
	}
	return p.instance.RetentionMS
}

// spot is one instance that is looked in, or a connection as a whole, with what came of it. It is safe for concurrent use.
type spot struct {
	connection *gateway.Connection
	instance   trail.Resource
	// inside are the topics or groups to look at.
	inside []trail.Resource
	began  time.Time
	// over: what was looked for is found, and what has not begun need not.
	over atomic.Bool

	mutex    sync.Mutex
	took     time.Duration
	searched int
	left     int // topics that were not searched
	hits     int
	problems []*sdk.Problem
	refusal  *sdk.Problem // the vendor cannot tell
	// gaps say why something that exists may be missing; details what else a reader should know.
	gaps, details []string
}

func newSpot(connection *gateway.Connection, instance trail.Resource) *spot {
	return &spot{connection: connection, instance: instance, began: time.Now()}
}

// topic is the one that a message lies in; for a copy, the one that its origin was sent to.
func (s *spot) topic(message *trail.Message) trail.Resource {
	name := message.Topic
	if isCopy(message) && message.OriginTopic != "" {
		name = message.OriginTopic
	}
	for _, topic := range s.inside {
		if topic.ID == name {
			return topic
		}
	}
	return trail.Resource{Kind: trail.Topics, ID: name, Instance: s.instance.ID}
}

func (s *spot) note(change func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	change()
	s.took = time.Since(s.began)
}

// fail keeps a problem; one of the vendor's not offering it is no failure.
func (s *spot) fail(problem *sdk.Problem) {
	s.note(func() {
		if notOffered(problem) {
			s.refusal = problem
			return
		}
		s.problems = append(s.problems, problem)
	})
}

func (s *spot) looked() Looked {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	looked := Looked{
		Connection: s.connection.Name, Plugin: s.connection.Plugin, Instance: s.instance.ID, Outcome: s.outcome(),
		Topics: s.searched, TookMS: s.took.Milliseconds(), Sandbox: s.connection.Sandbox(),
	}
	var details []string
	for _, problem := range s.problems {
		details = addNew(details, reason(problem))
	}
	if len(details) > 3 { // the rest is much the same
		details = append(details[:3], fmt.Sprintf("And %d more failures.", len(s.problems)-3))
	}
	if s.refusal != nil && s.searched == 0 {
		details = addNew(details, reason(s.refusal))
	}
	if s.left > 0 && !s.over.Load() {
		details = append(details, fmt.Sprintf("%d topics were not searched.", s.left))
	}
	details = addNew(addNew(details, s.gaps...), s.details...)
	looked.Detail = strings.Join(details, " ")
	return looked
}

func (s *spot) outcome() Outcome {
	switch {
	case s.hits > 0:
		return Found
	case len(s.problems) > 0:
		return Failed
	case s.searched > 0:
		return NotFound
	case s.refusal != nil:
		return NotOffered
	case s.left > 0 || len(s.gaps) > 0:
		return NotLooked
	default: // there is nothing to look at
		return NotFound
	}
}

// complete: everything that could be there was looked at.
func (s *spot) complete() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.problems) == 0 && len(s.gaps) == 0 && s.left == 0 && s.refusal == nil
}

// hit: something was found.
func (s *spot) hit() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.hits > 0
}
