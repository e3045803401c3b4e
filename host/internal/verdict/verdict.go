// Package verdict draws the conclusions: from gathered evidence to what happened to a message, in each consumer group and
// as a whole. It is pure: no clock, no calls. A verdict is never more certain than its evidence.
package verdict

import "github.com/mqtrail/mqtrail/sdk/trail"

// Name is what happened, or why that cannot be said.
type Name string

// The verdicts about a message.
const (
	QueryFailed      Name = "QUERY_FAILED"  // a call that is needed to speak failed
	NotFound         Name = "NOT_FOUND"     // looked everywhere it could be, completely
	OutOfWindow      Name = "OUT_OF_WINDOW" // outside the window asked or the retention
	Unknown          Name = "UNKNOWN"
	SendFailed       Name = "SEND_FAILED"
	Recalled         Name = "RECALLED"
	TxRolledBack     Name = "TX_ROLLED_BACK"
	TxPending        Name = "TX_PENDING"
	Delayed          Name = "DELAYED"
	DelayOverdue     Name = "DELAY_OVERDUE"
	NoSubscribers    Name = "NO_SUBSCRIBERS"
	PartlyConsumed   Name = "PARTIALLY_CONSUMED"
	ProducedOnly     Name = "PRODUCED_NOT_CONSUMED"
	DeadLettered     Name = "DEAD_LETTERED"
	RetriesExhausted Name = "RETRIES_EXHAUSTED"
	AckTimeout       Name = "ACK_TIMEOUT"
	NotConsumed      Name = "NOT_CONSUMED"
	Retrying         Name = "RETRYING"
	InFlight         Name = "IN_FLIGHT"
	ConsumedTwice    Name = "CONSUMED_TWICE"
	OffsetPassed     Name = "OFFSET_PASSED"
	Filtered         Name = "FILTERED"
	ConsumedRetried  Name = "CONSUMED_AFTER_RETRY"
	Consumed         Name = "CONSUMED"
)

// The verdicts about replication.
const (
	NotSyncing         Name = "NOT_SYNCING"
	Stale              Name = "STALE"
	TargetAhead        Name = "TARGET_AHEAD"
	ReplicationLagging Name = "REPLICATION_LAGGING"
	ReplicationOK      Name = "REPLICATION_OK"
)

// Confidence is how sure a verdict is.
type Confidence string

// The confidences.
const (
	Proven   Confidence = "proven"   // the vendor said so
	Inferred Confidence = "inferred" // it follows from what the vendor said, and may be wrong
	Unproven Confidence = "unknown"
)

// Verdict is a conclusion with what it rests on.
type Verdict struct {
	Verdict    Name       `json:"verdict"`
	Confidence Confidence `json:"confidence"`
	// Why is one or two sentences for people.
	Why      string           `json:"why"`
	Evidence []trail.Evidence `json:"evidence,omitempty"`
	// Missing says, a sentence each, what was not known and would have made the verdict surer or another.
	Missing []string `json:"missing,omitempty"`
	// Next are the calls to make now.
	Next []Next `json:"next,omitempty"`
}

// Next is a call that helps further.
type Next struct {
	// Tool is a tool of mqtrail, or a vendor's operation.
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments,omitempty"`
	Why       string         `json:"why"`
}

// Group is the verdict about one consumer group.
type Group struct {
	Group string `json:"group"`
	Verdict
	// Attempts counts deliveries that the trace shows, Succeeded and Failed how they ended.
	Attempts  int64 `json:"attempts,omitempty"`
	Succeeded int64 `json:"succeeded,omitempty"`
	Failed    int64 `json:"failed,omitempty"`
	// First and Last are when the first delivery began and the last known thing happened.
	First *trail.Time `json:"first,omitempty"`
	Last  *trail.Time `json:"last,omitempty"`
	// Expected: the group subscribes to the topic; absent when the subscriptions are not known.
	Expected *bool `json:"expected,omitempty"`
	// Raw are status words that nobody documents, as the vendor wrote them.
	Raw []string `json:"raw,omitempty"`
}

// Result is everything that can be said about one message.
type Result struct {
	Verdict
	Groups []Group `json:"groups,omitempty"`
	// Flags are oddities that change no verdict: a negative gap between clocks, a damaged body, inconsistent subscriptions.
	Flags []string `json:"flags,omitempty"`
}
