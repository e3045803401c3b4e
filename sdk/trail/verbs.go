package trail

import "context"

// The verbs. A plugin's client has those that its vendor's API can do. One that a vendor can do for some instances or
// some arguments only answers the rest with [NotOffered].
type (
	// MessageFinder finds messages of one topic.
	MessageFinder interface {
		FindMessages(ctx context.Context, request FindRequest) (*FindAnswer, error)
	}
	// MessageGetter gets one message with its body.
	MessageGetter interface {
		GetMessage(ctx context.Context, request GetRequest) (*GetAnswer, error)
	}
	// MessageTracer tells the life of one message.
	MessageTracer interface {
		TraceMessage(ctx context.Context, request TraceRequest) (*TraceAnswer, error)
	}
	// Subscriptions tells which groups should get a topic's messages.
	Subscriptions interface {
		ListSubscriptions(ctx context.Context, request SubscriptionsRequest) (*SubscriptionsAnswer, error)
	}
	// LagReporter tells how a consumer group stands.
	LagReporter interface {
		ConsumerLag(ctx context.Context, request LagRequest) (*LagAnswer, error)
	}
	// ReplicationReporter tells how plans that copy between instances stand.
	ReplicationReporter interface {
		ReplicationStatus(ctx context.Context, request ReplicationRequest) (*ReplicationAnswer, error)
	}
	// ResourceLister lists instances, topics and groups.
	ResourceLister interface {
		ListResources(ctx context.Context, request ResourcesRequest) (*ResourcesAnswer, error)
	}
)

// FindRequest asks for messages of one topic: by id, by key, by position, in a group's dead-letter queue, or all of a
// window. A way that the vendor has not is answered with [NotOffered].
type FindRequest struct {
	// Instance is the id of the instance.
	Instance string `json:"instance"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Topic to search.
	Topic string `json:"topic,omitempty"`
	// MessageID is an id of any kind; the vendor's own way with each kind is the plugin's business.
	MessageID string `json:"message_id,omitempty"`
	// Key is a whole business key.
	Key string `json:"key,omitempty"`
	// Contains is a text that the body or key holds (Kafka).
	Contains string `json:"contains,omitempty"`
	// Partition, from 0; with Offset.
	Partition *int64 `json:"partition,omitempty"`
	// Offset in the partition, from 0.
	Offset *int64 `json:"offset,omitempty"`
	// DeadLettersOf searches this group's dead letters; with MessageID, the copies of that message of Topic.
	DeadLettersOf string `json:"dead_letters_of,omitempty"`
	// Window is when the messages were made.
	Window Window `json:"window,omitzero"`
	// Limit is the most messages to answer, 1 to 500.
	Limit int `json:"limit,omitempty"`
	// Cursor is Next of an earlier answer.
	Cursor string `json:"cursor,omitempty"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// FindAnswer holds messages, newest first, with bodies cut to a preview.
type FindAnswer struct {
	Gathered
	Messages []Message `json:"messages"`
	// Window is the one that the vendor was asked for: narrower than wished where the vendor has a limit. Open when the
	// vendor was asked without one.
	Window Window `json:"window,omitzero"`
	// Next asks for more; empty when there is none.
	Next string `json:"next_cursor,omitempty"`
}

// GetRequest asks for one message: by id, or by partition and offset.
type GetRequest struct {
	// Instance is the id of the instance.
	Instance string `json:"instance"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Topic that holds the message.
	Topic string `json:"topic"`
	// MessageID as the producer got it.
	MessageID string `json:"message_id,omitempty"`
	// Partition, from 0; with Offset.
	Partition *int64 `json:"partition,omitempty"`
	// Offset in the partition, from 0.
	Offset *int64 `json:"offset,omitempty"`
	// BodyOffset is where the wanted range of the body begins, in bytes.
	BodyOffset int64 `json:"body_offset,omitempty"`
	// BodyLimit is the most bytes of the range; 0 is 2 KiB, the most 64 KiB.
	BodyLimit int64 `json:"body_limit,omitempty"`
	// Window is where the message may lie, for vendors that cannot look without one.
	Window Window `json:"window,omitzero"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// GetAnswer holds the message, or none when the vendor says that there is none.
type GetAnswer struct {
	Gathered
	Message *Message `json:"message,omitempty"`
}

// TraceRequest asks for the life of one message.
type TraceRequest struct {
	// Instance is the id of the instance.
	Instance string `json:"instance"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Topic that holds the message.
	Topic string `json:"topic"`
	// MessageID as the producer got it.
	MessageID string `json:"message_id"`
	// Groups are those to ask about, for vendors that tell group by group.
	Groups []string `json:"groups,omitempty"`
	// Window is where the message was born, for vendors that cannot look without one.
	Window Window `json:"window,omitzero"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// TraceAnswer holds the trace.
type TraceAnswer struct {
	Gathered
	Trace  Trace  `json:"trace"`
	Window Window `json:"window,omitzero"`
}

// SubscriptionsRequest asks for the subscriptions of a topic, or of a group.
type SubscriptionsRequest struct {
	// Instance is the id of the instance.
	Instance string `json:"instance"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Topic is the only one that is asked about.
	Topic string `json:"topic,omitempty"`
	// Group is the only one that is asked about.
	Group string `json:"group,omitempty"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// SubscriptionsAnswer holds the subscriptions.
type SubscriptionsAnswer struct {
	Gathered
	Subscriptions []Subscription `json:"subscriptions"`
}

// LagRequest asks how a group stands, in one topic or in all.
type LagRequest struct {
	// Instance is the id of the instance.
	Instance string `json:"instance"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Group is the consumer group.
	Group string `json:"group"`
	// Topic is the only one that is asked about.
	Topic string `json:"topic,omitempty"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// LagAnswer holds the group's state.
type LagAnswer struct {
	Gathered
	State GroupState `json:"state"`
}

// ReplicationRequest asks for one plan whole, or for all plans.
type ReplicationRequest struct {
	// Plan is the id of one plan; left out: all.
	Plan string `json:"plan,omitempty"`
	// Filter narrows the checkpoints to topics or groups with this in their names.
	Filter string `json:"filter,omitempty"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// ReplicationAnswer holds the plans.
type ReplicationAnswer struct {
	Gathered
	Plans []ReplicationPlan `json:"plans"`
}

// ResourcesRequest asks for the instances, or for an instance's topics or groups.
type ResourcesRequest struct {
	// Kind of resource.
	Kind Kind `json:"kind" jsonschema:"enum=instance,enum=topic,enum=group"`
	// Instance holds the topics or groups; of instances, the only one wanted.
	Instance string `json:"instance,omitempty"`
	// System is the instance's kind of broker, where the caller knows it; else the plugin finds out.
	System System `json:"system,omitempty"`
	// Contains narrows the list to ids and names with this text in them.
	Contains string `json:"contains,omitempty"`
	// Limit is the most resources to answer, 1 to 1000.
	Limit int `json:"limit,omitempty"`
	// Cursor is Next of an earlier answer.
	Cursor string `json:"cursor,omitempty"`
	// Raw keeps the vendor's answers in the calls.
	Raw bool `json:"raw,omitempty"`
}

// ResourcesAnswer holds the resources by id.
type ResourcesAnswer struct {
	Gathered
	Resources []Resource `json:"resources"`
	Next      string     `json:"next_cursor,omitempty"`
}
