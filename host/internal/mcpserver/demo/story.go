package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// missed is the business key of a message in the sandbox's shop that two groups consumed and one gave up.
const missed = "order-7201"

// showcase are operations that answer as their vendors document, with the examples that describe_operation gives.
var showcase = [...]string{
	"aliyun_rocketmq_get_trace",
	"aliyun_rocketmq_list_dr_checkpoints",
	"huawei_kafka_show_instance_messages",
	"ctyun_rocketmq_v2_message_query_by_key",
	"ctyun_rocketmq_message_query_by_key",
}

func (s *session) play(ctx context.Context) error {
	s.page.welcome(s.program, s.server)
	listed, err := s.client.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return fmt.Errorf("listing the tools: %w", err)
	}
	s.page.tools(listed.Tools)
	if err := s.follow(ctx); err != nil {
		return err
	}
	if err := s.documentedAnswers(ctx); err != nil {
		return err
	}
	return s.refusal(ctx)
}

// trace is what the demo reads of a trace.
type trace struct {
	Verdict    string `json:"verdict"`
	Confidence string `json:"confidence"`
	Why        string `json:"why"`
	Message    struct {
		Connection string `json:"connection"`
		Instance   string `json:"instance"`
		Topic      string `json:"topic"`
		ID         string `json:"id"`
	} `json:"message"`
	Groups []struct {
		Group      string `json:"group"`
		Verdict    string `json:"verdict"`
		Confidence string `json:"confidence"` // the verdict's own, unless given
		Attempts   int64  `json:"attempts"`
	} `json:"groups"`
}

// failing is the group that did not get the message.
func (t trace) failing() (string, error) {
	for _, group := range t.Groups {
		if group.Verdict == t.Verdict {
			return group.Group, nil
		}
	}
	return "", fmt.Errorf("tracing %s: no group has the verdict %s", missed, t.Verdict)
}

// follow is the story: somebody misses a message, and three calls tell why.
func (s *session) follow(ctx context.Context) error {
	s.page.heading(fmt.Sprintf("Where is %s? The warehouse never saw it.", missed))
	var found trace
	if err := s.tell(ctx, "Look over all connections of all clouds at once", call{Tool: "trace_message", Arguments: map[string]any{"message": missed}}, &found); err != nil {
		return err
	}
	s.page.verdict(found)
	group, err := found.failing()
	if err != nil {
		return err
	}
	place := func(more map[string]any) map[string]any {
		more["connection"], more["instance"], more["topic"] = found.Message.Connection, found.Message.Instance, found.Message.Topic
		return more
	}
	var message struct {
		Body struct {
			Data       string `json:"data"`
			TotalBytes int64  `json:"total_bytes"`
		} `json:"body"`
	}
	if err := s.tell(ctx, "What does it say?", call{Tool: "get_message", Arguments: place(map[string]any{"message_id": found.Message.ID})}, &message); err != nil {
		return err
	}
	s.page.quote(fmt.Sprintf("%d bytes: %s", message.Body.TotalBytes, message.Body.Data))
	var lag struct {
		Groups []groupLag `json:"groups"`
	}
	if err := s.tell(ctx, "Is the group alive?", call{Tool: "consumer_lag", Arguments: place(map[string]any{"group": group})}, &lag); err != nil {
		return err
	}
	s.page.lags(lag.Groups)
	return nil
}

// groupLag is what the demo reads of how a group stands.
type groupLag struct {
	Group    string `json:"group"`
	Online   *bool  `json:"online"`
	Messages *int64 `json:"messages"`
}

// tell asks, says what was asked and what it cost, and reads the answer.
func (s *session) tell(ctx context.Context, why string, asked call, answer any) error {
	began := time.Now()
	result, err := s.ask(ctx, asked)
	if err != nil {
		return err
	}
	s.page.exchange(why, asked, len(result.RawStructuredContent), time.Since(began))
	if err := exactly(result.RawStructuredContent, answer); err != nil {
		return fmt.Errorf("reading the answer of %s: %w", asked.Tool, err)
	}
	return nil
}

// documentedAnswers calls operations of the vendors themselves, a line each.
func (s *session) documentedAnswers(ctx context.Context) error {
	s.page.heading("Below that: every operation of every vendor, answered as documented")
	for _, name := range showcase {
		asked, err := s.documented(ctx, name)
		if err != nil {
			return err
		}
		began := time.Now()
		answer, err := s.ask(ctx, asked)
		if err != nil {
			return err
		}
		s.page.brief(name, answer.RawStructuredContent, time.Since(began))
	}
	return nil
}

// refusal makes the mistake that assistants make most and shows what they are told.
func (s *session) refusal(ctx context.Context) error {
	asked := call{Tool: "trace_message", Arguments: map[string]any{"mesage": missed}}
	answer, err := s.call(ctx, asked)
	if err != nil {
		return err
	}
	if !answer.IsError {
		return errors.New("a call with a misspelt argument was not refused")
	}
	s.page.refusal(asked, textOf(answer))
	return nil
}

// draw runs the same question at the command line: for the terminal, and as a page.
func (s *session) draw(ctx context.Context, picture string) error {
	s.page.heading("The same at the command line")
	// With the connection named, only that one is asked.
	arguments := []string{"trace", missed, "--sandbox", "--connection", "huawei", "--topic", "orders"}
	s.page.command(s.program, arguments)
	lanes := s.command(ctx, arguments)
	lanes.Stdout = s.page.out // a terminal, if ours is one: then with colours
	if err := lanes.Run(); err != nil {
		return fmt.Errorf("%s: %w%s", lanes, err, s.log.tail())
	}
	drawing := s.command(ctx, append(arguments, "-o", "html"))
	var html bytes.Buffer
	drawing.Stdout = &html
	if err := drawing.Run(); err != nil {
		return fmt.Errorf("%s: %w%s", drawing, err, s.log.tail())
	}
	if err := os.MkdirAll(filepath.Dir(picture), 0o750); err != nil {
		return err
	}
	return os.WriteFile(picture, html.Bytes(), 0o600)
}

func (s *session) command(ctx context.Context, arguments []string) *exec.Cmd {
	command := exec.CommandContext(ctx, s.program, arguments...)
	command.Stderr = &s.log
	return command
}
