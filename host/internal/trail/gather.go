package trail

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// isCopy: the message lies in a dead-letter queue, or came out of one.
func isCopy(message *trail.Message) bool {
	return message.DeadLetterGroup != "" || message.OriginID != "" || strings.HasPrefix(message.Topic, string(rocketmq.RoleDeadLetter))
}

// gather makes a hit of each message, and of dead-letter copies one with what they are copies of.
func gather(messages []trail.Message, base func() *hit) []*hit {
	var hits []*hit
	for i := range messages {
		if !isCopy(&messages[i]) {
			h := base()
			if messages[i].TraceOnly {
				h.outline = &messages[i]
			} else {
				h.message = &messages[i]
			}
			hits = append(hits, h)
		}
	}
	for i := range messages {
		if !isCopy(&messages[i]) {
			continue
		}
		at := slices.IndexFunc(hits, func(h *hit) bool { return h.isOriginOf(&messages[i]) })
		if at < 0 {
			hits = append(hits, base())
			at = len(hits) - 1
		}
		hits[at].copies = append(hits[at].copies, messages[i])
	}
	return hits
}

// isOriginOf reports whether a copy is of this message: the unique id is the same, or the copy names its origin's.
func (h *hit) isOriginOf(copied *trail.Message) bool {
	if h.message != nil {
		return originOf(h.message, copied)
	}
	return slices.ContainsFunc(h.copies, func(other trail.Message) bool {
		return other.ID != "" && other.ID == copied.ID || other.OriginID != "" && other.OriginID == copied.OriginID
	})
}

func originOf(message, copied *trail.Message) bool {
	if message.ID != "" && (message.ID == copied.ID || message.ID == copied.OriginID) {
		return true
	}
	return message.BrokerID != "" && message.BrokerID == copied.OriginID
}
