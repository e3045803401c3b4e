package rocketmq

import (
	"strings"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// offsets are a group's on a topic, one a queue. A group that never had any starts at the end.
func (i *instance) offsets(g *group, name string) []int64 {
	t := i.topic(name)
	if offsets, ok := g.positions[name]; ok && len(offsets) == len(t.first) {
		return offsets
	}
	offsets := i.log.ends(t)
	g.positions[name] = offsets
	return offsets
}

// accumulate is the backlog of a group on a topic, a row a broker.
func (s *Service) accumulate(i *instance, in given.Arguments) (any, error) {
	g, t := i.group(in.Text("groupName")), i.topic(in.Text("topicName"))
	offsets := i.offsets(g, t.name)
	var total, consumed int64
	for queue, end := range i.log.ends(t) {
		total += end
		consumed += offsets[queue]
	}
	var retries, today, oldest int64
	midnight := s.now().In(beijing).Format("2006-01-02")
	for _, m := range i.log.of(t.name) {
		for _, a := range m.until(g.name, s.now()) {
			if !a.ok {
				retries++
			}
			if clock(a.at)[:len(midnight)] == midnight {
				today++
			}
		}
		if m.QueueOffset >= offsets[m.QueueID] {
			oldest = max(oldest, s.now().UnixMilli()-m.StoreTimestamp)
		}
	}
	return listOf([]any{map[string]any{
		"diff": total - consumed, "total": total, "consumedTotal": consumed, "retryNums": retries, "groupName": g.name, "brokerName": broker,
		"topicName": t.name, "outTps": 0.0, "outTotalMsgToday": today, "offSetDiff": total - consumed, "notAckMsgNum": 0, "notAckMsgTime": 0,
		"notConsumeMsgTime": oldest,
	}}), nil
}

// resetOffset moves a group to a time; one below 0 means the end, which is assumed.
func (s *Service) resetOffset(i *instance, in given.Arguments) (any, error) {
	g, t := i.group(in.Text("groupName")), i.topic(in.Text("topicName"))
	at := in.Number("resetTime", -1)
	offsets, ends := i.offsets(g, t.name), i.log.ends(t)
	rows, moved := []any{}, int64(0)
	for queue, end := range ends {
		target := end
		for _, m := range i.log.of(t.name) {
			if at >= 0 && m.QueueID == queue && m.StoreTimestamp >= at {
				target = min(target, m.QueueOffset)
			}
		}
		rows = append(rows, map[string]any{
			"brokerName": broker, "queueId": queue, "brokerOffset": end, "consumerOffset": offsets[queue], "timestampOffset": target, "rollbackOffset": target,
		})
		moved += offsets[queue] - target
		offsets[queue] = target
	}
	return map[string]any{"total": len(rows), "diffOffset": moved, "rows": rows}, nil
}

func (s *Service) outputRate(i *instance, in given.Arguments) (any, error) {
	g, name := in.Text("groupName"), in.Text("topicName")
	var events []int64
	for _, m := range i.log.of(name) {
		for _, a := range m.of(g) {
			events = append(events, a.at.UnixMilli())
		}
	}
	return data(map[string]any{"prodInstId": i.id, "topicName": name, "groupName": g, "tpsVoList": rates(s.now(), events)}), nil
}

// tagsOf are the tags of a filter like "created || paid"; none for all.
func tagsOf(filter string) []string {
	tags := []string{}
	for tag := range strings.SplitSeq(filter, "||") {
		if tag = strings.TrimSpace(tag); tag != "*" && tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}
