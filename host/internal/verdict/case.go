package verdict

import "github.com/mqtrail/mqtrail/sdk/trail"

// Case is all that was gathered about one message, or about the search for it, on one connection and topic.
type Case struct {
	// Now is the moment of the judgement, in ms since 1970.
	Now int64 `json:"now"`
	// Connection, Instance, Topic say where the search was; they go into Next.
	Connection string `json:"connection,omitempty"`
	Instance   string `json:"instance,omitempty"`
	Topic      string `json:"topic,omitempty"`
	// System is the instance's kind of broker; empty when it is not known.
	System trail.System `json:"system,omitempty"`
	// MessageID or Key is what was looked for.
	MessageID string `json:"message_id,omitempty"`
	Key       string `json:"key,omitempty"`
	// Window is what the vendor was asked for; open means that no window was needed.
	Window trail.Window `json:"window,omitzero"`
	// RetentionMS is how long the vendor keeps messages; nil when not known.
	RetentionMS *int64 `json:"retention_ms,omitempty"`

	// Message is the stored message; nil when there is none or MessageAsked is false.
	Message *trail.Message `json:"message,omitempty"`
	// MessageAsked: the vendor was asked for the message and answered. MessageOffered: it can be asked.
	MessageAsked   bool `json:"message_asked,omitempty"`
	MessageOffered bool `json:"message_offered,omitempty"`
	// Trace is what the vendor's trace said; nil when it was not asked, or failed.
	Trace *trail.Trace `json:"trace,omitempty"`
	// TraceOffered: the vendor has traces at all (Kafka has none).
	TraceOffered bool `json:"trace_offered,omitempty"`
	// Subscriptions are the groups that should get the topic's messages; nil when that is not known, which is not the
	// same as an empty list.
	Subscriptions []trail.Subscription `json:"subscriptions"`
	// SubscriptionsOffered: the vendor can be asked.
	SubscriptionsOffered bool `json:"subscriptions_offered,omitempty"`
	// States are the groups looked at.
	States []trail.GroupState `json:"states,omitempty"`
	// DeadLetters are copies of the message in dead-letter queues.
	DeadLetters []trail.Message `json:"dead_letters,omitempty"`
	// DeadLettersAsked are the groups whose dead-letter queue was searched completely.
	DeadLettersAsked []string `json:"dead_letters_asked,omitempty"`
	// Calls are the vendor calls that were answered: what an absence rests on. An absence is never proven without.
	Calls []trail.Call `json:"calls,omitempty"`
	// Failures are the needed calls that failed.
	Failures []trail.Call `json:"failures,omitempty"`
	// Incomplete says why something that exists may be missing here.
	Incomplete []string `json:"incomplete,omitempty"`
}
