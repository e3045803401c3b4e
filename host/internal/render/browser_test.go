//go:build browser

package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

// The page in its two lives and the diagrams, in a real browser: as an MCP App inside the official reference host, as a
// file, and as Mermaid draws them.
func TestBrowser(t *testing.T) {
	program := chromium(t)
	dir := filepath.Join("testdata", "browser")
	built.NodeModules(t, dir)
	made := t.TempDir()
	writeStories(t, made)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "node", "test.mjs", program, made)
	command.Dir = dir
	var log bytes.Buffer
	command.Stderr = &log
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node test.mjs: %v\n%s%s", err, out, log.String())
	}
	var got []string
	for line := range bytes.Lines(out) {
		var passed struct {
			Check string `json:"check"`
		}
		if err := json.Unmarshal(line, &passed); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		got = append(got, passed.Check)
	}
	want := []string{
		"handshake", "tool input", "tool result", "hostile names stay text", "size changed", "theme switch", "time zone and locale",
		"the whole report is taken from _meta", "only the host is heard", "errors and cancellation", "teardown", "nothing went wrong in the host",
		"every story", "unknown is no success", "keyboard", "a table of every event", "light, dark, still and printed", "the policy holds",
		"alone without a report", "mermaid, strict", "mermaid, loose",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
}

// shownStory is a story with what a reader should find in its views.
type shownStory struct {
	Name    string             `json:"name"`
	Report  *trail.TraceReport `json:"report"`
	Mermaid string             `json:"mermaid"`
	// Lanes of all pictures together; Names of the groups in order; Texts that the page shows, Once those that it shows
	// once while all is folded; Labels and Arrows of the diagram.
	Lanes  int      `json:"lanes"`
	Names  []string `json:"names"`
	Texts  []string `json:"texts"`
	Once   []string `json:"once"`
	Labels []string `json:"labels"`
	Arrows int      `json:"arrows"`
}

func writeStories(t *testing.T, dir string) {
	t.Helper()
	var all []shownStory
	for _, story := range stories() {
		html, err := HTML(story.report)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, story.name+".html"), html)
		shown := shownStory{Name: story.name, Report: story.report, Mermaid: Mermaid(story.report), Names: []string{}, Labels: []string{}, Texts: []string{}, Once: []string{}}
		shown.Once = append(shown.Once, Shown(story.report.Verdict.Why))
		for _, sentence := range story.report.Verdict.Missing {
			shown.Once = append(shown.Once, Shown(sentence))
		}
		for i := range story.report.Lives {
			life := &story.report.Lives[i]
			shown.Lanes += len(tracedLanes(life))
			for _, group := range groupsOf(life) {
				shown.Names = append(shown.Names, Shown(group.Group))
				shown.Texts = append(shown.Texts, string(group.Verdict.Verdict))
			}
			if life.Message != nil {
				shown.Texts = append(shown.Texts, Shown(idOf(life.Message)), Shown(life.Message.Topic))
			}
			shown.Texts = append(shown.Texts, Shown(life.Connection))
		}
		if life := headlined(story.report); life != nil {
			for _, group := range life.Result.Groups {
				shown.Labels = append(shown.Labels, "group "+Shown(group.Group)+" — "+string(group.Verdict.Verdict))
			}
		}
		if fromSandbox(story.report.Looked) {
			shown.Texts, shown.Labels = append(shown.Texts, sandboxNote), append(shown.Labels, sandboxNote)
		}
		for line := range strings.SplitSeq(shown.Mermaid, "\n") {
			if strings.Contains(line, "->>") || strings.Contains(line, "-x") || strings.Contains(line, "-)") {
				shown.Arrows++
			}
		}
		all = append(all, shown)
	}
	encoded, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "stories.json"), encoded)
	writeFile(t, filepath.Join(dir, "app.html"), App())
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		found, err := exec.LookPath(name)
		if err == nil {
			return found
		}
		if !errors.Is(err, exec.ErrNotFound) {
			t.Fatal(err)
		}
	}
	t.Fatal("no Chromium is installed: these tests need Debian's package chromium")
	return ""
}
