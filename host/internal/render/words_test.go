package render

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// Every verdict of a story stands beside its meaning in plain words.
func TestVerdictsHaveMeanings(t *testing.T) {
	for _, story := range stories() {
		name := story.report.Verdict.Verdict
		first, _, _ := strings.Cut(traced80(t, story.report, Options{}), "\n")
		want := fmt.Sprintf("%s — %s (%s)", name, meanings[name], story.report.Verdict.Confidence)
		if meanings[name] == "" || !strings.HasSuffix(first, want) {
			t.Errorf("%s: %q does not end in %q", story.name, first, want)
		}
	}
}

// repeating is Kafka's: what vendor and verdicts say is the same of all groups, of the message and of the search.
func repeating() *trail.TraceReport {
	const missing, note, passed = "There are no traces to tell.", "The vendor reads at most 10,000 messages.", "Its next offset is past the message."
	report := offsetPassed()
	made := &report.Lives[0]
	made.Notes, report.Notes, report.Looked[0].Detail = []string{note}, []string{note}, note
	made.Result.Groups = nil
	for _, name := range []string{"audit", "billing", "mailer"} {
		one := group(name, verdict.OffsetPassed, verdict.Inferred, 0, 0, 0)
		one.Why, one.Missing = passed, []string{missing}
		made.Result.Groups = append(made.Result.Groups, one)
	}
	made.Result.Why, made.Result.Missing = "None of 3 shows a success. audit: "+passed, []string{missing}
	report.Verdict = made.Result.Verdict
	return report
}

// What is the same of several groups is said once, with their names; a group that the headline speaks of is not
// explained again, and no lane is empty where there is no trace.
func TestTraceSaysThingsOnce(t *testing.T) {
	out := traced80(t, repeating(), Options{})
	for sentence, want := range map[string]int{
		"There are no traces to tell.":                                1,
		"  - audit, billing, mailer: There are no traces to tell.\n":  1,
		"Its next offset is past the message.":                        2,
		"  - billing, mailer: Its next offset is past the message.\n": 1,
		"The vendor reads at most 10,000 messages.":                   1,
		"inferred: it follows from what the vendor told":              1,
		"no event is known":                                           0,
		"broker":                                                      0,
		"  born        2026-11-22 02:42:11.123 +00:00\n":              1,
	} {
		if got := strings.Count(out, sentence); got != want {
			t.Errorf("%q is there %d times, want %d:\n%s", sentence, got, want, out)
		}
	}
}

// Of several messages one is shown whole, the worst; the others are a row each, with the command that shows them.
func TestTraceOfSeveral(t *testing.T) {
	report := several()
	report.Lives = []trail.Life{report.Lives[1], report.Lives[0]} // the worst comes second
	report.Lives[0].Message = &model.Message{Topic: "it's; rm", Instance: "i-1", Partition: ptr(int64(3)), Offset: ptr(int64(7))}
	report.Query.Since = "2 days"
	out := traced80(t, report, Options{})
	for _, want := range []string{
		"(number 2 is shown below)", "Message 2 of 2\n",
		`  mqtrail trace 3:7 --connection prod-hz --instance i-1 --topic 'it'\''s; rm' --since '2 days' --sandbox` + "\n",
	} {
		if strings.Count(out, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, out)
		}
	}
	if strings.Contains(out, "COPY-1") {
		t.Errorf("the other message is shown, too:\n%s", out)
	}
}

