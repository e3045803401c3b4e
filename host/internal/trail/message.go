package trail

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// getting is one question for one message.
type getting struct {
	trail  *Trail
	query  MessageQuery
	window window

	mutex sync.Mutex
	found []got
}

type got struct {
	asker  *asker
	answer *trail.GetAnswer
}

// Message gets one message with its body. The error is a *sdk.Problem: the message is in no place, or in several, or
// a place where it may be could not be asked.
func (t *Trail) Message(ctx context.Context, query MessageQuery) (*MessageReport, error) {
	g := &getting{trail: t, query: query}
	connections, problem := t.connections(query.Scope)
	if problem != nil {
		return nil, problem
	}
	if problem := g.prepare(); problem != nil {
		return nil, problem
	}
	askers := t.askers(connections, query.Raw)
	surveys := t.everywhere(ctx, askers, reach{Scope: query.Scope, kind: trail.Topics}, func(surveys []*survey) { g.look(ctx, surveys) })
	if ctx.Err() == context.Canceled {
		return nil, sdk.AsProblem(ctx.Err())
	}
	switch len(g.found) {
	case 1:
		return g.report(g.found[0]), nil
	case 0:
		if problem := missing(surveys); problem != nil {
			return nil, problem
		}
		return nil, g.nowhere(spotsOf(surveys))
	default:
		return nil, g.ambiguous()
	}
}

// prepare checks the question.
func (g *getting) prepare() (problem *sdk.Problem) {
	q := g.query
	positioned := q.Partition != nil || q.Offset != nil
	switch {
	case q.MessageID == "" && !positioned:
		return sdk.InvalidArgument("message_id", "no message is named.").WithHint("Give message_id, or topic, partition and offset. find_messages finds by key.")
	case q.MessageID != "" && positioned:
		return sdk.InvalidArgument("message_id", "it is given together with a position; give one of them.")
	case positioned && (q.Partition == nil || q.Offset == nil):
		return sdk.InvalidArgument("offset", "a position is a partition and an offset; one of them is missing.")
	case positioned && q.Topic == "":
		return sdk.InvalidArgument("topic", "a position is one of a topic, and none is named.")
	case q.BodyOffset < 0:
		return sdk.InvalidArgument("body_offset", "%d is below 0.", q.BodyOffset)
	case q.BodyLimit < 0 || q.BodyLimit > trail.MaxBody:
		return sdk.InvalidArgument("body_limit", "%d is not from 1 to %d bytes.", q.BodyLimit, trail.MaxBody)
	}
	var want *wanted
	if q.MessageID != "" {
		if want, problem = parseWanted(q.MessageID, asID, g.trail.now()); problem != nil {
			problem.Pointer = "/message_id"
			return problem
		}
		g.query.MessageID = want.text
	}
	g.window, problem = g.trail.window(q.Range, want)
	return problem
}

// look asks every place at once.
func (g *getting) look(ctx context.Context, surveys []*survey) {
	var wait sync.WaitGroup
	for _, survey := range surveys {
		for _, spot := range survey.spots {
			for _, topic := range spot.inside {
				wait.Go(func() { g.ask(ctx, survey.asker, spot, topic) })
			}
		}
	}
	wait.Wait()
}

func (g *getting) ask(ctx context.Context, a *asker, spot *spot, topic trail.Resource) {
	ctx, cancel := g.trail.within(ctx, forRest)
	defer cancel()
	if spot.over.Load() {
		return // an id is in one topic of an instance
	}
	answer, problem := ask[trail.GetAnswer](ctx, a, verbGet, trail.GetRequest{
		Instance: spot.instance.ID, System: spot.instance.System, Topic: topic.ID, MessageID: g.query.MessageID,
		Partition: g.query.Partition, Offset: g.query.Offset, BodyOffset: g.query.BodyOffset, BodyLimit: g.query.BodyLimit,
		Window: g.window.neutral(), Raw: g.query.Raw,
	})
	if problem != nil {
		spot.fail(problem)
		return
	}
	spot.note(func() {
		spot.searched++
		spot.gaps = addNew(spot.gaps, answer.Incomplete...)
		if answer.Message != nil {
			spot.hits++
		}
	})
	if answer.Message == nil {
		return
	}
	spot.over.Store(true)
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.found = append(g.found, got{a, answer})
}

func (g *getting) report(found got) *MessageReport {
	return &MessageReport{
		Query: g.query, Message: Located{Connection: found.asker.connection.Name, Message: *found.answer.Message},
		Attributes: found.answer.Message.Attributes(), Calls: found.answer.Calls, NotOffered: found.answer.NotOffered,
		Notes: addNew(found.answer.Notes, found.answer.Incomplete...),
	}
}

func (g *getting) subject() string {
	if g.query.MessageID != "" {
		return "the message " + line(g.query.MessageID, 80)
	}
	return "the message at " + strconv.FormatInt(*g.query.Partition, 10) + ":" + strconv.FormatInt(*g.query.Offset, 10)
}

// nowhere says where it was looked for; what could not be asked comes first, for the message may be there.
func (g *getting) nowhere(spots []*spot) *sdk.Problem {
	span := g.trail.span(g.window)
	places, topics := 0, 0
	for _, spot := range spots {
		looked := spot.looked()
		if topics += looked.Topics; looked.Topics > 0 {
			places++
		}
	}
	text := fmt.Sprintf("There is no sign of %s in %d topics of %d places, from %s to %s.", g.subject(), topics, places, span.From, span.To)
	gaps := gapsOf(spots)
	for _, spot := range spots {
		if len(spot.problems) > 0 {
			first := *spot.problems[0]
			first.Message = text + " " + strings.Join(gaps[:min(3, len(gaps))], " ")
			return &first
		}
	}
	for _, spot := range spots {
		if spot.refusal != nil && topics == 0 {
			return spot.refusal
		}
	}
	if len(gaps) > 0 {
		text += " " + strings.Join(gaps[:min(3, len(gaps))], " ")
	}
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeNotFound, "%s", text).
		WithHint("trace_message says more of why. Give since and until if it is older, or find it by its key with find_messages.")
}

// ambiguous lists the places.
func (g *getting) ambiguous() *sdk.Problem {
	var places []string
	for _, found := range g.found {
		message := found.answer.Message
		places = append(places, fmt.Sprintf("connection %s, instance %s, topic %s", found.asker.connection.Name, message.Instance, message.Topic))
	}
	shown := places[:min(maxNames, len(places))]
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "%s is in %d places: %s.", capital(g.subject()), len(places), strings.Join(shown, "; ")).
		WithHint("Say which: connection, instance, topic.")
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
