package main

import (
	stdcontext "context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/mqtrail/mqtrail/sdk"
)

type context = stdcontext.Context

type settings struct {
	sdk.Settings
	Label string `json:"label,omitempty"`
}

type connection struct {
	label  string
	serial int64
}

var opened atomic.Int64

func open(_ context, s settings) (*connection, error) {
	if s.Label == "bad" {
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The label is bad; the secret is swordfish.")
	}
	return &connection{label: s.Label, serial: opened.Add(1)}, nil
}

type none struct{}

type said struct {
	Text  string `json:"text"`
	Label string `json:"label"`
	// Serial is the number of the open connection in this process.
	Serial int64 `json:"serial"`
	PID    int   `json:"pid"`
}

type saying struct {
	Text string `json:"text,omitempty"`
}

func say(c *connection, text string) (said, error) {
	return said{text, c.label, c.serial, os.Getpid()}, nil
}

func echo(_ context, c *connection, in saying) (said, error) { return say(c, in.Text) }

// harm is done once: a second call finds the file and is well.
type harm struct {
	How  string `json:"how"`
	Once string `json:"once,omitempty"`
}

func crash(ctx context, c *connection, in harm) (said, error) {
	if in.Once != "" {
		file, err := os.OpenFile(in.Once, os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return say(c, "survived")
		}
		if err := file.Close(); err != nil {
			return said{}, err
		}
	}
	switch in.How {
	case "exit":
		fmt.Fprintln(os.NewFile(2, "stderr"), "giving up")
		os.Exit(7)
	case "goroutine":
		go func() { panic("a goroutine of the plugin went wrong") }()
		<-ctx.Done()
	case "kill":
		return said{}, syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "stop":
		if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
			return said{}, err
		}
	case "handler":
		panic("a handler went wrong")
	}
	linger()
	return said{}, nil
}

type signs struct {
	Entered string `json:"entered"`
	Left    string `json:"left,omitempty"`
	// Release ends the wait when this file appears.
	Stubborn bool   `json:"stubborn,omitempty"`
	Release  string `json:"release,omitempty"`
}

// wait tells by files that it has begun and that it was cancelled.
func wait(ctx context, c *connection, in signs) (said, error) {
	if err := os.WriteFile(in.Entered, nil, 0o600); err != nil {
		return said{}, err
	}
	for in.Stubborn || ctx.Err() == nil {
		if in.Release != "" {
			if _, err := os.Stat(in.Release); err == nil {
				return say(c, "released")
			}
		}
		pause()
	}
	if err := os.WriteFile(in.Left, nil, 0o600); err != nil {
		return said{}, err
	}
	return said{}, ctx.Err()
}

type seen struct {
	Environ []string `json:"environ"`
	Stdin   string   `json:"stdin"`
	Group   bool     `json:"group"`
	Process int      `json:"process"`
}

func look(context, *connection, none) (seen, error) {
	input, err := io.ReadAll(os.Stdin)
	return seen{os.Environ(), string(input), syscall.Getpgrp() == os.Getpid(), os.Getpid()}, err
}

type output struct {
	// Lines go to the standard error that the process was born with.
	Lines []string `json:"lines,omitempty"`
	// Long is the length of one more line.
	Long int `json:"long,omitempty"`
	// Stdout and Stderr go to the os.Stdout and os.Stderr of now.
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
	// Logged goes through the SDK's logger.
	Logged string `json:"logged,omitempty"`
}

func write(ctx context, c *connection, in output) (said, error) {
	born := os.NewFile(2, "stderr")
	for _, line := range in.Lines {
		fmt.Fprintln(born, line)
	}
	if in.Long > 0 {
		fmt.Fprintln(born, strings.Repeat("x", in.Long))
	}
	fmt.Fprint(os.Stdout, in.Stdout)
	fmt.Fprint(os.Stderr, in.Stderr)
	if in.Logged != "" {
		sdk.Logger(ctx).Warn().Int64("big", 9007199254740993).Str("password", "swordfish").Msg(in.Logged)
	}
	return say(c, "written")
}

type size struct {
	Bytes int `json:"bytes"`
}

type large struct {
	Text string `json:"text"`
}

func largeResult(_ context, _ *connection, in size) (large, error) {
	return large{strings.Repeat("y", in.Bytes)}, nil
}

type bulk struct {
	Text string `json:"text"`
}

type length struct {
	Length int `json:"length"`
}

func measure(_ context, _ *connection, in bulk) (length, error) { return length{len(in.Text)}, nil }

type escape struct {
	Session bool `json:"session,omitempty"`
}

type child struct {
	PID int `json:"pid"`
}

// breed starts a process that holds standard output and error and outlives its parent if it can.
func breed(_ context, _ *connection, in escape) (child, error) {
	//nolint:noctx // it is to outlive everything
	cmd := exec.Command(os.Args[0], "linger")
	cmd.Stdout, cmd.Stderr = os.NewFile(1, "stdout"), os.NewFile(2, "stderr")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: in.Session}
	if err := cmd.Start(); err != nil {
		return child{}, err
	}
	return child{cmd.Process.Pid}, nil
}

func progress(ctx context, c *connection, _ none) (said, error) {
	sdk.Progress(ctx, 1, 4, "a quarter")
	return say(c, "done")
}

var operations = sdk.Operations[*connection](
	sdk.Op("echo", "Echo.", echo),
	sdk.Op("crash", "Crash.", crash),
	sdk.Op("crash_write", "Crash while writing.", crash, sdk.Writes()),
	sdk.Op("wait", "Wait.", wait),
	sdk.Op("wait_write", "Wait while writing.", wait, sdk.Writes()),
	sdk.Op("look", "What the process sees.", look),
	sdk.Op("write", "Write.", write),
	sdk.Op("large", "A large result.", largeResult),
	sdk.Op("measure", "Measure an argument.", measure),
	sdk.Op("breed", "Start a child.", breed),
	sdk.Op("progress", "Report progress.", progress),
)
