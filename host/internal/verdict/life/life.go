// Package life makes up true lives of messages, tells of them as a vendor would, in part and with the vendor's
// resolution and clocks, and says whether a verdict contradicts the truth. It is for tests.
package life

import (
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Life is what truly happened to a message until Now. Times are true ones, in ms since 1970; 0 is never.
type Life struct {
	Now int64
	// RetentionMS is how long the broker keeps messages and their traces.
	RetentionMS int64
	ID, Key     string
	Tag         string
	System      trail.System
	Partition   int64
	Offset      int64
	// Sends are the producer's tries; none is a message that never was.
	Sends []Send
	// Stored is when the broker stored it.
	Stored int64
	// Transaction is nil for a message outside of one.
	Transaction *Transaction
	// DeliverAt is when a scheduled message is due, Fired when the broker let it go.
	DeliverAt, Fired int64
	// Recalled is when the producer asked for it back; RecallOK says whether it got it.
	Recalled int64
	RecallOK bool
	Groups   []Group
	Told     Told
}

// Send is one try to send.
type Send struct {
	At int64
	// OK is what the producer saw. A try that failed may have been stored all the same.
	OK bool
}

// Transaction is how a message's transaction went; Ended is 0 while it is open.
type Transaction struct {
	Ended  int64
	Commit bool
}

// Group is what truly happened in a consumer group.
type Group struct {
	Name       string
	Mode       trail.Mode
	Expression string
	// Subscribed: it subscribes now. One that does not may have consumed before.
	Subscribed  bool
	Online      bool
	MaxAttempts int64
	// Committed is the group's next offset in the message's partition, ConsumedTo the store time of the message before
	// it, Waiting how many messages of the partition are not passed.
	Committed, ConsumedTo, Waiting int64
	Deliveries                     []Delivery
	// Dead is when the message became a dead letter of the group.
	Dead int64
}

// Delivery is one delivery to a consumer. Ended is 0 while it is open, and for ever if the consumer died.
type Delivery struct {
	Number          int64
	Client, Receipt string
	At, InvisibleMS int64
	Ended           int64
	OK              bool
}

// Told is what a vendor tells of a life, and how.
type Told struct {
	// ResolutionMS is 1 or 1000. The skews are how far the clocks of producer and consumers are from the truth.
	ResolutionMS, ProducerSkewMS, ConsumerSkewMS int64
	TraceOffered, TraceFails                     bool
	// Recording is what the vendor says of its trace; Lost are the events that are missing in it, by index in
	// [Life.Events], Odd those whose outcome is told in a word that nobody knows, Twice those that are told twice.
	Recording        *bool
	Lost, Odd, Twice []int
	ByKey            bool
	Window           trail.Window
	// What of the rest is told.
	Subscriptions, Positions, Partition, Max, Invisible, Mode, Numbers, Receipts, Retention, TagShown bool
	// Backlog: of the positions no more is told than how many messages wait. Standings: the vendor says of each group
	// whether its position is past the message.
	Backlog, Standings bool
	// DeadLetters: the dead-letter queues were searched.
	DeadLetters bool
	// Incomplete is what the vendor says was cut off.
	Incomplete []string
}

// Released is when consumers could get the message; 0 when they never could.
func (l *Life) Released() int64 {
	switch {
	case l.Stored == 0:
		return 0
	case l.Transaction != nil:
		if l.Transaction.Commit {
			return l.Transaction.Ended
		}
		return 0
	case l.DeliverAt != 0:
		return l.Fired
	}
	return l.Stored
}

// Kept says that the broker still has the message, released or not.
func (l *Life) Kept() bool {
	rolledBack := l.Transaction != nil && l.Transaction.Ended != 0 && !l.Transaction.Commit
	return l.Stored != 0 && !rolledBack && (l.Recalled == 0 || !l.RecallOK) && l.Stored+l.RetentionMS > l.Now
}

func (g *Group) wants(tag string) bool { return g.Expression == "*" || g.Expression == tag }

func (g *Group) successes() (n int) {
	for _, d := range g.Deliveries {
		if d.Ended != 0 && d.OK {
			n++
		}
	}
	return n
}

// retried: a success came after a failure.
func (g *Group) retried() bool {
	failed := false
	for _, d := range g.Deliveries {
		if d.Ended != 0 && d.OK && failed {
			return true
		}
		failed = failed || d.Ended != 0 && !d.OK
	}
	return false
}

func (g *Group) failures() (n int) {
	for _, d := range g.Deliveries {
		if d.Ended != 0 && !d.OK {
			n++
		}
	}
	return n
}
