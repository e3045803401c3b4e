package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"google.golang.org/grpc"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// server answers the host for one plugin.
type server[C, T any] struct {
	protocol.UnimplementedPluginServer
	plugin Plugin[C, T]
	logger zerolog.Logger

	describing sync.Mutex // one at a time, which bounds what it takes

	indexOnce sync.Once
	index     map[string]Operation[T]

	sandboxOnce     sync.Once
	sandboxSettings C
	sandboxErr      error

	mutex       sync.Mutex
	connections map[string]*connection[T]
}

func newServer[C, T any](plugin Plugin[C, T], logger zerolog.Logger) *server[C, T] {
	return &server[C, T]{plugin: plugin, logger: logger, connections: map[string]*connection[T]{}}
}

type connection[T any] struct {
	value T
}

// Describe makes the manifest anew each time: a host asks once or twice, and it is larger than all else here.
func (s *server[C, T]) Describe(context.Context, *protocol.DescribeRequest) (*protocol.DescribeResponse, error) {
	s.describing.Lock()
	defer s.describing.Unlock()
	defer time.AfterFunc(tidyAfter, debug.FreeOSMemory)
	manifest, err := s.plugin.manifest()
	if err != nil {
		return &protocol.DescribeResponse{ProblemJson: encodeProblem(Problemf(SourcePlugin, CodePluginInvalid, "%v", err))}, nil
	}
	return &protocol.DescribeResponse{Manifest: manifest}, nil
}

// tidyAfter is when what describing took is given back, in the hope that the answer has been sent by then.
const tidyAfter = time.Second

func (s *server[C, T]) Open(ctx context.Context, request *protocol.OpenRequest) (*protocol.OpenResponse, error) {
	err := s.guard(ctx, "opening connection "+request.Connection, func() error { return s.open(ctx, request) })
	return &protocol.OpenResponse{ProblemJson: encodeProblem(AsProblem(err))}, nil
}

func (s *server[C, T]) open(ctx context.Context, request *protocol.OpenRequest) error {
	settings, err := s.settings(request)
	if err != nil || request.CheckOnly {
		return err
	}
	value, err := s.plugin.Open(s.context(ctx, &call{}), settings)
	if err != nil {
		return err
	}
	s.mutex.Lock()
	replaced := s.connections[request.Connection]
	s.connections[request.Connection] = &connection[T]{value}
	s.mutex.Unlock()
	return replaced.close()
}

func (s *server[C, T]) settings(request *protocol.OpenRequest) (C, error) {
	if request.Sandbox {
		if s.plugin.Sandbox == nil {
			var none C
			return none, Problemf(SourceCaller, CodeInvalidConfig, "The plugin %s has no sandbox.", s.plugin.Name)
		}
		s.sandboxOnce.Do(func() { s.sandboxSettings, s.sandboxErr = s.plugin.Sandbox() })
		return s.sandboxSettings, s.sandboxErr
	}
	settings, err := decodeStrict[C](request.ConfigJson)
	if err != nil {
		return settings, Problemf(SourceCaller, CodeInvalidConfig,
			"The settings of connection %s do not fit the plugin %s: %v", request.Connection, s.plugin.Name, err)
	}
	return settings, nil
}

func (s *server[C, T]) Close(_ context.Context, request *protocol.CloseRequest) (*protocol.CloseResponse, error) {
	s.mutex.Lock()
	closing := s.connections[request.Connection]
	delete(s.connections, request.Connection)
	s.mutex.Unlock()
	if err := closing.close(); err != nil {
		s.logger.Warn().Err(err).Str("connection", request.Connection).Msg("closing a connection failed")
	}
	return &protocol.CloseResponse{}, nil
}

func (s *server[C, T]) Check(ctx context.Context, request *protocol.CheckRequest) (*protocol.CheckResponse, error) {
	var summary string
	err := s.guard(ctx, "checking connection "+request.Connection, func() error {
		open, err := s.connection(request.Connection)
		if err != nil {
			return err
		}
		if s.plugin.Check == nil {
			summary = "this plugin has no check of its own"
			return nil
		}
		summary, err = s.plugin.Check(s.context(ctx, &call{}), open.value)
		return err
	})
	return &protocol.CheckResponse{ProblemJson: encodeProblem(AsProblem(err)), Summary: summary}, nil
}

func (s *server[C, T]) Invoke(request *protocol.InvokeRequest, stream grpc.ServerStreamingServer[protocol.InvokeEvent]) error {
	reporter := &progressReporter{stream: stream}
	ctx := s.context(stream.Context(), &call{id: request.RequestId, progress: reporter.report})
	var result json.RawMessage
	err := s.guard(ctx, request.Operation, func() (err error) {
		result, err = s.invoke(ctx, request)
		return err
	})
	reporter.stop()
	return sendResult(stream, result, AsProblem(err))
}

