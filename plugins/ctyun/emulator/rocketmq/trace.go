package rocketmq

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// moment writes the times of a trace. Their form is not documented; Beijing time with milliseconds is assumed.
func moment(milliseconds int64) string {
	return time.UnixMilli(milliseconds).In(beijing).Format("2006-01-02 15:04:05.000")
}

// attemptLog is one attempt in a trace.
type attemptLog struct {
	MsgID    string `json:"msgId"`
	Client   string `json:"clientHost"`
	CostTime string `json:"costTime"`
	SubTime  string `json:"subTime"`
	Status   any    `json:"status"`
}

// groupLog are the attempts of one group.
type groupLog struct {
	Group    string       `json:"groupName"`
	Attempts []attemptLog `json:"traceLogList"`
}

// trace is what happened to a message, by the groups that did something with it.
func (s *Service) trace(i *instance, in given.Arguments) (any, error) {
	m := i.log.find(in.Text("msgId"))
	if m == nil {
		return nil, noMessage(in)
	}
	groups := []groupLog{}
	for _, g := range i.groups {
		attempts := m.until(g.name, s.now())
		if len(attempts) == 0 {
			continue
		}
		row := groupLog{Group: g.name}
		for _, a := range attempts {
			row.Attempts = append(row.Attempts, attemptLog{m.MsgID, a.client, strconv.FormatInt(a.took.Milliseconds(), 10), moment(a.at.UnixMilli()), a.status()})
		}
		groups = append(groups, row)
	}
	return data(map[string]any{
		"topic": m.Topic, "tags": m.Properties["TAGS"], "keys": m.Properties["KEYS"], "groupName": producers, "msgType": "NORMAL", "msgId": m.MsgID,
		"costTime": strconv.FormatInt(m.StoreTimestamp-m.BornTimestamp, 10), "status": "SEND_OK", "pubTime": moment(m.BornTimestamp),
		"arrivedServerTime": moment(m.StoreTimestamp), "clientHost": m.BornHost, "subTraceList": groups,
	}), nil
}

// status is the word of an attempt; nil for null.
func (a attempt) status() any {
	switch {
	case a.word == "null":
		return nil
	case a.word != "":
		return a.word
	case a.ok:
		return "CONSUME_SUCCESS"
	default:
		return "RECONSUME_LATER"
	}
}

// pair is a group and what it made of a message, as CTyun names the two.
type pair struct {
	Group  string `json:"object1"`
	Status string `json:"object2"`
}

// consumption says whether one group consumed a message. The names of the states are Apache's.
func (s *Service) consumption(i *instance, in given.Arguments) (any, error) {
	g, m := i.group(in.Text("groupName")), i.log.find(in.Text("msgId"))
	if m == nil {
		return nil, noMessage(in)
	}
	return data(map[string]any{"msgId": m.MsgID, "clusterName": i.name, "consumeStatusList": []pair{{g.name, i.consumed(g, m)}}}), nil
}

// consumed is Apache's: who is not online has no state, and a position past the message counts as consumed.
func (i *instance) consumed(g *group, m *message) string {
	filter, subscribed := g.filters[m.Topic]
	switch {
	case !subscribed:
		return "UNKNOWN"
	case len(g.clients) == 0:
		return "NOT_ONLINE"
	case g.broadcast:
		return "CONSUME_BROADCASTING"
	case i.offsets(g, m.Topic)[m.QueueID] <= m.QueueOffset:
		return "NOT_CONSUME_YET"
	case !takes(filter, m.Properties["TAGS"]):
		return "CONSUMED_BUT_FILTERED"
	default:
		return "CONSUMED"
	}
}
