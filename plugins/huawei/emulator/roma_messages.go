package emulator

import (
	"cmp"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// queryROMAMessages lists a time range without contents; with empty times it shows one message whole.
func queryROMAMessages(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	byTime := c.Text("start_time") != "" && c.Text("end_time") != ""
	if !byTime && (c.Text("partition") == "" || c.Text("message_offset") == "") {
		return invalid("start_time", "neither start_time and end_time, nor partition and message_offset")
	}
	found := []*romaMessage{}
	for _, one := range topic.messages {
		wanted := byTime && c.inRange(one.at) ||
			!byTime && int64(one.Partition) == c.whole("partition", -1) && one.offset == c.whole("message_offset", -1)
		if wanted && one.has(c, "key", one.Key) && one.has(c, "tag", one.Tag) && one.has(c, "message_id", one.id) {
			found = append(found, one)
		}
	}
	if given[bool](c, "asc") {
		slices.SortStableFunc(found, func(a, b *romaMessage) int { return cmp.Compare(a.at, b.at) })
	}
	shown := page(c, found)
	return ok(object{"total": len(found), "size": len(shown), "messages": views(shown, func(one *romaMessage) object {
		view := object{
			"topic": topic.Name, "partition": one.Partition, "key": one.Key, "size": len(one.Key) + len(one.Value), "timestamp": one.at, "huge_message": false,
			"message_offset": one.offset, "message_id": one.id, "app_id": topic.AppID, "tag": one.Tag,
		}
		if !byTime {
			view["value"] = one.Value
		}
		return view
	})})
}

func (m *romaMessage) has(c *call, filter, value string) bool {
	return c.Text(filter) == "" || c.Text(filter) == value
}

// resendROMAMessage stores a copy of a message at the end of its partition: consumers read it once more.
func resendROMAMessage(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic"))
	if !known {
		return unknownTopic()
	}
	for _, one := range topic.messages {
		if int64(one.Partition) == c.whole("partition", -1) && one.offset == c.whole("message_offset", -1) {
			again := *one
			again.at = c.now.UnixMilli()
			c.instance.ROMA.store(topic, again)
			return ok(object{"topic": topic.Name, "partition": one.Partition, "message_offset": one.offset, "consumer_key": c.Text("consumer_key")})
		}
	}
	return unknown("message at offset", decimal(c.whole("message_offset", -1)))
}
