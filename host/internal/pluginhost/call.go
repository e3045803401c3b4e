package pluginhost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Call is one operation to run.
type Call struct {
	Connection string
	// Operation is the whole tool name.
	Operation string
	// Arguments are one JSON object, at most 16 MiB.
	Arguments json.RawMessage
	RequestID string
	// Reads says that the call may be repeated: it changes nothing.
	Reads bool
	// Progress hears how far the operation is, between Invoke's begin and end, one call at a time. Optional.
	Progress func(done, total float64, text string)
}

// Invoke runs one operation and returns its result, one JSON object. The error is a *sdk.Problem. Without a
// deadline of the context it has 60 seconds. A read whose process is lost is repeated once on a new process.
func (p *Plugin) Invoke(ctx context.Context, call Call) (json.RawMessage, error) {
	request := &protocol.InvokeRequest{
		Connection: call.Connection, Operation: call.Operation, ArgumentsJson: call.Arguments, RequestId: call.RequestID,
	}
	if size := len(call.Arguments) + len(call.Connection) + len(call.Operation) + len(call.RequestID) + 64; size > protocol.MaxMessage {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments,
			"The arguments of %s have %d bytes; at most %d MiB go to a plugin. Nothing was sent.", call.Operation, len(call.Arguments), protocol.MaxMessage>>20)
	}
	var result json.RawMessage
	sent := false
	err := p.exchange(ctx, exchange{
		doing:   call.Operation,
		repeats: func() bool { return call.Reads || !sent },
		run: func(ctx context.Context, g *generation) (err error) {
			if err := g.open(ctx, call.Connection); err != nil {
				return err
			}
			sent = true
			result, err = g.invoke(ctx, request, call.Progress)
			return err
		},
	})
	return result, err
}

// invoke sends the request and gathers the answer.
func (g *generation) invoke(ctx context.Context, request *protocol.InvokeRequest, progress func(done, total float64, text string)) (json.RawMessage, error) {
	ctx, cancel := context.WithCancel(ctx) // an answer that is given up must not go on
	defer cancel()
	stream, err := g.service.Invoke(ctx, request)
	if err != nil {
		return nil, err
	}
	var pieces bytes.Buffer
	for {
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil, g.plugin.senseless(request.Operation, "its answer has no end")
		}
		if err != nil {
			return nil, err
		}
		switch event := event.Event.(type) {
		case *protocol.InvokeEvent_Progress:
			if progress != nil {
				progress(event.Progress.GetDone(), event.Progress.GetTotal(), printable(g.redact(event.Progress.GetText())))
			}
		case *protocol.InvokeEvent_Partial:
			if pieces.Len()+len(event.Partial) > protocol.MaxResult {
				return nil, tooLarge(request.Operation)
			}
			pieces.Write(event.Partial)
		case *protocol.InvokeEvent_Final:
			// The end of the stream comes with it. Not to read it would make the cancel below a message to the plugin.
			_, _ = stream.Recv()
			return g.plugin.final(request.Operation, &pieces, event.Final)
		}
	}
}

func (p *Plugin) final(operation string, pieces *bytes.Buffer, final *protocol.Final) (json.RawMessage, error) {
	if err := p.decodeProblem(final.GetProblemJson()); err != nil {
		return nil, err
	}
	result := final.GetResultJson()
	if pieces.Len() > 0 {
		if pieces.Len()+len(result) > protocol.MaxResult {
			return nil, tooLarge(operation)
		}
		pieces.Write(result)
		result = pieces.Bytes()
	}
	// A look at both ends: the SDK has checked the whole, and a second check would cost as much as the way here.
	trimmed := bytes.TrimSpace(result)
	if len(trimmed) < 2 || trimmed[0] != '{' || trimmed[len(trimmed)-1] != '}' {
		return nil, p.senseless(operation, "its result is no JSON object")
	}
	return result, nil
}

func tooLarge(operation string) *sdk.Problem {
	return sdk.Problemf(sdk.SourcePlugin, sdk.CodeAnswerTooLarge, "The result of %s is larger than %d MiB, which is the most that is passed on.",
		operation, protocol.MaxResult>>20).WithHint("Ask for less: a shorter time range, a smaller page.")
}

// senseless is the problem of a plugin that answers against the protocol.
func (p *Plugin) senseless(doing, what string) *sdk.Problem {
	return sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "The plugin %s answered %s in a way that makes no sense: %s.", p.name, doing, what).
		WithHint("This is a fault of the plugin. Tell its author.")
}

// exchange is something that is done with the running plugin.
type exchange struct {
	doing string
	// repeats says, after a failure, whether doing it again is safe.
	repeats func() bool
	run     func(ctx context.Context, g *generation) error
}

// exchange runs it on the plugin's process, which is started if need be, and once more on a new process if the
// first was lost and it may be repeated.
func (p *Plugin) exchange(ctx context.Context, x exchange) error {
	if !p.host.calls.enter() {
		return closing()
	}
	defer p.host.calls.leave()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.host.timing.call)
		defer cancel()
	}
	err := p.attempt(ctx, x)
	if lost(err) && x.repeats() && ctx.Err() == nil {
		p.logger.Info().Str("doing", x.doing).Msg("the call is repeated on a new process")
		err = p.attempt(ctx, x)
	}
	return p.outcome(err, !x.repeats())
}