func TestCommand(t *testing.T) {
	for _, test := range []struct {
		tool      string
		arguments map[string]any
		sandbox   bool
		want      string
	}{
		{"consumer_lag", map[string]any{"group": "billing", "connection": "hz", "instance": "i", "topic": "t"}, false, "mqtrail lag billing --connection hz --instance i --topic t"},
		{"find_messages", map[string]any{"dead_letters_of": "billing", "limit": 20, "message_id": "A"}, true, "mqtrail find --dead-letters-of billing --limit 20 --id A --sandbox"},
		{"list_resources", map[string]any{"kind": "topic"}, false, "mqtrail list topics"},
		{"decode_message_id", map[string]any{"id": "AB"}, true, "mqtrail id AB"},
		{"acme_get_stack", map[string]any{"connection": "hz", "groupId": "a b"}, false, "mqtrail call acme_get_stack --connection hz 'groupId=a b'"},
		{"trace_message", map[string]any{"message": "$(x)", "as": "key"}, false, "mqtrail trace '$(x)' --as key"},
	} {
		p := &paper{sandbox: test.sandbox}
		if diff := cmp.Diff(test.want, p.command(verdict.Next{Tool: test.tool, Arguments: test.arguments})); diff != "" {
			t.Error(diff)
		}
	}
}

// A shell takes a word that strangers wrote for that word, whatever it holds.
func TestQuoted(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Logf("there is no shell here: %v", err)
		return
	}
	for _, word := range append(slices.Clone(hostileNames), "", "plain-word_1.2:3", "a'b\"c", "$HOME `id` $(id)", "*", "~", "-o") {
		out, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+quoted(word)).Output()
		if err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		if diff := cmp.Diff(word, string(out)); diff != "" {
			t.Error(diff)
		}
	}
}

// However columns give way, a table fits, keeps what is not said to be left out, and the rest stays in its row.
func TestGridFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := []string{"id", "name", "note"}
		rows := [][]string{}
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			rows = append(rows, rapid.SliceOfN(rapid.StringMatching(`[a-z库]{1,40}`), 3, 3).Draw(t, "row"))
		}
		width := rapid.IntRange(20, 130).Draw(t, "width")
		p := &paper{Options: Options{Width: width}}
		left := p.grid(columns, rows, give{column: "id", least: 8}, give{column: "note"}, give{column: "name", least: 6, end: true})
		if p.err != nil {
			t.Fatal(p.err)
		}
		for line := range strings.Lines(p.out.String()) {
			if got := text.StringWidth(strings.TrimSuffix(line, "\n")); got > width {
				t.Fatalf("%d columns of %d: %q", got, width, line)
			}
		}
		for _, column := range columns {
			if there := strings.Contains(strings.ToLower(p.out.String()), column); !there && !slices.Contains(left, column) {
				t.Fatalf("%s is left out in silence:\n%s", column, p.out.String())
			}
		}
	})
}

// Ids that would look alike when clipped are not clipped.
func TestGridTellsIdsApart(t *testing.T) {
	p := &paper{Options: Options{Width: 60}}
	p.grid([]string{"id", "name"}, [][]string{{strings.Repeat("a", 30) + "1" + strings.Repeat("b", 30), "x"}, {strings.Repeat("a", 30) + "2" + strings.Repeat("b", 30), "y"}}, give{column: "id", least: 11})
	if out := p.out.String(); strings.Contains(out, "…") || strings.Count(out, "1") != 1 || strings.Count(out, "2") != 1 {
		t.Errorf("which is which?\n%s", out)
	}
}

func TestClipMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := Shown(rapid.String().Draw(t, "line"))
		columns := rapid.IntRange(5, 40).Draw(t, "columns")
		for _, options := range []Options{{}, {ASCII: true}} {
			got := options.clipMiddle(line, columns)
			if text.StringWidth(line) <= columns {
				if got != line {
					t.Fatalf("%q became %q", line, got)
				}
				continue
			}
			if text.StringWidth(got) > columns || !clipOf(got, line, options.marks().more) {
				t.Fatalf("%q became %q in %d columns", line, got, columns)
			}
		}
	})
}

// clipOf reports whether a text is a beginning and an end of another, with a mark between. The text may hold the mark, too.
func clipOf(clipped, line, mark string) bool {
	for at := range clipped {
		tail, found := strings.CutPrefix(clipped[at:], mark)
		if found && strings.HasPrefix(line, clipped[:at]) && strings.HasSuffix(line, tail) {
			return true
		}
	}
	return false
}
