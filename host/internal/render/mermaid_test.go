package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// However much happened, a diagram stays a picture, and says how much of it was left out.
func TestMermaidStaysSmall(t *testing.T) {
	var events []model.Event
	var groups []verdict.Group
	for i := range 30 {
		name := fmt.Sprintf("group-%d", i)
		groups = append(groups, group(name, verdict.Retrying, verdict.Proven, 16, 0, 16))
		for attempt := range int64(16) {
			ms := 1000 + attempt*1000 + int64(i)
			events = append(events, delivered(name, attempt+1, ms), ended(name, attempt+1, ms+20, model.StageFailed, model.Failed, fmt.Sprint("ERROR-", attempt)))
		}
	}
	model.SortEvents(events)
	diagram := Mermaid(told(verdict.Retrying, verdict.Proven, "", life(groups, events...)))
	arrows := 0
	for line := range strings.SplitSeq(diagram, "\n") {
		if strings.Contains(line, "->>") || strings.Contains(line, "-x") || strings.Contains(line, "-)") {
			arrows++
		}
	}
	if arrows < mostArrows-2 || arrows > mostArrows {
		t.Errorf("%d arrows", arrows)
	}
	// 10 of the 30 groups have room, with 160 deliveries; 40 arrows are the sending, the storing and 19 deliveries.
	for _, want := range []string{"20 more groups and queues are not drawn", "141 more steps are left out here"} {
		if !strings.Contains(diagram, want) {
			t.Errorf("%q is not said:\n%s", want, diagram)
		}
	}
	if len(diagram) > 50_000 {
		t.Errorf("%d bytes; Mermaid reads 50,000", len(diagram))
	}
}
