// Command plugin is what the gateway's tests call: one operation per thing that a gateway has to handle.
package main

import (
	"context"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

type settings struct {
	sdk.Settings
	Key string `json:"key" mqtrail:"secret" jsonschema:"description=A secret."`
}

type client struct {
	key    string
	things *things
}

type nothing struct{}

type echo struct {
	Text   string `json:"text" jsonschema:"description=What comes back."`
	Number int64  `json:"number,omitempty" jsonschema:"description=A number of 64 bits."`
}

type done struct {
	Done bool `json:"done"`
}

func open(_ context.Context, s settings) (*client, error) { return &client{s.Key, newThings()}, nil }

func repeat(_ context.Context, _ *client, in echo) (echo, error) { return in, nil }

func change(context.Context, *client, nothing) (done, error) { return done{true}, nil }

func leak(_ context.Context, c *client, _ nothing) (echo, error) {
	return echo{Text: "the key is " + c.key}, nil
}

func fail(_ context.Context, c *client, _ nothing) (done, error) {
	return done{}, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "refused the key %s", c.key).WithHint("not %s", c.key)
}

func wait(ctx context.Context, _ *client, _ nothing) (done, error) {
	sdk.Progress(ctx, 1, 2, "half way")
	select {
	case <-ctx.Done():
		return done{}, ctx.Err()
	case <-time.After(time.Minute):
		return done{true}, nil
	}
}

func main() {
	sdk.Serve(sdk.Plugin[settings, *client]{
		Name: "probe", Title: "Probe", Open: open,
		Operations: sdk.Operations[*client](
			sdk.Op("echo", "Answers what it was given.", repeat),
			sdk.Op("change", "Changes something.", change, sdk.Writes()),
			sdk.Op("destroy", "Destroys something.", change, sdk.Destructive()),
			sdk.Op("leak", "Answers a secret.", leak),
			sdk.Op("many", "Answers as many things as it is asked for.", many),
			sdk.Op("fail", "Fails and repeats a secret.", fail),
			sdk.Op("wait", "Takes a minute.", wait),
			sdk.Op("thing_get", "Tells of a thing.", getThing),
			sdk.Op("thing_done", "Tells what was done to the things.", doneThings),
			sdk.Op("thing_renew", "Makes a thing anew.", renewThing, sdk.Writes()),
			sdk.Op("thing_hide", "Makes thing_get fail, or work again.", hideThings, sdk.Writes()),
			sdk.Op("thing_delete", "Deletes a thing.", deleteThing, sdk.Destructive(), looksUp),
			sdk.Op("thing_act", "Starts or deletes a thing.", actOnThing, sdk.Writes(), escalates),
			sdk.Op("thing_buy", "Buys a thing.", buyThing, sdk.Writes(), billable),
		),
	})
}