func (p *Plugin) attempt(ctx context.Context, x exchange) error {
	g, err := p.ready(ctx)
	if err != nil {
		return err
	}
	g.health.enter(g)
	defer g.health.leave()
	return g.judge(ctx, x.run(ctx, g), x.doing)
}

// lostError says that the process was lost during an exchange.
type lostError struct {
	cause   cause
	problem *sdk.Problem
}

func (e *lostError) Error() string { return e.problem.Error() }

// lost reports whether a new process may do better.
func lost(err error) bool {
	var loss *lostError
	return errors.As(err, &loss) && loss.cause != stopped
}

// lateError says that the context ended during an exchange with a plugin that is there.
type lateError struct{ problem *sdk.Problem }

func (e *lateError) Error() string { return e.problem.Error() }

// outcome is what the caller is told. Of a write that was sent and not answered nobody knows what it did.
func (p *Plugin) outcome(err error, unknown bool) error {
	var loss *lostError
	var late *lateError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &loss) && unknown:
		return outcomeUnknown(loss.problem)
	case errors.As(err, &loss):
		return loss.problem
	case errors.As(err, &late) && unknown && late.problem.Code == sdk.CodeTimeout:
		return outcomeUnknown(late.problem)
	case errors.As(err, &late):
		return late.problem
	default:
		return sdk.AsProblem(err)
	}
}

func outcomeUnknown(problem *sdk.Problem) *sdk.Problem {
	unknown := *problem
	unknown.Code, unknown.Retryable = sdk.CodeOutcomeUnknown, false
	unknown.Message = "The request was sent, but whether it took effect is not known: " + problem.Message
	unknown.Hint = "Look at the resource before calling again: read it, or list it, and see whether the change is there."
	return &unknown
}

// judge says what an error of an exchange means: an answer of the plugin, the end of the caller's patience, or the
// loss of the process.
func (g *generation) judge(ctx context.Context, err error, doing string) error {
	var problem *sdk.Problem
	if err == nil || errors.As(err, &problem) {
		return err
	}
	code := status.Code(err)
	switch {
	case g.process.ended():
		return g.lostProcess(crashed)
	case ctx.Err() != nil:
		g.health.suspect(g)
		return &lateError{g.plugin.late(ctx, doing)}
	case code == codes.DeadlineExceeded: // gRPC's clock was a moment before the context's
		g.health.suspect(g)
		return &lateError{g.plugin.tooSlow(doing)}
	case code == codes.Unavailable || !g.alive():
		return g.lostProcess(broken)
	case code == codes.ResourceExhausted:
		return sdk.Problemf(sdk.SourcePlugin, sdk.CodeAnswerTooLarge, "The plugin %s answered %s with a message larger than %d MiB.", g.plugin.name, doing, protocol.MaxMessage>>20)
	default:
		return g.plugin.senseless(doing, fmt.Sprintf("%s: %s", code, printable(g.redact(status.Convert(err).Message()))))
	}
}

// lostProcess waits until the process has ended, so that its last words are known, and ends it if its connection
// alone is gone.
func (g *generation) lostProcess(why cause) error {
	if !g.within(g.plugin.host.timing.exit) {
		g.end(why)
		g.process.kill()
		g.within(g.plugin.host.timing.kill)
	}
	why = g.end(crashed)
	return &lostError{why, g.loss(why)}
}

// loss is the problem of a call whose process is gone.
func (g *generation) loss(why cause) *sdk.Problem {
	name, pid := g.plugin.name, g.process.pid()
	var problem *sdk.Problem
	switch why {
	case stopped:
		return sdk.Problemf(sdk.SourceCaller, sdk.CodeCancelled, "The call was cut: mqtrail stopped the plugin %s.", name)
	case hung:
		problem = sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginHung, "The plugin %s (process %d) no longer answered, not even whether it is well, and was killed.%s", name, pid, g.log.tail)
	case broken:
		problem = sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginCrashed, "The plugin %s (process %d) closed its connection during the call and was killed.%s", name, pid, g.log.tail)
	default:
		problem = sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginCrashed, "The plugin %s (process %d) ended unasked: %s.%s", name, pid, g.process.exit(), g.log.tail)
	}
	problem.Retryable = true
	return problem.WithHint("It is started again at the next call. This is a fault of the plugin: tell its author what its last lines say.")
}

// late is the problem of a caller whose context ended.
func (p *Plugin) late(ctx context.Context, doing string) *sdk.Problem {
	if errors.Is(ctx.Err(), context.Canceled) {
		return sdk.Problemf(sdk.SourceCaller, sdk.CodeCancelled, "The call was cancelled: %s (plugin %s).", doing, p.name)
	}
	return p.tooSlow(doing)
}

// notUp is the problem of a caller whose context ended while the plugin was not ready for calls.
func (p *Plugin) notUp(ctx context.Context, doing string) *sdk.Problem {
	problem := p.late(ctx, doing)
	if problem.Code == sdk.CodeTimeout {
		problem.Source = sdk.SourcePlugin
	}
	return problem
}

func (p *Plugin) tooSlow(doing string) *sdk.Problem {
	problem := sdk.Problemf(sdk.SourceVendor, sdk.CodeTimeout, "The plugin %s did not answer within the call's deadline: %s.", p.name, doing).
		WithHint("Try again, with a longer timeout, or ask for less: a shorter time range, a smaller page.")
	problem.Retryable = true
	return problem
}
