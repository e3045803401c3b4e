package trail

// Stage is a step in a message's life.
type Stage string

// The stages, in the order in which they come when clocks tie.
const (
	StageProduced     Stage = "PRODUCED"
	StageTxEnd        Stage = "TX_END" // the transaction was committed (ok) or rolled back (failed)
	StageStored       Stage = "STORED"
	StageDelaySet     Stage = "DELAY_SET"   // the broker holds the message until its delivery time
	StageDelayFired   Stage = "DELAY_FIRED" // the delivery time came
	StageRecalled     Stage = "RECALLED"    // the producer took a delayed message back
	StageDelivered    Stage = "DELIVERED"   // handed to a consumer; says nothing of how it ended
	StageConsumed     Stage = "CONSUMED"    // a consumer reported success; the outcome is always ok
	StageFailed       Stage = "FAILED"      // a consumer reported failure or ran out of time
	StageDeadLettered Stage = "DEAD_LETTERED"
	StageFromDLQ      Stage = "FROM_DLQ" // the message is a copy out of or in a dead-letter queue
)

var stages = []Stage{
	StageFromDLQ, StageProduced, StageTxEnd, StageStored, StageDelaySet, StageDelayFired, StageRecalled,
	StageDelivered, StageFailed, StageConsumed, StageDeadLettered,
}

// Outcome is how a step ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"
	Unknown Outcome = "unknown" // the vendor did not say, or said a word that nobody documents
)

// Actor is who did something with a message.
type Actor struct {
	Group  string `json:"group,omitempty" otel:"messaging.consumer.group.name"`
	Client string `json:"client,omitempty" otel:"messaging.client.id"`
	Host   string `json:"host,omitempty"`
}

// Event is one step in a message's life, as the vendor's trace has it.
type Event struct {
	Stage Stage `json:"stage"`
	// Time is when the step began, by the clock of who did it; End when it ended.
	Time       *Time   `json:"time,omitempty"`
	End        *Time   `json:"end,omitempty"`
	DurationMS *int64  `json:"duration_ms,omitempty"`
	Actor      Actor   `json:"actor"`
	Outcome    Outcome `json:"outcome"`
	// Attempt counts a group's deliveries from 1; 0 is no delivery.
	Attempt int64 `json:"attempt,omitempty"`
	// AttemptByTime: the vendor does not count deliveries. Attempt tells them apart and follows their times, which may be
	// of clocks that differ: it proves no order.
	AttemptByTime bool `json:"attempt_by_time,omitempty"`
	// Receipt joins the delivery and its end: a POP receipt or the id of the consumer's request.
	Receipt string `json:"receipt,omitempty"`
	// EndUntold: no end of this delivery is told, and the vendor may write no more of one that is over.
	EndUntold bool `json:"end_untold,omitempty"`
	// InvisibleMS is how long the broker waits for the end of this delivery before it delivers again.
	InvisibleMS *int64 `json:"invisible_ms,omitempty"`
	// Topic and MessageID are the other message of a dead-lettering.
	Topic     string `json:"topic,omitempty"`
	MessageID string `json:"message_id,omitempty"`
	// Raw is the vendor's own word for the outcome.
	Raw      string   `json:"raw,omitempty"`
	Evidence Evidence `json:"evidence"`
}

// Trace is what a vendor's trace tells of one message.
type Trace struct {
	// Found: the vendor has a trace of the message. An empty trace does not mean that nothing happened.
	Found bool `json:"found"`
	// Recording says whether the vendor is known to trace every message of the topic; absent when that depends on
	// something that is not known, like a setting of the clients.
	Recording *bool `json:"recording,omitempty"`
	// Message is what the trace says of the message itself.
	Message *Message `json:"message,omitempty"`
	// Events are in the order of [SortEvents].
	Events []Event `json:"events"`
	// ByGroup: the vendor also says of a single group how it stands to the message, if the request names the group.
	ByGroup bool `json:"by_group,omitempty"`
	// Standings tell how the groups that the request names stand to the message.
	Standings []Standing `json:"standings,omitempty"`
}

// Standing is what a vendor says of one group and one message without telling what happened: as a rule it compared the
// group's position with the message's place. It is no event, and a position past the message is no proof that the
// message was consumed.
type Standing struct {
	Group string `json:"group"`
	// Passed: the group's position is past the message (true) or before it (false).
	Passed *bool `json:"passed,omitempty"`
	// Filtered: the group's filter keeps the message out.
	Filtered *bool `json:"filtered,omitempty"`
	// Online: a consumer of the group is connected.
	Online *bool `json:"online,omitempty"`
	// Raw is the vendor's own word; null where it wrote null.
	Raw      string   `json:"raw,omitempty"`
	Evidence Evidence `json:"evidence"`
}
