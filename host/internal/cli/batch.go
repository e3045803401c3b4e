package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

// maxLine bounds one input line of a batch, in bytes.
const maxLine = 4 << 20

func (a *app) batchCommand() *cobra.Command {
	var parallel int
	var unordered, yes bool
	var shape shapeFlags
	command := &cobra.Command{
		Use:   "batch",
		Short: "Run operations from JSON lines, one answer line each",
		Long: "Read one call per line from standard input and write one line per call to standard output, as soon as it\n" +
			"is known. Plugins stay warm between calls, so a script can hold a conversation over pipes.\n\n" +
			"  in:  {\"id\": 1, \"operation\": \"...\", \"connection\": \"...\", \"arguments\": {...}}\n" +
			"  out: {\"id\": 1, \"result\": {...}}   or   {\"id\": 1, \"problem\": {\"code\": \"...\", \"message\": \"...\", ...}}\n\n" +
			"id is any JSON value and comes back as it was; connection and arguments may be left out. A line that cannot be\n" +
			"read gets a problem with its line number, and the rest goes on. The exit status is 0 when every line was answered.\n" +
			"Calls that destroy something or cost money get a problem with their plan, unless --yes confirms all of the run.",
		Example: "  mqtrail batch --sandbox < calls.jsonl > answers.jsonl\n" +
			"  mqtrail batch --parallel 16 --unordered < calls.jsonl | jq -c 'select(.problem)'",
		Args: positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			if parallel < 1 || parallel > 256 {
				return usageError{errors.New("--parallel: want 1 to 256")}
			}
			return a.batch(command.Context(), parallel, unordered, gateway.Call{Confirm: gateway.Confirm{Yes: yes}, Shape: shape.shape()})
		},
	}
	command.Flags().IntVar(&parallel, "parallel", 8, "how many calls run at once, at most 256")
	a.registerYes(command, &yes)
	shape.register(command.Flags())
	command.Flags().BoolVar(&unordered, "unordered", false, "write each answer when it is known, not in input order")
	return command
}

// batchLine is one line of input.
type batchLine struct {
	ID         json.RawMessage `json:"id"`
	Operation  string          `json:"operation"`
	Connection string          `json:"connection"`
	Arguments  json.RawMessage `json:"arguments"`
}

// batchAnswer is one line of output.
type batchAnswer struct {
	ID      json.RawMessage `json:"id"`
	Line    int64           `json:"line,omitempty"` // of the input, when the line could not be read
	Result  json.RawMessage `json:"result,omitempty"`
	Problem *sdk.Problem    `json:"problem,omitempty"`
}

// batch runs the calls of standard input; common is what all of them have.
func (a *app) batch(ctx context.Context, parallel int, unordered bool, common gateway.Call) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	a.sandboxNotice()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Ordered, the channel holds the answers' places in input order; unordered, each answer takes its place when
	// it is known. Either way its length bounds how far reading runs ahead of writing.
	places := make(chan chan batchAnswer, parallel)
	writing := make(chan error, 1)
	go func() { writing <- a.writeAnswers(places, cancel) }()
	err = a.runLines(ctx, s.gateway, places, parallel, unordered, common)
	close(places)
	if writeErr := <-writing; writeErr != nil {
		return writeErr
	}
	return err
}

// runLines reads lines and runs them, parallel at once, until the input or the context ends.
func (a *app) runLines(ctx context.Context, g *gateway.Gateway, places chan<- chan batchAnswer, parallel int, unordered bool, common gateway.Call) error {
	lines := make(chan inputLine)
	var readErr error
	go func() { // not waited for: a read of standard input cannot be interrupted
		defer close(lines)
		readErr = readLines(ctx, a.stdin, lines)
	}()
	slots := make(chan struct{}, parallel)
	var running sync.WaitGroup
	defer running.Wait()
	for {
		var line inputLine
		select {
		case <-ctx.Done():
			return ctx.Err()
		case next, ok := <-lines:
			if !ok {
				return readErr
			}
			line = next
		}
		slots <- struct{}{}
		place := make(chan batchAnswer, 1)
		if !unordered {
			places <- place
		}
		running.Go(func() {
			place <- runLine(ctx, g, line, common)
			if unordered {
				places <- place
			}
			<-slots
		})
	}
}

// inputLine is one line that was read, or what is wrong with it.
type inputLine struct {
	number  int64
	text    []byte
	problem *sdk.Problem
}

func readLines(ctx context.Context, input io.Reader, lines chan<- inputLine) error {
	reader := bufio.NewReaderSize(input, 64<<10)
	for number := int64(1); ; number++ {
		text, tooLong, err := readLine(reader)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "Reading standard input: %v", err)
		}
		line := inputLine{number: number, text: text}
		if tooLong {
			line.problem = sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "The line is longer than %d MiB.", maxLine>>20)
		}
		if tooLong || len(bytes.TrimSpace(text)) > 0 {
			select {
			case lines <- line:
			case <-ctx.Done():
				return nil
			}
		}
		if ended {
			return nil
		}
	}
}

// readLine reads up to the next line end; of a line that is too long it keeps nothing.
func readLine(reader *bufio.Reader) (text []byte, tooLong bool, err error) {
	for {
		piece, err := reader.ReadSlice('\n')
		if tooLong = tooLong || len(text)+len(piece) > maxLine; tooLong {
			text = nil
		} else {
			text = append(text, piece...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, tooLong, err
		}
	}
}

func runLine(ctx context.Context, g *gateway.Gateway, input inputLine, call gateway.Call) batchAnswer {
	line, problem := parseLine(input)
	if problem != nil {
		return batchAnswer{ID: line.ID, Line: input.number, Problem: problem}
	}
	call.Operation, call.Connection, call.Arguments = line.Operation, line.Connection, line.Arguments
	result, err := g.Call(ctx, call)
	if err != nil {
		return batchAnswer{ID: line.ID, Problem: sdk.AsProblem(err)}
	}
	return batchAnswer{ID: line.ID, Result: result.JSON}
}

func parseLine(input inputLine) (batchLine, *sdk.Problem) {
	null := json.RawMessage("null")
	if input.problem != nil {
		return batchLine{ID: null}, input.problem
	}
	decoder := json.NewDecoder(bytes.NewReader(input.text))
	decoder.DisallowUnknownFields()
	var line batchLine
	err := decoder.Decode(&line)
	if line.ID == nil {
		line.ID = null
	}
	if err == nil && decoder.More() {
		err = errors.New("something follows the JSON object")
	}
	if err == nil && line.Operation == "" {
		err = errors.New("operation is missing")
	}
	if err != nil {
		return line, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidArguments, "Line %d cannot be read: %v", input.number, err).
			WithHint(`Write one object a line: {"id": ..., "operation": "...", "connection": "...", "arguments": {...}}`)
	}
	return line, nil
}

// writeAnswers writes the answers as they come and flushes each. When the reader has left it cancels the rest
// and drains the places, so that nobody waits for it.
func (a *app) writeAnswers(places <-chan chan batchAnswer, cancel context.CancelCauseFunc) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	var failed error
	for place := range places {
		answer := <-place
		if failed != nil {
			continue
		}
		if err := encoder.Encode(answer); err != nil {
			failed = err
			if errors.Is(err, syscall.EPIPE) {
				failed = errPipeClosed
			}
			cancel(failed)
		}
	}
	return failed
}
