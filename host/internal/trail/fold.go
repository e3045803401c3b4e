package trail

import (
	"context"
	"slices"
	"sync"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// united gives copies that were found alone, in another topic, to the message that they are copies of.
func united(hits []*hit) []*hit {
	var kept []*hit
	for _, h := range hits {
		if h.message != nil || h.outline != nil || len(h.copies) == 0 {
			kept = append(kept, h)
			continue
		}
		at := slices.IndexFunc(hits, func(other *hit) bool {
			return other.message != nil && other.place.instance.ID == h.place.instance.ID && originOf(other.message, &h.copies[0])
		})
		if at < 0 {
			kept = append(kept, h)
			continue
		}
		hits[at].copies = append(hits[at].copies, h.copies...)
	}
	return kept
}

// fold tells dead letters with what they are copies of. Some vendors make them messages of their own, which only the two
// traces join: that of the copy names its origin, and that of the origin the copy. An origin that was not found is
// followed; a copy that the origin's dead-lettering does not name was sent again, and has a life of its own.
func (q *tracing) fold(ctx context.Context, a *asker, shared *shared, lives []*following) []*following {
	lives = q.withOrigins(ctx, a, shared, lives)
	var kept []*following
	for _, f := range lives {
		at := slices.IndexFunc(lives, func(other *following) bool { return other != f && other.buried(f) })
		if at < 0 {
			kept = append(kept, f)
			continue
		}
		lives[at].takeCopy(f)
	}
	return kept
}

// withOrigins adds those origins of copies that were not found with them and name them.
func (q *tracing) withOrigins(ctx context.Context, a *asker, shared *shared, lives []*following) []*following {
	origins := make([]*following, len(lives))
	var wait sync.WaitGroup
	for i, f := range lives {
		topic, id := f.origin()
		if id == "" || slices.ContainsFunc(lives, func(other *following) bool { return other.id() == id }) {
			continue
		}
		wait.Go(func() {
			origin := &hit{place: place{f.place.instance, trail.Resource{Kind: trail.Topics, ID: topic, Instance: f.place.instance.ID}}}
			origin.outline = &trail.Message{System: f.system(), ID: id, Instance: f.place.instance.ID, Topic: topic}
			origin.window = f.window
			origins[i] = q.follow(ctx, a, shared, origin)
		})
	}
	wait.Wait()
	for i, origin := range origins {
		if origin != nil && origin.buried(lives[i]) && !slices.ContainsFunc(lives, func(other *following) bool { return other.id() == origin.id() }) {
			origin.notes = addNew(origin.notes, "A dead-letter copy was found; the verdict is about the message that it is a copy of.")
			lives = append(lives, origin)
		}
	}
	return lives
}

// origin is what the trace of a message says that it was made from; empty where it says nothing.
func (f *following) origin() (topic, id string) {
	if f.message == nil && f.outline == nil || f.trace == nil || f.trace.Trace.Message == nil {
		return "", ""
	}
	told := f.trace.Trace.Message
	return told.OriginTopic, told.OriginID
}

// buried: the other is a dead letter of this message, by what is told of this one.
func (f *following) buried(other *following) bool {
	told := other.told()
	if told == nil || told.ID == "" || f.place.instance.ID != other.place.instance.ID || f.id() == told.ID {
		return false
	}
	return slices.ContainsFunc(f.copies, func(copied trail.Message) bool { return copied.ID == told.ID && copied.Topic == told.Topic }) ||
		f.deathOf(told.ID) != nil
}

// deathOf is the dead-lettering that made the copy with this id; nil when there is none.
func (f *following) deathOf(id string) *trail.Event {
	events := f.events()
	for i := range events {
		if events[i].Stage == trail.StageDeadLettered && events[i].MessageID == id {
			return &events[i]
		}
	}
	return nil
}

// takeCopy keeps a copy, where the search of the dead letters did not bring it.
func (f *following) takeCopy(other *following) {
	copied := *other.told()
	if slices.ContainsFunc(f.copies, func(known trail.Message) bool { return known.ID == copied.ID }) {
		return
	}
	copied.OriginTopic, copied.OriginID = f.topic(), f.id()
	if death := f.deathOf(copied.ID); death != nil {
		copied.DeadLetterGroup = death.Actor.Group
	}
	f.copies = append(f.copies, copied)
	for _, call := range other.calls { // what its evidence points into
		if call.Operation == copied.Evidence.Operation && call.RequestID == copied.Evidence.RequestID {
			f.calls = append(f.calls, call)
		}
	}
}
