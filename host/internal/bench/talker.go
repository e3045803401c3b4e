package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// talker is a process that answers lines with lines: an MCP server, a batch, the bare plugin host.
type talker struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	stderr  tail
}

// talk starts a process. It ends with ctx at the latest.
func talk(command *exec.Cmd) (*talker, error) {
	t := &talker{command: command}
	command.Stderr = &t.stderr
	command.WaitDelay = time.Second
	var err error
	if t.in, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	t.out = bufio.NewReaderSize(out, 64<<10)
	return t, command.Start()
}

func (t *talker) say(line string) error {
	_, err := io.WriteString(t.in, line+"\n")
	return t.explain(err)
}

func (t *talker) hear() ([]byte, error) {
	line, err := t.out.ReadBytes('\n')
	return line, t.explain(err)
}

// ask says a line and decodes the next line that comes.
func (t *talker) ask(line string, answer any) error {
	if err := t.say(line); err != nil {
		return err
	}
	heard, err := t.hear()
	if err != nil {
		return err
	}
	return json.Unmarshal(heard, answer)
}

// end closes the input and waits for the process.
func (t *talker) end() error {
	return t.explain(errors.Join(t.in.Close(), t.command.Wait()))
}

func (t *talker) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %s", t.command.Path, err, t.stderr.text)
}

// tail keeps the beginning of what a process says of its troubles.
type tail struct{ text []byte }

// Write keeps what there is room for.
func (t *tail) Write(data []byte) (int, error) {
	t.text = append(t.text, data[:min(len(data), 4096-len(t.text))]...)
	return len(data), nil
}

// server is an MCP server that has been greeted.
type server struct {
	*talker
	asked int
}

// serve starts an MCP server and greets it.
func serve(command *exec.Cmd) (*server, error) {
	t, err := talk(command)
	if err != nil {
		return nil, err
	}
	s := &server{talker: t}
	if _, err := s.request("initialize", `{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}`); err != nil {
		return nil, errors.Join(err, s.end())
	}
	return s, s.say(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
}

// request asks and returns the result.
func (s *server) request(method, parameters string) (json.RawMessage, error) {
	s.asked++
	if err := s.say(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, s.asked, method, parameters)); err != nil {
		return nil, err
	}
	line, err := s.hear()
	if err != nil {
		return nil, err
	}
	var answer struct {
		ID     int             `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	switch err := json.Unmarshal(line, &answer); {
	case err != nil:
		return nil, err
	case answer.ID != s.asked || answer.Error != nil:
		return nil, fmt.Errorf("%s was answered: %.200s", method, line)
	default:
		return answer.Result, nil
	}
}

// list asks for the tools.
func (s *server) list() (json.RawMessage, error) { return s.request("tools/list", `{}`) }

// untilListed is the time from the start of a server to its list of tools, in milliseconds.
func untilListed(command func(context.Context) *exec.Cmd) measure {
	return func(ctx context.Context) (float64, error) {
		prepared := command(ctx)
		began := time.Now()
		s, err := serve(prepared)
		if err != nil {
			return 0, err
		}
		if _, err := s.list(); err != nil {
			return 0, errors.Join(err, s.end())
		}
		took := milliseconds(time.Since(began))
		return took, s.end()
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
