package trail

import (
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Span is the window that an answer used, as RFC 3339 in the zone of the asker; empty ends are open.
type Span struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Note says what was assumed or changed: the default window, a vendor's limit.
	Note string `json:"note,omitempty"`
}

// Outcome is what looking in one place came to.
type Outcome string

// The outcomes.
const (
	Found      Outcome = "found"
	NotFound   Outcome = "not_found"
	Failed     Outcome = "failed"
	NotOffered Outcome = "not_offered" // the vendor's API cannot tell
	NotLooked  Outcome = "not_looked"  // a bound was hit, or the time was over
)

// Looked is one place that was looked in.
type Looked struct {
	Connection string  `json:"connection"`
	Plugin     string  `json:"plugin"`
	Instance   string  `json:"instance,omitempty"`
	Outcome    Outcome `json:"outcome"`
	// Topics is how many topics were searched there.
	Topics int `json:"topics,omitempty"`
	// Detail says why it failed or what was left out, and what to do.
	Detail  string `json:"detail,omitempty"`
	TookMS  int64  `json:"took_ms"`
	Sandbox bool   `json:"sandbox,omitempty"`
}

// Life is one message with everything that is known of it, and the verdict.
type Life struct {
	Connection string         `json:"connection"`
	Plugin     string         `json:"plugin"`
	Result     verdict.Result `json:"result"`
	Message    *trail.Message `json:"message,omitempty"`
	Events     []trail.Event  `json:"events,omitempty"`
	// Subscriptions is nil when they are not known.
	Subscriptions []trail.Subscription `json:"subscriptions,omitempty"`
	States        []trail.GroupState   `json:"states,omitempty"`
	// Origin is the message that this one is a dead-letter copy of; Copies are its own dead-letter copies.
	Origin *trail.Message  `json:"origin,omitempty"`
	Copies []trail.Message `json:"copies,omitempty"`
	Calls  []trail.Call    `json:"calls,omitempty"`
	Notes  []string        `json:"notes,omitempty"`
}

// TraceReport answers "where is my message?".
type TraceReport struct {
	Query  TraceQuery `json:"query"`
	Window Span       `json:"window"`
	// Verdict is the headline: of the worst life, or about the search itself when nothing was found.
	Verdict verdict.Verdict `json:"verdict"`
	// Lives are the messages that fit, newest first.
	Lives []Life `json:"lives,omitempty"`
	// More is how many more messages fit and were not followed.
	More   int      `json:"more,omitempty"`
	Looked []Looked `json:"looked"`
	// Calls are those of the search that failed, and, with the vendors' answers, all.
	Calls []trail.Call `json:"calls,omitempty"`
	Notes []string     `json:"notes,omitempty"`
}

// Located is a message with where it lies.
type Located struct {
	Connection string `json:"connection"`
	trail.Message
}

// FindReport lists messages, newest first.
type FindReport struct {
	Query    FindQuery `json:"query"`
	Window   Span      `json:"window"`
	Messages []Located `json:"messages"`
	Next     string    `json:"next_cursor,omitempty"`
	// Incomplete says why messages that exist may be missing.
	Incomplete []string     `json:"incomplete,omitempty"`
	Looked     []Looked     `json:"looked"`
	Calls      []trail.Call `json:"calls,omitempty"`
	Notes      []string     `json:"notes,omitempty"`
}

// MessageReport is one message with its body.
type MessageReport struct {
	Query   MessageQuery `json:"query"`
	Message Located      `json:"message"`
	// Attributes are the message's OpenTelemetry attributes.
	Attributes map[string]any `json:"attributes,omitempty"`
	Calls      []trail.Call   `json:"calls,omitempty"`
	NotOffered []string       `json:"not_offered,omitempty"`
	Notes      []string       `json:"notes,omitempty"`
}

// GroupLag is how one group stands.
type GroupLag struct {
	Connection string `json:"connection"`
	Instance   string `json:"instance"`
	trail.GroupState
	// Problem is why nothing is known of the group.
	Problem string `json:"problem,omitempty"`
}

// LagReport tells how groups stand, the worst first; those of which nothing is known before all.
type LagReport struct {
	Query      LagQuery     `json:"query"`
	Groups     []GroupLag   `json:"groups"`
	Incomplete []string     `json:"incomplete,omitempty"`
	Looked     []Looked     `json:"looked"`
	Calls      []trail.Call `json:"calls,omitempty"`
	Notes      []string     `json:"notes,omitempty"`
}

// ReplicationReport tells how plans stand.
type ReplicationReport struct {
	Query ReplicationQuery `json:"query"`
	// Caveat says what the numbers are not.
	Caveat string       `json:"caveat"`
	Plans  []Plan       `json:"plans"`
	Looked []Looked     `json:"looked"`
	Calls  []trail.Call `json:"calls,omitempty"`
	Notes  []string     `json:"notes,omitempty"`
}

// Plan is one replication plan with its verdicts.
type Plan struct {
	Connection string `json:"connection"`
	trail.ReplicationPlan
	Result verdict.Replication `json:"result"`
}

// ListReport lists resources.
type ListReport struct {
	Query      ListQuery    `json:"query"`
	Resources  []Listed     `json:"resources"`
	Next       string       `json:"next_cursor,omitempty"`
	Incomplete []string     `json:"incomplete,omitempty"`
	Looked     []Looked     `json:"looked"`
	Calls      []trail.Call `json:"calls,omitempty"`
	Notes      []string     `json:"notes,omitempty"`
}

// Listed is a resource with its connection.
type Listed struct {
	Connection string `json:"connection"`
	trail.Resource
}
