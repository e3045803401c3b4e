package trail

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The most that summaries take, in bytes of JSON; a token is about four.
const (
	traceBudget = 1200
	findBudget  = 6000
)

// How long texts are in summaries, in characters.
const (
	whyLength      = 260
	groupWhyLength = 90
	nameLength     = 128
	previewLength  = 120
)

// sized is how many bytes a value takes as JSON.
func sized(value any) int {
	encoded, err := json.Marshal(value)
	if err != nil { // summaries are texts and numbers, and arguments that came as JSON
		panic(err)
	}
	return len(encoded)
}

// MessageLine is a message in a line of a summary. Keys and preview are what somebody else wrote.
type MessageLine struct {
	Connection string   `json:"connection,omitempty"`
	Instance   string   `json:"instance,omitempty"`
	Topic      string   `json:"topic,omitempty"`
	ID         string   `json:"id,omitempty"`
	BrokerID   string   `json:"broker_id,omitempty"`
	Partition  *int64   `json:"partition,omitempty"`
	Offset     *int64   `json:"offset,omitempty"`
	Keys       []string `json:"keys,omitempty"`
	Tag        string   `json:"tag,omitempty"`
	// Time is when it was stored, or else born.
	Time string `json:"time,omitempty"`
	Size *int64 `json:"size,omitempty"`
	// DeadLetterOf is the group in whose dead-letter queue it lies.
	DeadLetterOf string `json:"dead_letter_of,omitempty"`
	Preview      string `json:"preview,omitempty"`
}

func messageLine(connection string, message *trail.Message) *MessageLine {
	if message == nil {
		return nil
	}
	short := &MessageLine{
		Connection: connection, Instance: message.Instance, Topic: line(message.Topic, nameLength), ID: line(message.ID, nameLength),
		Partition: message.Partition, Offset: message.Offset, Tag: line(message.Tag, nameLength),
		Size: message.Size, DeadLetterOf: line(message.DeadLetterGroup, nameLength),
	}
	if message.ID == "" {
		short.BrokerID = line(message.BrokerID, nameLength)
	}
	for _, key := range message.Keys[:min(3, len(message.Keys))] {
		short.Keys = append(short.Keys, line(key, nameLength))
	}
	switch {
	case message.Stored != nil:
		short.Time = message.Stored.ISO
	case message.Born != nil:
		short.Time = message.Born.ISO
	}
	return short
}

// preview is the beginning of a body, in one line.
func preview(body *trail.Body) string {
	switch {
	case body == nil:
		return ""
	case body.Encoding == trail.EncodingText:
		return line(body.Data, previewLength)
	default:
		return fmt.Sprintf("binary, %d bytes: %s", body.TotalBytes, line(body.Hex, 32))
	}
}

// goOn says how to get what comes next, before what else there is to say.
func goOn(cursor, rest string) string {
	if cursor == "" {
		return rest
	}
	return "There is more: call again with cursor = next_cursor and the same arguments. " + rest
}

// pointed is a place in a vendor's answer in one text.
func pointed(evidence []trail.Evidence) string {
	if len(evidence) == 0 {
		return ""
	}
	last := evidence[len(evidence)-1]
	return strings.TrimSuffix(last.Operation+"#"+last.Pointer, "#")
}

// Called is a call to make, in a summary.
type Called struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments,omitempty"`
	Why       string         `json:"why,omitempty"`
}

func calledOf(next []verdict.Next, limit int) []Called {
	var calls []Called
	for _, call := range next[:min(limit, len(next))] {
		calls = append(calls, Called{call.Tool, call.Arguments, line(call.Why, groupWhyLength)})
	}
	return calls
}

// lookedLine says in a sentence where it was looked; what failed is named.
func lookedLine(looked []Looked) string {
	connections := map[string]bool{}
	topics, instances := 0, 0
	var trouble []string
	for _, one := range looked {
		connections[one.Connection] = true
		topics += one.Topics
		if one.Instance != "" {
			instances++
		}
		if one.Outcome == Failed || one.Outcome == NotLooked {
			where := one.Connection
			if one.Instance != "" {
				where += "/" + one.Instance
			}
			trouble = append(trouble, where+" "+strings.ReplaceAll(string(one.Outcome), "_", " ")+": "+line(one.Detail, groupWhyLength))
		}
	}
	text := counted(len(connections), "connection") + ", " + counted(instances, "instance")
	if topics > 0 {
		text += ", " + counted(topics, "topic")
	}
	const most = 3
	if len(trouble) > most {
		trouble = append(trouble[:most], fmt.Sprintf("%d more troubles", len(trouble)-most))
	}
	if len(trouble) > 0 {
		text += "; " + strings.Join(trouble, "; ")
	}
	return text
}

// counted is a number of things: 1 topic, 2 topics.
func counted(number int, thing string) string {
	if number == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", number, thing)
}
