package emulator

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// located is a message and where it is.
type located struct {
	topic     string
	partition int
	record
}

func (l located) view() object {
	return object{"topic": l.topic, "partition": l.partition, "message_offset": l.offset, "size": l.size(), "timestamp": l.at}
}

func (l located) withContent() object {
	view := l.view()
	view["key"], view["value"] = l.key, l.value
	return view
}

func (t *kafkaTopic) messages(wanted func(located) bool) []located {
	found := []located{}
	for i, partition := range t.partitions {
		for _, one := range partition.records {
			if message := (located{t.Name, i, one}); wanted(message) {
				found = append(found, message)
			}
		}
	}
	return found
}

// kafkaMessages are the operations on messages.
func kafkaMessages() map[string]handler {
	return map[string]handler{
		"ShowInstanceMessages":          withKafkaTopic("topic", queryKafkaMessages),
		"ShowMessages":                  withKafkaTopic("topic", listKafkaMessages),
		"ShowPartitionMessage":          withPartition(showKafkaMessage),
		"ShowPartitionBeginningMessage": withPartition(showFirst),
		"ShowPartitionEndMessage":       withPartition(showLast),
		"SendKafkaMessage":              withKafkaTopic("topic", sendKafkaMessage),
		"DeleteKafkaTopicMessages":      withKafkaTopic("topic", deleteKafkaMessages),
	}
}

// A search by key reads so many messages at most, and answers so many.
const (
	maxScanned = 10_000
	maxHits    = 10
)

// queryKafkaMessages follows the documents: a time range wins over an offset, and lists no contents. That a half
// set is refused with this code is assumed.
func queryKafkaMessages(c *call, topic *kafkaTopic) *sandbox.Answer {
	byTime := c.Text("start_time") != "" && c.Text("end_time") != ""
	byOffset := c.Text("partition") != "" && c.Text("message_offset") != ""
	if !byTime && !byOffset {
		return invalid("start_time", "neither start_time and end_time, nor partition and message_offset")
	}
	if topic.Name == Topic && c.instance.ID == InstanceID {
		return documentedMessages(c, byTime)
	}
	scanned := 0
	found := topic.messages(func(one located) bool {
		if byTime && !c.made(one.at) || !byTime && !c.atOffset(one) {
			return false
		}
		scanned++
		return scanned <= maxScanned && strings.Contains(one.key, c.Text("key")) && c.selects(one.value)
	})
	if c.has("key") {
		found = found[:min(maxHits, len(found))]
	}
	if given[bool](c, "asc") {
		slices.SortStableFunc(found, func(a, b located) int { return cmp.Compare(a.at, b.at) })
	}
	shown := page(c, found)
	if !byTime {
		shown = shown[:min(1, len(shown))]
	}
	return ok(object{"total": len(found), "size": len(shown), "messages": views(shown, func(one located) object {
		view := one.view()
		if !byTime {
			view = one.withContent()
		}
		view["key"], view["huge_message"] = one.key, false
		view["message_id"], view["app_id"], view["tag"] = "", "", ""
		return view
	})})
}

// made reports whether a message was made between start_time and end_time. One without a time never was.
func (c *call) made(milliseconds int64) bool { return milliseconds > 0 && c.inRange(milliseconds) }

// inRange reports whether a moment is between start_time and end_time, as far as they are given.
func (c *call) inRange(milliseconds int64) bool {
	return milliseconds >= c.whole("start_time", milliseconds) && milliseconds <= c.whole("end_time", milliseconds)
}

// atOffset reports whether the message is one from the offset on.
func (c *call) atOffset(one located) bool {
	return int64(one.partition) == c.whole("partition", -1) && one.offset >= c.whole("message_offset", 0)
}

// selects reports whether the filters let a content through. That all words of include must be there, and none of
// exclude, is assumed.
func (c *call) selects(content string) bool {
	missing := func(word string) bool { return !strings.Contains(content, word) }
	return !missing(c.Text("keyword")) &&
		!slices.ContainsFunc(words(c.Text("include")), missing) &&
		!slices.ContainsFunc(words(c.Text("exclude")), func(word string) bool { return !missing(word) })
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func listKafkaMessages(c *call, topic *kafkaTopic) *sandbox.Answer {
	only := c.whole("partition", -1)
	found := topic.messages(func(one located) bool { return c.inRange(one.at) && (only < 0 || only == int64(one.partition)) })
	size := max(c.whole("limit", defaultPage), 1)
	return ok(object{
		"messages": views(page(c, found), located.view), "messages_count": len(found),
		"offsets_count": (int64(len(found)) + size - 1) / size, "offset": c.whole("offset", 0),
	})
}

func withPartition(handle func(*call, *kafkaTopic, int) *sandbox.Answer) handler {
	return withKafkaTopic("topic", func(c *call, topic *kafkaTopic) *sandbox.Answer {
		number := c.whole("partition", -1)
		if number < 0 || number >= int64(len(topic.partitions)) {
			return invalid("partition", "the topic has "+strconv.Itoa(len(topic.partitions)))
		}
		return handle(c, topic, int(number))
	})
}

func showKafkaMessage(c *call, topic *kafkaTopic, number int) *sandbox.Answer {
	found := topic.messages(func(one located) bool {
		return one.partition == number && one.offset == c.whole("message_offset", -1)
	})
	return ok(object{"message": views(found, located.withContent)})
}

func showFirst(_ *call, topic *kafkaTopic, number int) *sandbox.Answer {
	one := topic.partitions[number]
	return ok(object{"topic": topic.Name, "partition": number, "offset": one.start, "timestamp": firstTime(one)})
}

func firstTime(one *partition) int64 {
	if len(one.records) == 0 {
		return 0
	}
	return one.records[0].at
}

func showLast(_ *call, topic *kafkaTopic, number int) *sandbox.Answer {
	one := topic.partitions[number]
	return ok(object{"topic": topic.Name, "partition": number, "offset": one.end, "timestamp": one.last()})
}

// property is a name and a value that a message carries.
type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func valueOf(list []property, name string) string {
	for _, one := range list {
		if strings.EqualFold(one.Name, name) {
			return one.Value
		}
	}
	return ""
}

// sendKafkaMessage stores a message in the partition of its property, or the first.
func sendKafkaMessage(c *call, topic *kafkaTopic) *sandbox.Answer {
	properties := given[[]property](c, "property_list")
	number := 0
	if text := valueOf(properties, "partition"); text != "" {
		var err error
		if number, err = strconv.Atoi(text); err != nil || number < 0 || number >= len(topic.partitions) {
			return invalid("property_list", "partition "+text+" is none of the topic's")
		}
	}
	topic.partitions[number].store(record{key: valueOf(properties, "key"), value: c.Text("body"), at: c.now.UnixMilli()})
	return ok(object{"topic": topic.Name, "body": c.Text("body"), "property_list": properties})
}

// deleteKafkaMessages deletes what is before an offset; all of the partition with -1.
func deleteKafkaMessages(c *call, topic *kafkaTopic) *sandbox.Answer {
	type cut struct {
		Partition whole `json:"partition"`
		Offset    whole `json:"offset"`
	}
	return ok(object{"partitions": views(given[[]cut](c, "partitions"), func(one cut) object {
		if one.Partition < 0 || int64(one.Partition) >= int64(len(topic.partitions)) {
			return object{"partition": one.Partition, "result": "failed", "error_code": "DMS.00400062"}
		}
		log, before := topic.partitions[one.Partition], int64(one.Offset)
		if before < 0 {
			before = log.end
		}
		log.cut(before)
		return object{"partition": one.Partition, "result": "success", "error_code": ""}
	})})
}
