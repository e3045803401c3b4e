package pluginhost

import (
	"strings"
	"sync"
)

const (
	tailLines = 20  // lines remembered
	tailShown = 12  // lines put into an error
	tailWidth = 300 // bytes of each
)

// tail remembers a plugin's last lines, and the line that names a crash's cause though a long trace follows it.
type tail struct {
	mutex    sync.Mutex
	lines    []string
	headline string
}

func (t *tail) add(line string) {
	line = cut(line, tailWidth)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
		t.headline = line
	}
	if len(t.lines) == tailLines {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
}

// String is what an error says of the last lines; empty when there were none.
func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.lines) == 0 {
		return ""
	}
	shown := t.lines[max(0, len(t.lines)-tailShown):]
	text := " Its last lines:"
	if t.headline != "" && !strings.Contains(strings.Join(shown, "\n"), t.headline) {
		text += "\n  " + t.headline + "\n  …"
	}
	return text + "\n  " + strings.Join(shown, "\n  ")
}

// cut shortens a text to width bytes, at a character's border.
func cut(text string, width int) string {
	if len(text) <= width {
		return text
	}
	return strings.ToValidUTF8(text[:width], "") + "…"
}
