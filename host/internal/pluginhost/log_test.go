//go:build unix

package pluginhost

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

func TestLinesOfAPlugin(t *testing.T) {
	b := newBench(t, nil, "good")
	plugin := b.plugin("good")
	mustCall(t, plugin, "write", fields{
		"lines": []string{
			`{"@message":1}`,
			`{"level":"warn","message":"slow","took":12345678901234567890,"by":{"host":"swordfish"},"time":"then","plugin":"forged"}`,
			`{"level":"error","error":"no route","message":"lost"}`,
			"plain \x1b[31mred\x1b[0m swordfish",
		},
		"long": 1 << 20, "logged": "from the logger", "stdout": "to stdout\n", "stderr": "to stderr\nand no end",
	})
	for _, text := range []string{"@message", "from the logger", "to stdout", "to stderr", "bytes more were dropped"} {
		eventually(t, text, func() bool { return b.log.find(t, text) != nil })
	}
	for text, want := range map[string]map[string]any{
		"slow":            {"level": "warn", "plugin": "good", "message": "slow", "took": json.Number("12345678901234567890"), "by": map[string]any{"host": "[secret]"}},
		"lost":            {"level": "error", "plugin": "good", "message": "lost", "error": "no route"},
		"plain":           {"level": "info", "plugin": "good", "message": "plain [31mred[0m [secret]", "stream": "stderr"},
		"@message":        {"level": "info", "plugin": "good", "message": `{"@message":1}`, "stream": "stderr"},
		"to stdout":       {"level": "info", "plugin": "good", "message": "to stdout", "stream": "stdout"},
		"to stderr":       {"level": "info", "plugin": "good", "message": "to stderr", "stream": "stderr"},
		"from the logger": {"level": "warn", "plugin": "good", "message": "from the logger", "request_id": "r1", "big": json.Number("9007199254740993"), "password": "[secret]"},
	} {
		if diff := cmp.Diff(want, b.log.find(t, text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	message, _ := b.log.find(t, "bytes more were dropped")["message"].(string)
	if !strings.HasPrefix(message, "xxxx") || len(message) > maxLine+100 || !strings.Contains(message, "1040384 bytes") {
		t.Errorf("the long line became %d bytes: …%s", len(message), message[max(0, len(message)-60):])
	}
	if n := strings.Count(b.log.String(), "xxxx") - strings.Count(message, "xxxx"); n != 0 {
		t.Error("the long line was split")
	}
	mustCall(t, plugin, "echo", nil)
	b.close()
	if b.log.find(t, "and no end") == nil {
		t.Error("the last line, which had no end, was lost")
	}
}

func TestFieldsAreBounded(t *testing.T) {
	var log bytes.Buffer
	many := map[string]any{"level": "info", "message": "many"}
	for _, a := range "abcdefgh" {
		for _, b := range "abcdefgh" {
			many[string(a)+string(b)] = 1
		}
	}
	line, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	record := &recorder{logger: zerolog.New(&log), redact: func(s string) string { return s }, tail: &tail{}}
	record.line(line, 0)
	var got map[string]any
	if err := json.Unmarshal(log.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != maxFields+3 || got["fields_dropped"] != float64(64-maxFields) {
		t.Errorf("%d fields: %v", len(got), got)
	}
}

// Whatever a plugin writes, each line comes out once, whole JSON, and bounded.
func FuzzLines(f *testing.F) {
	f.Add([]byte("{\"level\":\"warn\",\"message\":\"m\",\"a\":[1,{\"b\":null}]}\n"), 3)
	f.Add([]byte("{\"@message\":1}\r\n\n\n{\"level\":\"fatal\"}\n{\"level\":7,\"message\":{}}"), 1)
	f.Add([]byte("{\"level\":\"panic\",\"message\":\"\x00\xff\"}\nplain\n"), 100)
	f.Add(bytes.Repeat([]byte("long "), 4000), 4096)
	f.Add([]byte("{\"level\":\"disabled\"}\n{\"level\":\"\"}\n{\"level\":\"info\",\"\":1,\"message\":\"\"}\n"), 7)
	f.Fuzz(func(t *testing.T, output []byte, step int) {
		var log bytes.Buffer
		redact := func(text string) string { return strings.ReplaceAll(text, "a", `"`) }
		record := &recorder{logger: zerolog.New(&log), redact: redact, tail: &tail{}}
		written := &lines{emit: record.line}
		step = max(1, min(step, 1<<16))
		for rest := output; len(rest) > 0; {
			n := min(step, len(rest))
			if _, err := written.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		written.flush()
		want := 0
		for line := range bytes.SplitSeq(output, []byte("\n")) {
			if len(bytes.TrimRight(line, "\r")) > 0 {
				want++
			}
		}
		if got := bytes.Count(log.Bytes(), []byte("\n")); got != want {
			t.Fatalf("%d lines became %d", want, got)
		}
		for line := range bytes.Lines(log.Bytes()) {
			if !json.Valid(line) {
				t.Fatalf("a broken line: %q", line)
			}
		}
		if len(record.tail.String()) > (tailLines+2)*(tailWidth+10)+100 {
			t.Fatalf("the tail has %d bytes", len(record.tail.String()))
		}
	})
}

func TestTailKeepsTheHeadline(t *testing.T) {
	last := &tail{}
	last.add("panic: the cause")
	for range 3 * tailLines {
		last.add("a line of the trace")
	}
	if text := last.String(); !strings.Contains(text, "panic: the cause") || strings.Count(text, "\n") > tailShown+2 {
		t.Errorf("tail: %s", text)
	}
}
