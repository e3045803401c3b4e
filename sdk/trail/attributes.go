package trail

import (
	"reflect"
	"strconv"
)

// Attributes are what is known of the message under the names of OpenTelemetry's semantic conventions for messaging,
// with their types. What OpenTelemetry has no name for is not there.
func (m *Message) Attributes() map[string]any {
	attributes := map[string]any{}
	value := reflect.ValueOf(m).Elem()
	for i := range value.NumField() {
		name, field := value.Type().Field(i).Tag.Get("otel"), value.Field(i)
		if name == "" || field.IsZero() {
			continue
		}
		switch known := field.Interface().(type) {
		case *Time:
			attributes[name] = known.UnixMS
		case *int64:
			attributes[name] = *known
		case System:
			attributes[name] = string(known)
		default:
			attributes[name] = known
		}
	}
	// A partition is a text there, and only Kafka's offset and RocketMQ's own names have one each.
	if m.Partition != nil {
		attributes["messaging.destination.partition.id"] = strconv.FormatInt(*m.Partition, 10)
	}
	if m.System != Kafka {
		delete(attributes, "messaging.kafka.offset")
	} else if len(m.Keys) > 0 {
		delete(attributes, "messaging.rocketmq.message.keys")
		attributes["messaging.kafka.message.key"] = m.Keys[0]
	}
	return attributes
}
