package render

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/trail"
)

var reportElement = regexp.MustCompile(`(?s)<script type="application/json" id="report">(.*?)</script>`)

// The report in the page is the report, whatever it holds, and ends where it should.
func TestHTMLHoldsTheReport(t *testing.T) {
	for _, story := range stories() {
		story.report.Notes = append(story.report.Notes, "{{script}} {{report}} <!-- <script> \u2028")
		html, err := HTML(story.report)
		if err != nil {
			t.Fatal(err)
		}
		found := reportElement.FindSubmatch(html)
		if found == nil {
			t.Fatalf("%s: no report", story.name)
		}
		if bytes.ContainsAny(found[1], "<>&") {
			t.Errorf("%s: a character that a reader of HTML knows", story.name)
		}
		var got trail.TraceReport
		if err := json.Unmarshal(found[1], &got); err != nil {
			t.Fatal(err)
		}
		again, err := HTML(&got)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(html), string(again)); diff != "" {
			t.Errorf("%s: %s", story.name, diff)
		}
		if story.name == "hostile" {
			var indented bytes.Buffer
			if err := json.Indent(&indented, found[1], "", " "); err != nil {
				t.Fatal(err)
			}
			golden(t, "html/hostile.json", indented.String()+"\n")
		}
	}
}

// The page is small, needs nothing from elsewhere, and never makes markup of text.
func TestApp(t *testing.T) {
	app := string(App())
	if len(app) > 44_000 {
		t.Errorf("%d bytes", len(app))
	}
	if !strings.Contains(app, `id="report">null</script>`) {
		t.Error("the app holds a report")
	}
	for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "{{"} {
		if strings.Contains(app, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	for _, address := range regexp.MustCompile(`https?://[^"' )]+`).FindAllString(app, -1) {
		if address != "http://www.w3.org/2000/svg" { // the name of SVG; nobody goes there
			t.Errorf("the page names %s", address)
		}
	}
	for _, rule := range []string{"default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(app, rule) {
			t.Errorf("the policy lacks %s", rule)
		}
	}
	if strings.Contains(app, "unsafe-inline") {
		t.Error("the policy allows any script")
	}
}
