package render

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file under testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// shanghai is a zone that needs no database of zones.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func traced80(t *testing.T, report *trail.TraceReport, options Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := Trace(&out, report, options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTrace(t *testing.T) {
	for _, story := range stories() {
		t.Run(story.name, func(t *testing.T) {
			golden(t, "trace/"+story.name+".golden", "-- text, 80 columns --\n"+traced80(t, story.report, Options{Width: 80, Zone: shanghai})+
				"\n-- ascii, 60 columns --\n"+traced80(t, story.report, Options{Width: 60, ASCII: true, Zone: shanghai})+
				"\n-- mermaid --\n"+Mermaid(story.report))
		})
	}
}

// Every verdict about a message has a story.
func TestStoriesShowEveryVerdict(t *testing.T) {
	shown := map[string]bool{}
	for _, story := range stories() {
		shown[string(story.report.Verdict.Verdict)] = true
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "verdict", "verdict.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	replication := []string{"NOT_SYNCING", "STALE", "TARGET_AHEAD", "REPLICATION_LAGGING", "REPLICATION_OK"}
	found := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Name" {
			return true
		}
		found++
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if !shown[name] && !slices.Contains(replication, name) {
			t.Errorf("no story shows %s", name)
		}
		return true
	})
	if found < 25 {
		t.Errorf("read %d verdicts of the source", found)
	}
}

// No line is wider than the terminal, and none holds anything that a reader does not see.
func TestTraceFits(t *testing.T) {
	for _, story := range stories() {
		for _, width := range []int{20, 40, 60, 72, 100, 132} {
			for _, ascii := range []bool{false, true} {
				checkFits(t, fmt.Sprintf("%s at %d", story.name, width), traced80(t, story.report, Options{Width: width, ASCII: ascii}), width, ascii)
			}
		}
	}
}

func checkFits(t *testing.T, what, out string, width int, ascii bool) {
	t.Helper()
	for line := range strings.SplitSeq(out, "\n") {
		if got := text.StringWidth(line); got > width {
			t.Errorf("%s: %d columns: %q", what, got, line)
		}
		for _, r := range line {
			if hidden(r) || ascii && r > 126 {
				t.Errorf("%s: %q in %q", what, r, line)
			}
		}
	}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Colour comes when asked, and says nothing that is not said without it.
func TestTraceInColour(t *testing.T) {
	for _, story := range stories() {
		plain := traced80(t, story.report, Options{Width: 80})
		coloured := traced80(t, story.report, Options{Width: 80, Color: true})
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s: colour that nobody asked for", story.name)
		}
		if !escapes.MatchString(coloured) {
			t.Errorf("%s: no colour", story.name)
		}
		if diff := cmp.Diff(plain, escapes.ReplaceAllString(coloured, "")); diff != "" {
			t.Errorf("%s: colour changes the text:\n%s", story.name, diff)
		}
	}
}

// What nobody knows looks like no success, in no lane and no table.
func TestUnknownIsNoSuccess(t *testing.T) {
	for _, outcome := range []model.Outcome{model.Unknown, "", "splendid"} {
		for _, stage := range []model.Stage{model.StageProduced, model.StageStored, model.StageConsumed, model.StageTxEnd, model.StageRecalled, "NEW"} {
			if got := moodOfStep(step{stage: stage, outcome: outcome}); got != unsure {
				t.Errorf("%s %q looks like %v", stage, outcome, got)
			}
		}
	}
	for _, outcome := range []model.Outcome{model.OK, model.Unknown} {
		if got := moodOfStep(step{stage: model.StageDelivered, outcome: outcome}); got != unsure {
			t.Errorf("a delivery without an end looks like %v", got)
		}
	}
	for _, v := range []verdict.Verdict{
		{Verdict: verdict.Unknown, Confidence: verdict.Proven}, {Verdict: "NEW", Confidence: verdict.Proven}, {},
		{Verdict: verdict.Consumed, Confidence: verdict.Inferred}, {Verdict: verdict.Consumed, Confidence: verdict.Unproven},
		{Verdict: verdict.OffsetPassed, Confidence: verdict.Inferred}, {Verdict: verdict.ReplicationOK, Confidence: verdict.Unproven},
	} {
		if got := moodOf(v); got != unsure {
			t.Errorf("%s (%s) looks like %v", v.Verdict, v.Confidence, got)
		}
	}
}

func TestOffset(t *testing.T) {
	for _, test := range []struct {
		from, at *model.Time
		want     string
	}{
		{at(0), at(0), "+0ms"},
		{at(0), at(120), "+120ms"},
		{at(0), at(1_200), "+1.2s"},
		{at(0), at(2_000), "+2s"},
		{at(0), at(125_000), "+2m05s"},
		{at(0), at(3_720_000), "+1h02m"},
		{at(0), at(183_600_000), "+2d03h"},
		{at(0), at(-1_300), "-1.3s"},
		{at(0), local(1_900, model.ZoneAssumed), "+1s"},
		{at(0), local(300, model.ZoneAssumed), "+0s"},
		{at(0), nil, "unknown"},
		{nil, at(0), "unknown"},
	} {
		if got := offset(test.from, test.at); got != test.want {
			t.Errorf("offset(%v, %v) = %q, want %q", test.from, test.at, got, test.want)
		}
	}
}
