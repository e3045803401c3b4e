package trail

import (
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// EventLine is one step in a summary, or a sentence for several that were alike.
type EventLine struct {
	Time       string `json:"time,omitempty"`
	Stage      string `json:"stage,omitempty"`
	Group      string `json:"group,omitempty"`
	Client     string `json:"client,omitempty"`
	Outcome    string `json:"outcome,omitempty"`
	Attempt    int64  `json:"attempt,omitempty"`
	DurationMS *int64 `json:"duration_ms,omitempty"`
	Raw        string `json:"raw,omitempty"`
	// More stands for attempts that went like the one before: "13 more, attempts 2 to 14, until …".
	More string `json:"more,omitempty"`
}

// maxEvents is the most lines of one life.
const maxEvents = 80

// attempt is one delivery to one group.
type attempt struct {
	group  string
	number int64
}

// run is a row of attempts of one group that went alike.
type run struct {
	first, last attempt
	hidden      int64
	until       string
	told        bool
}

// eventLines tells events in their order. Of attempts of one group that went alike, the first and the last are told.
func eventLines(events []trail.Event) []EventLine {
	runs := alike(events)
	var told []EventLine
	for _, event := range events {
		run := runs[attempt{event.Actor.Group, event.Attempt}]
		switch {
		case run == nil || event.Attempt == 0:
			told = append(told, eventLine(event))
		case !run.told:
			run.told = true
			told = append(told, EventLine{Group: line(event.Actor.Group, nameLength), More: run.text()})
		}
	}
	if more := len(told) - maxEvents; more > 0 {
		told = append(told[:maxEvents], EventLine{More: fmt.Sprintf("%d more steps; detail=raw has all", more)})
	}
	return told
}

func (r *run) text() string {
	text := fmt.Sprintf("%d more like that, attempts %d to %d", r.hidden, r.first.number, r.last.number)
	if r.until != "" {
		text += ", until " + r.until
	}
	return text
}

// alike are the attempts that need not be told, each with the run that it is in.
func alike(events []trail.Event) map[attempt]*run {
	shapes := map[attempt]*strings.Builder{}
	until := map[attempt]string{}
	order := map[string][]attempt{}
	for _, event := range events {
		if event.Attempt == 0 {
			continue
		}
		key := attempt{event.Actor.Group, event.Attempt}
		if shapes[key] == nil {
			shapes[key] = &strings.Builder{}
			order[key.group] = append(order[key.group], key)
		}
		fmt.Fprintf(shapes[key], "%s %s %s\n", event.Stage, event.Outcome, event.Raw)
		if event.Time != nil {
			until[key] = event.Time.ISO
		}
	}
	hidden := map[attempt]*run{}
	for _, attempts := range order {
		for from := 0; from < len(attempts); {
			to := from + 1
			for to < len(attempts) && shapes[attempts[to]].String() == shapes[attempts[from]].String() {
				to++
			}
			hide(hidden, attempts[from:to], until)
			from = to
		}
	}
	return hidden
}

// hide leaves the first and the last of attempts that went alike, if that saves anything.
func hide(hidden map[attempt]*run, same []attempt, until map[attempt]string) {
	if len(same) < 4 {
		return
	}
	inner := same[1 : len(same)-1]
	run := &run{first: inner[0], last: inner[len(inner)-1], hidden: int64(len(inner))}
	run.until = until[run.last]
	for _, each := range inner {
		hidden[each] = run
	}
}

func eventLine(event trail.Event) EventLine {
	told := EventLine{
		Stage: string(event.Stage), Group: line(event.Actor.Group, nameLength), Client: line(event.Actor.Client, nameLength),
		Outcome: string(event.Outcome), Attempt: event.Attempt, DurationMS: event.DurationMS,
	}
	if event.Time != nil {
		told.Time = event.Time.ISO
	}
	if event.Outcome != trail.OK {
		told.Raw = line(event.Raw, groupWhyLength)
	}
	return told
}
