package verbs

import (
	"cmp"
	"context"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// result is what CTyun says that groups made of a message.
type result struct {
	Statuses []*struct {
		Group  text  `json:"object1"`
		Status *text `json:"object2"`
	} `json:"consumeStatusList"`
}

// standing asks how one group stands to the message. The documents name the broker's id.
func (s *session) standing(ctx context.Context, r trail.TraceRequest, known identity, group string) *trail.Standing {
	reply, err := s.rocketmq(ctx, "message_trace", map[string]any{
		"prodInstId": r.Instance, "msgId": cmp.Or(known.offset, known.unique), "groupName": group,
	})
	if err != nil {
		s.missed("How group "+group+" stands to the message", err)
		return nil
	}
	answer, pointer, err := read[result](reply)
	if err != nil {
		s.missed("How group "+group+" stands to the message", err)
		return nil
	}
	for n, one := range answer.Statuses {
		if one != nil && (one.Group == "" || string(one.Group) == group) {
			return standingOf(group, one.Status, reply.Evidence(at(pointer, "consumeStatusList", n)))
		}
	}
	return nil
}

// The words are Apache RocketMQ's, of TrackType: CTyun documents none. They compare the group's position with the
// message's, so CONSUMED says that it was passed, and never that it was consumed.
var (
	passedWords   = map[string]bool{"CONSUMED": true, "SUBSCRIBED_AND_CONSUMED": true, "CONSUMED_BUT_FILTERED": true}
	beforeWords   = map[string]bool{"NOT_CONSUME_YET": true, "SUBSCRIBED_AND_NOT_CONSUME_YET": true}
	filteredWords = map[string]bool{"CONSUMED_BUT_FILTERED": true, "SUBSCRIBED_BUT_FILTERED": true}
)

func standingOf(group string, status *text, evidence trail.Evidence) *trail.Standing {
	standing := &trail.Standing{Group: group, Raw: noStatus, Evidence: evidence}
	if status == nil || *status == "" {
		return standing
	}
	standing.Raw = string(*status)
	word := strings.ToUpper(standing.Raw)
	switch {
	case passedWords[word]:
		standing.Passed = is(true)
	case beforeWords[word]:
		standing.Passed = is(false)
	}
	if filteredWords[word] {
		standing.Filtered = is(true)
	}
	if word == "NOT_ONLINE" {
		standing.Online = is(false)
	}
	return standing
}