func (s *server[C, T]) invoke(ctx context.Context, request *protocol.InvokeRequest) (json.RawMessage, error) {
	operation, err := s.operation(request.Operation)
	if err != nil {
		return nil, err
	}
	open, err := s.connection(request.Connection)
	if err != nil {
		return nil, err
	}
	result, err := operation.Invoke(ctx, open.value, request.ArgumentsJson)
	switch {
	case err != nil && ctx.Err() != nil && !errors.As(err, new(*Problem)):
		return nil, ctx.Err()
	case err != nil:
		return nil, err
	case len(result) > protocol.MaxResult:
		return nil, Problemf(SourcePlugin, CodeAnswerTooLarge, "The result has %d bytes; at most %d are passed on.", len(result), protocol.MaxResult).
			WithHint("Ask for less: a shorter time range, a smaller page.")
	case !operation.encodes && !json.Valid(result):
		return nil, Problemf(SourcePlugin, CodeInternal, "The operation returned something that is not JSON.")
	default:
		return result, nil
	}
}

func (s *server[C, T]) operation(name string) (Operation[T], error) {
	s.indexOnce.Do(func() {
		s.index = make(map[string]Operation[T], len(s.plugin.Operations))
		for _, operation := range s.plugin.Operations {
			s.index[s.plugin.Name+"_"+operation.Name] = operation
		}
	})
	operation, ok := s.index[name]
	if !ok {
		return operation, Problemf(SourceCaller, CodeUnknownOperation, "The plugin %s has no operation %s.", s.plugin.Name, name)
	}
	return operation, nil
}

func (s *server[C, T]) connection(name string) (*connection[T], error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	open, ok := s.connections[name]
	if !ok {
		return nil, Problemf(SourcePlugin, CodeUnknownConnection, "The connection %s is not open in the plugin %s.", name, s.plugin.Name)
	}
	return open, nil
}

// guard turns a panic into a problem: one bad call must not end the calls beside it.
func (s *server[C, T]) guard(ctx context.Context, doing string, run func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			s.logger.Error().Str("doing", doing).Str("request_id", RequestID(ctx)).
				Str("stack", string(debug.Stack())).Msgf("panic: %v", reason)
			err = Problemf(SourcePlugin, CodeInternal, "The plugin %s panicked while %s: %v", s.plugin.Name, doing, reason).
				WithHint("This is a fault of the plugin. Its log has the stack; other calls go on.")
		}
	}()
	return run()
}

func (s *server[C, T]) context(ctx context.Context, running *call) context.Context {
	running.logger = sync.OnceValue(func() *zerolog.Logger {
		logger := s.logger
		if running.id != "" {
			logger = logger.With().Str("request_id", running.id).Logger()
		}
		return &logger
	})
	return context.WithValue(ctx, callKey{}, running)
}

func (s *server[C, T]) closeAll() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for name, open := range s.connections {
		if err := open.close(); err != nil {
			s.logger.Warn().Err(err).Str("connection", name).Msg("closing a connection failed")
		}
	}
}

func (c *connection[T]) close() error {
	if c == nil {
		return nil
	}
	if closer, ok := any(c.value).(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// sendResult sends a result in pieces that fit a message, and then the end.
func sendResult(stream grpc.ServerStreamingServer[protocol.InvokeEvent], result json.RawMessage, problem *Problem) error {
	if problem != nil {
		return stream.Send(finalEvent(nil, problem))
	}
	for len(result) > protocol.Chunk {
		piece := &protocol.InvokeEvent{Event: &protocol.InvokeEvent_Partial{Partial: result[:protocol.Chunk]}}
		if err := stream.Send(piece); err != nil {
			return err
		}
		result = result[protocol.Chunk:]
	}
	return stream.Send(finalEvent(result, nil))
}

func finalEvent(result json.RawMessage, problem *Problem) *protocol.InvokeEvent {
	return &protocol.InvokeEvent{Event: &protocol.InvokeEvent_Final{
		Final: &protocol.Final{ResultJson: result, ProblemJson: encodeProblem(problem)},
	}}
}

func encodeProblem(problem *Problem) []byte {
	if problem == nil {
		return nil
	}
	encoded, err := json.Marshal(problem)
	if err != nil { // a Problem holds nothing that cannot be encoded
		panic(fmt.Sprintf("encoding a problem: %v", err))
	}
	return encoded
}

// progressInterval is the least time between two progress messages of one call.
const progressInterval = 100 * time.Millisecond

// progressReporter sends progress at a bounded rate, and none after the result.
type progressReporter struct {
	stream grpc.ServerStreamingServer[protocol.InvokeEvent]

	mutex   sync.Mutex
	last    time.Time
	stopped bool
}

func (r *progressReporter) report(done, total float64, text string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stopped || time.Since(r.last) < progressInterval {
		return
	}
	r.last = time.Now()
	// A send fails only when the call is over, which the handler learns from its context.
	_ = r.stream.Send(&protocol.InvokeEvent{Event: &protocol.InvokeEvent_Progress{
		Progress: &protocol.Progress{Done: done, Total: total, Text: text},
	}})
}

func (r *progressReporter) stop() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.stopped = true
}
