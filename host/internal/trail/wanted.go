package trail

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The kinds of what a message is asked for by.
const (
	asID       = "id"
	asKey      = "key"
	asPosition = "position"
)

// wanted is what is looked for.
type wanted struct {
	text string
	kind string
	// id is what the text says as a message id; nil when it is none that RocketMQ writes.
	id *rocketmq.Explanation
	// guessed: the text has the form of an id, and may as well be a key.
	guessed           bool
	topic             string
	partition, offset *int64
}

// maxWanted bounds an id or a key, in bytes.
const maxWanted = 1024

var position = lazily(`^(?:(.+)[-/])?(\d{1,10}):(\d{1,19})$`)

// parseWanted tells what a text is by its form, or reads it as what it is said to be.
func parseWanted(text, as string, now time.Time) (*wanted, *sdk.Problem) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, sdk.InvalidArgument("message", "it is empty.").WithHint("Give a message id, a business key, or partition:offset with a topic.")
	case len(text) > maxWanted:
		return nil, sdk.InvalidArgument("message", "it has %d bytes; an id or key has %d at most.", len(text), maxWanted)
	}
	want := &wanted{text: text, kind: as}
	if as == "" {
		want.kind = want.guess()
	}
	switch want.kind {
	case asKey:
		return want, nil
	case asPosition:
		return want, want.readPosition()
	case asID:
		want.id, _ = rocketmq.Explain(text, time.Time{}, now) // other brokers may have other ids
		want.guessed = as == "" && want.id != nil && want.id.Kind != rocketmq.KindV1
		return want, nil
	default:
		problem := sdk.InvalidArgument("as", "%q is none of id, key and position.", line(as, 40))
		if nearest := schema.Nearest(as, []string{asID, asKey, asPosition}); nearest != "" {
			problem = problem.WithHint("Did you mean %s?", nearest)
		}
		return nil, problem
	}
}

func (w *wanted) guess() string {
	if _, err := rocketmq.ParseID(w.text); err == nil {
		return asID
	}
	if position().MatchString(w.text) {
		return asPosition
	}
	return asKey
}

func (w *wanted) readPosition() *sdk.Problem {
	refused := func() *sdk.Problem {
		return sdk.InvalidArgument("message", "%q is no partition:offset of 64-bit numbers, like 3:4711.", line(w.text, 60))
	}
	parts := position().FindStringSubmatch(w.text)
	if parts == nil {
		return refused()
	}
	partition, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return refused()
	}
	offset, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return refused()
	}
	w.topic, w.partition, w.offset = parts[1], &partition, &offset
	return nil
}

// inBroker: the text can only be a broker's own id, by which traces do not go.
func (w *wanted) inBroker() bool {
	return w.id != nil && w.id.Other == nil && (w.id.Kind == rocketmq.KindOffsetIPv4 || w.id.Kind == rocketmq.KindOffsetIPv6)
}

// traceable: a trace may be asked for by the text.
func (w *wanted) traceable() bool { return w.kind == asID && !w.inBroker() }

// born are the times at which an id may have been made, the earliest first; none of a text with two readings.
func (w *wanted) born() []time.Time {
	if w == nil || w.id == nil || w.id.Other != nil {
		return nil
	}
	var times []time.Time
	for _, candidate := range w.id.Candidates {
		times = append(times, time.UnixMilli(candidate.UnixMS))
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// notes explain an id.
func (w *wanted) notes() []string {
	switch {
	case w.id == nil && w.kind == asID:
		return []string{"The text is no id that RocketMQ writes; it was passed on as it is."}
	case w.inBroker():
		return []string{"It is an offset id: a place in the commit log of the broker " + w.id.BrokerHost + ". Traces go by the producer's unique id (UNIQ_KEY) instead."}
	case w.id != nil && w.id.Other != nil:
		return []string{"It reads like an offset id, a place in the commit log of the broker " + w.id.BrokerHost +
			". Traces go by the producer's unique id (UNIQ_KEY) instead; the text was looked for as both."}
	default:
		return nil
	}
}

// request asks for it in one topic.
func (w *wanted) request(as string, in place, window trail.Window) trail.FindRequest {
	request := trail.FindRequest{Instance: in.instance.ID, System: in.instance.System, Topic: in.topic.ID, Window: window, Limit: maxHits}
	switch as {
	case asID:
		request.MessageID = w.text
	case asKey:
		request.Key = w.text
	case asPosition:
		request.Partition, request.Offset = w.partition, w.offset
	}
	return request
}
