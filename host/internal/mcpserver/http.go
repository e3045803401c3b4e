package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"
)

// The bounds of HTTP.
const (
	headerTime = 10 * time.Second // for a request's header to come
	bodyTime   = 30 * time.Second // for its body
	idleTime   = 2 * time.Minute  // between two requests of a connection
	maxHeader  = 64 << 10         // bytes
	// lastWords is how long calls have to end after they were given up.
	lastWords = 2 * time.Second
)

// bounds are those that tests cannot reach.
type bounds struct {
	requests int           // at once
	sessions int           // at once
	idle     time.Duration // after which a session ends
}

var usual = bounds{requests: 256, sessions: 1000, idle: 12 * time.Hour}

// ServeHTTP serves any number of clients until ctx ends, which is a clean end: nil. Calls in flight then have a few
// seconds to finish before they are given up. It closes the endpoint.
func (s *Server) ServeHTTP(ctx context.Context, endpoint *Endpoint) error {
	calls, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	front := s.newFront(endpoint.guard, usual)
	defer front.close()
	web := &http.Server{
		Handler: front, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return calls },
		ErrorLog:    s.standardLog(),
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(endpoint.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving %s: %w", endpoint.URL(), err)
	case <-ctx.Done():
	}
	if shutdown(web, patience) != nil {
		giveUp()
		if shutdown(web, lastWords) != nil {
			_ = web.Close() // what is left does not listen
		}
	}
	return nil
}

// shutdown waits for the requests in flight, no new ones are taken.
func shutdown(web *http.Server, atMost time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	return web.Shutdown(ctx)
}

func (s *Server) standardLog() *log.Logger {
	return slog.NewLogLogger(zerolog.NewSlogHandler(s.logger), slog.LevelWarn)
}

// front is what stands before mcp-go's HTTP.
type front struct {
	guard    *guard
	sessions *sessions
	slots    chan struct{} // one for each request in flight
	protocol *server.StreamableHTTPServer
}

func (s *Server) newFront(guard *guard, bounds bounds) *front {
	f := &front{
		guard: guard, slots: make(chan struct{}, bounds.requests),
		sessions: &sessions{most: bounds.sessions, used: map[string]uint64{}},
	}
	f.sessions.forget = f.forget
	f.protocol = server.NewStreamableHTTPServer(s.protocol,
		server.WithSessionIdManager(f.sessions),
		server.WithSessionIdleTTL(bounds.idle),
		// All that the server says belongs to a call, and goes out with that. On a stream besides, mcp-go would send a part of it.
		server.WithDisableStreaming(true),
		server.WithStreamableHTTPLogger(slog.New(quiet{zerolog.NewSlogHandler(s.logger)})),
	)
	return f
}

func (f *front) close() { _ = f.protocol.Shutdown(context.Background()) } // it has no server of its own to wait for

// forget frees what mcp-go keeps of a session; ending it is the one way that it has.
func (f *front) forget(id string) {
	f.protocol.Handle(newStream(nowhere{}), &server.HTTPRequest{
		Method: http.MethodDelete, Header: http.Header{server.HeaderKeySessionID: {id}}, Context: context.Background(),
	})
}

// nowhere is where an answer goes that nobody waits for.
type nowhere struct{}

func (nowhere) Header() http.Header             { return http.Header{} }
func (nowhere) Write(piece []byte) (int, error) { return len(piece), nil }
func (nowhere) WriteHeader(int)                 {}

// ServeHTTP answers one request.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // that of the connection's last answer; a connection that is gone has none
	if refused := f.guard.check(r); refused != nil {
		refused.write(w)
		return
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		(&refusal{http.StatusServiceUnavailable, "too many requests are in flight; try again."}).write(w)
		return
	}
	body, refused := read(w, r, control)
	if refused == nil {
		refused = f.expected(r, body)
	}
	if refused != nil {
		refused.write(w)
		return
	}
	header := r.Header.Clone()
	header.Del("Authorization") // for nobody further in
	answer := newStream(w)
	f.protocol.Handle(answer, &server.HTTPRequest{
		Method: r.Method, URL: r.URL, Header: header, Body: body, Context: context.WithValue(r.Context(), outputKey{}, answer),
	})
	answer.end()
}

// read reads the body of a request.
func read(w http.ResponseWriter, r *http.Request, control *http.ResponseController) ([]byte, *refusal) {
	_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // of a connection that is gone, reading says so
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLine))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the message is longer than %d bytes and was not read.", maxLine)}
	case err != nil:
		return nil, &refusal{http.StatusBadRequest, "the message could not be read: " + err.Error()}
	}
	_ = control.SetReadDeadline(time.Time{}) // the call may last longer, and the connection is watched meanwhile
	return body, nil
}

// expected holds a request to its session, where its revision has them.
func (f *front) expected(r *http.Request, body []byte) *refusal {
	var message struct {
		Method mcp.MCPMethod `json:"method"`
		Params struct {
			Meta *mcp.Meta `json:"_meta"`
		} `json:"params"`
	}
	if r.Method == http.MethodPost && json.Unmarshal(body, &message) != nil {
		return nil // mcp-go says what it is
	}
	if mcp.IsModernProtocol(r.Header.Get(mcp.HeaderProtocolVersion)) || mcp.IsModernProtocol(message.Params.Meta.ProtocolVersion()) {
		if message.Method == mcp.MethodNotificationCancelled {
			// Without a session, mcp-go would cancel whichever client's request has the id. These clients cancel by closing
			// the request itself.
			return &refusal{status: http.StatusAccepted}
		}
		return nil
	}
	if message.Method == mcp.MethodInitialize {
		return nil
	}
	id := r.Header.Get(server.HeaderKeySessionID)
	if id == "" {
		return &refusal{http.StatusBadRequest, "the header " + server.HeaderKeySessionID + " is missing: begin with initialize, whose answer has it, and send it with every request."}
	}
	if _, err := f.sessions.Validate(id); err != nil {
		return &refusal{http.StatusNotFound, "the session has ended, or never was; begin with initialize."}
	}
	return nil
}
