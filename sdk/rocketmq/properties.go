package rocketmq

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The names of properties. Source: MessageConst.
const (
	PropertyKeys       = "KEYS"        // business keys, separated by spaces; see Properties.Keys
	PropertyTags       = "TAGS"        // the tag; one, whatever the name says
	PropertyUniqueKey  = "UNIQ_KEY"    // the unique id that the producer's client made
	PropertyDelay      = "DELAY"       // delay level, from 1; see Properties.Int
	PropertyWait       = "WAIT"        // whether the producer waited until the message was stored: true or false
	PropertyMinOffset  = "MIN_OFFSET"  // of the queue when the message was read; see Properties.Int
	PropertyMaxOffset  = "MAX_OFFSET"  // of the queue when the message was read; see Properties.Int
	PropertyRealTopic  = "REAL_TOPIC"  // the topic that a delayed or half message goes to
	PropertyRetryTopic = "RETRY_TOPIC" // the topic from which a retried or dead message first came
	// PropertyOriginMessageID is the id of the message of which this is a retry or a dead letter: as a rule its
	// offset id. The unique id is the same for both.
	PropertyOriginMessageID = "ORIGIN_MESSAGE_ID"
	// PropertyDLQOriginTopic and PropertyDLQOriginMessageID say the same of a dead letter, where a 5.x server adds them.
	PropertyDLQOriginTopic     = "DLQ_ORIGIN_TOPIC"
	PropertyDLQOriginMessageID = "DLQ_ORIGIN_MESSAGE_ID"
)

// The separators of stored properties. Source: MessageDecoder.
const (
	nameEnd     = "\x01"
	propertyEnd = "\x02"
)

// Properties are the properties of a message, by name.
type Properties map[string]string

// ParseProperties reads properties as brokers store them: each a name, byte 1, its value and byte 2. What is no
// property, since it has no name or no byte 1, comes back as rest.
func ParseProperties(stored string) (properties Properties, rest []string) {
	properties = Properties{}
	for part := range strings.SplitSeq(stored, propertyEnd) {
		name, value, found := strings.Cut(part, nameEnd)
		switch {
		case found && name != "":
			properties[name] = value
		case part != "":
			rest = append(rest, part)
		}
	}
	return properties, rest
}

// String is the properties as brokers store them, in the order of their names. Names and values hold neither byte 1
// nor byte 2: a broker could not read them back.
func (p Properties) String() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p)) {
		out.WriteString(name + nameEnd + p[name] + propertyEnd)
	}
	return out.String()
}

// Keys are the business keys. Only a space separates them: one may hold a tab.
func (p Properties) Keys() []string {
	return strings.FieldsFunc(p[PropertyKeys], func(r rune) bool { return r == ' ' })
}

// Int is a property that is a number. It is an error when the property is there and is none.
func (p Properties) Int(name string) (number int64, present bool, err error) {
	text, present := p[name]
	if !present {
		return 0, false, nil
	}
	number, err = strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, true, fmt.Errorf("the property %s is %s, which is no 64-bit integer", name, quoted(text))
	}
	return number, true, nil
}

// Origin is where a retried or dead message first was: its topic, and the id that it had there. Each is "" when the
// properties do not say.
func (p Properties) Origin() (topic, messageID string) {
	topic, messageID = p[PropertyDLQOriginTopic], p[PropertyDLQOriginMessageID]
	if topic == "" {
		topic = p[PropertyRetryTopic]
	}
	if messageID == "" {
		messageID = p[PropertyOriginMessageID]
	}
	return topic, messageID
}
