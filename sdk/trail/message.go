package trail

// System is the kind of broker that holds a message, by its OpenTelemetry name.
type System string

// The systems.
const (
	RocketMQ System = "rocketmq"
	Kafka    System = "kafka"
)

// Message is one message as a vendor tells of it.
type Message struct {
	System System `json:"system" otel:"messaging.system"`
	// ID is the id that traces go by: the unique id of RocketMQ's client; empty on Kafka.
	ID string `json:"id,omitempty" otel:"messaging.message.id"`
	// BrokerID is the broker's id of the stored message (RocketMQ's offset id).
	BrokerID string `json:"broker_id,omitempty"`
	Instance string `json:"instance"`
	Topic    string `json:"topic" otel:"messaging.destination.name"`
	// Keys are the business keys.
	Keys []string `json:"keys,omitempty" otel:"messaging.rocketmq.message.keys"`
	Tag  string   `json:"tag,omitempty" otel:"messaging.rocketmq.message.tag"`
	// Partition is the partition (Kafka) or queue (RocketMQ), from 0.
	Partition *int64 `json:"partition,omitempty" otel:"messaging.destination.partition.id"`
	// Offset is the position in the partition or queue, from 0.
	Offset *int64 `json:"offset,omitempty" otel:"messaging.kafka.offset"`
	// CommitLogOffset is the byte position in RocketMQ's commit log.
	CommitLogOffset *int64 `json:"commit_log_offset,omitempty"`
	Broker          string `json:"broker,omitempty"`
	// Born is when the producer made the message, by the producer's clock.
	Born *Time `json:"born,omitempty"`
	// Stored is when the broker stored it, by the broker's clock.
	Stored   *Time  `json:"stored,omitempty"`
	BornHost string `json:"born_host,omitempty"`
	// StoredHost is the broker's address.
	StoredHost string `json:"stored_host,omitempty"`
	// Size is the message's size as stored, in bytes; BodySize the body's alone.
	Size     *int64 `json:"size,omitempty" otel:"messaging.message.envelope.size"`
	BodySize *int64 `json:"body_size,omitempty" otel:"messaging.message.body.size"`
	// BodyCRC is the body's checksum as the vendor tells it.
	BodyCRC *int64 `json:"body_crc,omitempty"`
	// BodyCheck says whether the body fits BodyCRC and BodySize: intact, damaged or unchecked, with the reason.
	BodyCheck string            `json:"body_check,omitempty"`
	Body      *Body             `json:"body,omitempty"`
	Props     map[string]string `json:"properties,omitempty"`
	// Type is normal, fifo, delay, transaction or priority; another value is the vendor's own word.
	Type string `json:"type,omitempty" otel:"messaging.rocketmq.message.type"`
	// OrderGroup is the message group of an ordered message.
	OrderGroup string `json:"order_group,omitempty" otel:"messaging.rocketmq.message.group"`
	// DeliverAt is when a delayed message becomes visible.
	DeliverAt     *Time  `json:"deliver_at,omitempty" otel:"messaging.rocketmq.message.delivery_timestamp"`
	TransactionID string `json:"transaction_id,omitempty"`
	// Retries is how often the message was delivered again, where the vendor counts it on the message.
	Retries *int64 `json:"retries,omitempty"`
	// DeadLetterGroup is the consumer group in whose dead-letter queue this copy lies.
	DeadLetterGroup string `json:"dead_letter_group,omitempty"`
	// OriginTopic and OriginID are the message that this one is a dead-letter copy of.
	OriginTopic string `json:"origin_topic,omitempty"`
	OriginID    string `json:"origin_id,omitempty"`
	// TraceOnly: the vendor has a trace of the message, was asked for the message itself, and has none: it is scheduled,
	// uncommitted, taken back, was never stored, or is no longer kept.
	TraceOnly bool `json:"trace_only,omitempty"`
	// Raw are the vendor's own status words, by field.
	Raw map[string]string `json:"raw,omitempty"`
	// Evidence is where the message stands in the vendor's answer.
	Evidence Evidence `json:"evidence"`
}
