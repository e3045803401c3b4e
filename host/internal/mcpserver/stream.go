package mcpserver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// writeTime bounds how long one message may take on its way to a client.
const writeTime = time.Minute

// stream is the answer to one request over HTTP: one message, or, once there is something to say before it, a stream of
// events. mcp-go loses a part of the notifications that it is given, and sends others after the answer or with that of
// another call; so ours are written here, at once, and mcp-go's answer becomes an event behind them.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController

	mutex  sync.Mutex
	header http.Header // as mcp-go wants it
	status int
	answer []byte
	// events: the client gets a stream of events. theirs: mcp-go knows, and writes events itself.
	events, theirs bool
	ended          bool
}

func newStream(w http.ResponseWriter) *stream {
	return &stream{to: w, control: http.NewResponseController(w), header: http.Header{}}
}

// Header is for mcp-go alone: it is not the one that is sent, which other goroutines may be at.
func (s *stream) Header() http.Header { return s.header }

// CanStream says that what is written can get out at once.
func (s *stream) CanStream() bool { return true }

// WriteHeader keeps the status until the answer is there, or begins the events that mcp-go is about to write.
func (s *stream) WriteHeader(status int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.status = status
	if strings.HasPrefix(s.header.Get("Content-Type"), "text/event-stream") {
		s.theirs = true
		s.begin()
	}
}

// Write takes the answer, or an event. The answer waits for the end: mcp-go registers a new session after it has
// answered, and a quick client would come too early.
func (s *stream) Write(piece []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.theirs {
		s.answer = append(s.answer, piece...)
		return len(piece), nil
	}
	return s.write(piece)
}

// Flush sends what was written.
func (s *stream) Flush() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.flush()
}

// notify writes a notification at once.
func (s *stream) notify(method string, params any) {
	message, err := json.Marshal(notification{mcp.JSONRPC_VERSION, method, params})
	if err != nil {
		return // a number that JSON does not know; the call itself goes on
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ended {
		return
	}
	s.begin()
	s.event(message)
}

// end sends the answer. Nothing is written afterwards.
func (s *stream) end() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.ended = true
	switch {
	case s.theirs:
	case s.events && len(s.answer) > 0:
		s.event(bytes.TrimSpace(s.answer))
	case s.events:
	case s.status == 0: // mcp-go answers nothing when the call's time is over
		(&refusal{http.StatusServiceUnavailable, "the call was given up before it was answered; the server is ending."}).write(s.to)
	default:
		for name, values := range s.header {
			s.to.Header()[name] = values
		}
		s.to.WriteHeader(s.status)
		_, _ = s.write(s.answer) // a client that is gone
	}
}

func (s *stream) begin() {
	if s.events {
		return
	}
	s.events = true
	s.to.Header().Set("Content-Type", "text/event-stream")
	s.to.Header().Set("Cache-Control", "no-cache")
	s.to.Header().Set("X-Accel-Buffering", "no") // proxies would hold events back
	s.to.WriteHeader(http.StatusOK)
}

func (s *stream) event(message []byte) {
	_, err := s.write(append(append([]byte("event: message\ndata: "), message...), "\n\n"...))
	if err == nil {
		s.flush()
	}
}

func (s *stream) write(piece []byte) (int, error) {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return 0, err
	}
	return s.to.Write(piece)
}

func (s *stream) flush() {
	if s.events && !s.ended {
		_ = s.control.Flush() // a client that is gone
	}
}
