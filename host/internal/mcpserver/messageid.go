package mcpserver

import (
	"time"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

type decodeArguments struct {
	ID   string  `json:"id"`
	Near *string `json:"near"`
}

func (s *Server) decodeMessageID() native {
	const name = "decode_message_id"
	input := object(map[string]any{
		"id":   described("string", "Message id: 32, 34 or 56 hex digits."),
		"near": described("string", "Born time of the message: RFC 3339, or bornTimestamp. Tells month and producer's zone."),
	}, "id")
	return native{
		name: name, title: "Decode a message id", hints: local, input: input,
		description: "What a RocketMQ message id says without asking any cloud: broker and commit-log offset, or producer, process and time. Says what is not certain.",
		output:      decodedSchema(),
		handle:      answered(name, input, func(arguments decodeArguments) (any, error) { return decode(arguments) }),
	}
}

func decode(arguments decodeArguments) (*rocketmq.Explanation, error) {
	var born time.Time
	if arguments.Near != nil {
		var err error
		if born, err = rocketmq.ParseNear(*arguments.Near); err != nil {
			return nil, err
		}
	}
	return rocketmq.Explain(arguments.ID, born, time.Now())
}

// decodedSchema is the output schema: a rocketmq.Explanation.
func decodedSchema() map[string]any {
	properties := readingSchema()
	properties["id"] = described("string", "As given.")
	properties["certain"] = described("boolean", "The kind can be no other, if it is a message id at all.")
	properties["reasons"] = listOf(map[string]any{"type": "string"}, "Why it is read so, and what is not proven.")
	other := object(readingSchema())
	other["description"] = "The reading that is possible as well; absent when there is none."
	properties["other"] = other
	return object(properties)
}

// readingSchema are the properties of a rocketmq.Reading.
func readingSchema() map[string]any {
	return map[string]any{
		"kind":               described("string", "offset_ipv4, offset_ipv6 (a broker made it), unique_ipv4, unique_ipv6 (a 4.x client) or unique_v1 (a 5.x client)."),
		"broker_host":        described("string", "Address that the broker gives to others."),
		"broker_port":        described("integer", "Port of the broker."),
		"commit_log_offset":  described("integer", "Place in the broker's commit log in bytes; no queue offset."),
		"producer_host":      described("string", "What the client took for its address."),
		"producer_mac":       described("string", "Hardware address of the client's machine."),
		"pid":                described("integer", "Process id of the client, lower 16 bits."),
		"class_loader_hash":  described("string", "Hex; 00000000 from Go clients."),
		"ms_into_month":      described("integer", "Milliseconds since the month began in the client's zone."),
		"seconds_since_2021": described("integer", "Seconds since 2021 began in the zone that the client counts in."),
		"sequence":           described("integer", "The client's counter."),
		"candidates": listOf(object(map[string]any{
			"unix_ms":       described("integer", "Milliseconds since 1970, UTC."),
			"iso":           described("string", "The same, RFC 3339."),
			"zone_source":   described("string", "proven or assumed."),
			"resolution_ms": described("integer", "Step of the clock: 1 or 1000."),
		}), "Times that it may mean, the likeliest first; none for offset ids."),
	}
}
