package pluginhost

import (
	"bytes"
	"sync"
)

// maxLine is how much of one line of a plugin's output is kept, in bytes.
const maxLine = 8 << 10

// sink takes a plugin's output to the host's log, line by line, and remembers the last lines for errors.
// There are two ways out of a plugin: the pipes that it is born with, and the ones that go-plugin puts in the
// place of os.Stdout and os.Stderr once it serves.
type sink struct {
	stdout, stderr           *lines
	laterStdout, laterStderr *lines
	tail                     *tail
}

func newSink(p *Plugin) *sink {
	s := &sink{tail: &tail{}}
	record := &recorder{logger: p.logger, redact: p.host.options.Redact, tail: s.tail}
	onStdout := &lines{emit: func(line []byte, dropped int) { record.text("stdout", line, dropped) }}
	onStderr := &lines{emit: record.line}
	laterOut := &lines{emit: onStdout.emit}
	laterErr := &lines{emit: record.line}
	s.stdout, s.stderr, s.laterStdout, s.laterStderr = onStdout, onStderr, laterOut, laterErr
	return s
}

// flush ends lines that were begun.
func (s *sink) flush() {
	for _, l := range []*lines{s.stdout, s.stderr, s.laterStdout, s.laterStderr} {
		l.flush()
	}
}

// lines cuts a stream into lines. A line that is too long loses its end, not its shape: what is left is passed on
// as one line, with the number of bytes dropped.
type lines struct {
	emit func(line []byte, dropped int)

	mutex   sync.Mutex
	line    []byte
	dropped int
}

func (l *lines) Write(data []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	rest := data
	for {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			l.keep(rest)
			return len(data), nil
		}
		l.keep(rest[:end])
		l.end()
		rest = rest[end+1:]
	}
}

func (l *lines) keep(piece []byte) {
	room := min(len(piece), maxLine-len(l.line))
	l.line = append(l.line, piece[:room]...)
	l.dropped += len(piece) - room
}

func (l *lines) end() {
	if line := bytes.TrimRight(l.line, "\r"); len(line) > 0 || l.dropped > 0 {
		l.emit(line, l.dropped)
	}
	l.line, l.dropped = l.line[:0], 0
}

func (l *lines) flush() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.end()
}
