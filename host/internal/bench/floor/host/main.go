// Command host is a bare go-plugin host. It starts the plugin that its argument names, makes one call, and says
// ready. Then it obeys lines: "CALLERS CALLS" makes CALLS calls by each of CALLERS callers and writes how long each
// took and all together, in nanoseconds, as a line of JSON.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"

	"github.com/mqtrail/mqtrail/host/internal/bench/floor/echo"
	"github.com/mqtrail/mqtrail/host/internal/bench/load"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "want one argument: the plugin's program")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program string) error {
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  echo.Handshake,
		Plugins:          echo.Plugins,
		Cmd:              exec.CommandContext(ctx, program), //nolint:gosec // the bench names its own program
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
	})
	defer client.Kill()
	protocol, err := client.Client()
	if err != nil {
		return err
	}
	dispensed, err := protocol.Dispense(echo.Name)
	if err != nil {
		return err
	}
	caller, ok := dispensed.(echo.Caller)
	if !ok {
		return fmt.Errorf("the plugin is a %T", dispensed)
	}
	payload := bytes.Repeat([]byte("x"), load.Payload)
	call := func() error {
		answer, err := caller.Echo(ctx, payload)
		if err == nil && !bytes.Equal(answer, payload) {
			err = fmt.Errorf("the answer has %d bytes and is not the echo", len(answer))
		}
		return err
	}
	if err := call(); err != nil {
		return err
	}
	fmt.Println("ready")
	return obey(call)
}

func obey(call func() error) error {
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var callers, calls int
		if _, err := fmt.Sscan(input.Text(), &callers, &calls); err != nil {
			return fmt.Errorf("%q: %w", input.Text(), err)
		}
		measured, err := load.Run(callers, calls, call)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(measured); err != nil {
			return err
		}
	}
	return input.Err()
}
