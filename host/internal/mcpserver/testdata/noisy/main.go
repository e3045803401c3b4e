// Command mqtrail-plugin-noisy is a plugin for tests: it prints where it should not, tells of progress, waits until it
// is cancelled, and repeats what it is given.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/mqtrail/mqtrail/sdk"
)

type settings struct{ sdk.Settings }

type connection struct{}

type shoutIn struct {
	Text string `json:"text" jsonschema:"description=What to print."`
}

type shoutOut struct {
	Said string `json:"said"`
}

// shout prints to every stream there is, and tells of progress.
func shout(ctx context.Context, _ connection, in shoutIn) (shoutOut, error) {
	fmt.Println("stdout of the plugin:", in.Text)
	fmt.Fprintln(os.Stderr, "stderr of the plugin:", in.Text)
	sdk.Logger(ctx).Debug().Msg(in.Text)
	sdk.Progress(ctx, 1, 3, "step")
	return shoutOut{Said: in.Text}, nil
}

type waitIn struct {
	Mark string `json:"mark" jsonschema:"description=File to write when the wait is cancelled."`
}

// wait says that it has begun and lasts until its caller goes away.
func wait(ctx context.Context, _ connection, in waitIn) (struct{}, error) {
	sdk.Progress(ctx, 1, 0, "waiting")
	<-ctx.Done()
	if err := os.WriteFile(in.Mark, []byte("cancelled"), 0o600); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, ctx.Err()
}

// echo answers its arguments, byte for byte, among numbers that no float holds.
func echo() sdk.Operation[connection] {
	return sdk.Operation[connection]{
		Name: "echo",
		Describe: func(sdk.Docs) (sdk.Info, error) {
			return sdk.Info{
				VendorName: "Echo", Title: "Repeat the arguments", Description: "Repeats what it is given.",
				Access: sdk.AccessRead, Toolset: "messages", ExampleArguments: json.RawMessage(`{"number":9007199254740993}`),
				Input: json.RawMessage(`{"type":"object","properties":{
					"number":{"type":"integer","format":"int64","description":"Any."},
					"text":{"type":"string","description":"Any."},
					"connection":{"type":"string","description":"The vendor has an argument of this name."}},
					"additionalProperties":false}`),
				Output: json.RawMessage(`{"type":"object","properties":{"given":{"type":"object"},"most":{"type":"integer"}}}`),
			}, nil
		},
		Invoke: func(_ context.Context, _ connection, arguments json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{"given":` + string(arguments) + `,"most":9223372036854775807,"beyond":18446744073709551616,` +
				`"one":1.0,"exponent":1E5,"small":-0.10,"sign":"<a href='x'>&amp;\u2028</a>","twice":1,"twice":2}`), nil
		},
	}
}

func change(context.Context, connection, struct{}) (struct{}, error) { return struct{}{}, nil }

type eraseIn struct {
	Mark string `json:"mark" jsonschema:"description=File that gets a letter each time."`
	Name string `json:"name" jsonschema:"description=What to erase."`
}

// erase leaves a mark each time that it is really called.
func erase(_ context.Context, _ connection, in eraseIn) (shoutOut, error) {
	file, err := os.OpenFile(in.Mark, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return shoutOut{}, err
	}
	_, err = file.WriteString("x")
	return shoutOut{Said: "erased " + in.Name}, errors.Join(err, file.Close())
}

func fail(context.Context, connection, struct{}) (struct{}, error) {
	panic("the insides of the plugin")
}

func main() {
	sdk.Serve(sdk.Plugin[settings, connection]{
		Name: "noisy", Title: "Noisy",
		Open: func(context.Context, settings) (connection, error) { return connection{}, nil },
		Operations: sdk.Operations[connection](
			sdk.Op("shout", "Prints where it should not.", shout),
			sdk.Op("wait", "Waits until it is cancelled.", wait),
			sdk.Op("change", "Changes something.", change, sdk.Writes()),
			sdk.Op("destroy", "Destroys something.", change, sdk.Destructive()),
			sdk.Op("erase", "Erases something.", erase, sdk.Destructive()),
			sdk.Op("fail", "Fails inside.", fail),
			sdk.Op("admin", "Is in another toolset.", change, sdk.Toolset("admin")),
			echo(),
		),
	})
}
