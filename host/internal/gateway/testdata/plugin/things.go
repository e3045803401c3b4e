package main

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
)

// things are what can be deleted by accident.
type things struct {
	mutex   sync.Mutex
	created map[string]int // a thing's generation, by its name
	asked   int
	hidden  bool
	done    []string
}

func newThings() *things { return &things{created: map[string]int{"orders": 1, "payments": 1}} }

type thing struct {
	Name string `json:"name" jsonschema:"description=Which."`
}

type described struct {
	Data map[string]any `json:"data"`
}

func getThing(_ context.Context, c *client, in thing) (described, error) {
	c.things.mutex.Lock()
	defer c.things.mutex.Unlock()
	created, ok := c.things.created[in.Name]
	switch {
	case c.things.hidden:
		return described{}, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "out of order, key %s", c.key)
	case !ok:
		return described{}, sdk.Problemf(sdk.SourceVendor, sdk.CodeNotFound, "no such thing")
	}
	c.things.asked++ // a value that never stays the same
	return described{map[string]any{"created": created, "lag": c.things.asked, "owner": c.key, "parts": slices.Repeat([]string{"a part"}, 50)}}, nil
}

// deeds are what was done, in order.
type deeds struct {
	Done []string `json:"done"`
}

func doneThings(_ context.Context, c *client, _ nothing) (deeds, error) {
	c.things.mutex.Lock()
	defer c.things.mutex.Unlock()
	return deeds{append([]string{}, c.things.done...)}, nil
}

func (c *client) do(deed string) (done, error) {
	c.things.mutex.Lock()
	defer c.things.mutex.Unlock()
	c.things.done = append(c.things.done, deed)
	return done{true}, nil
}

func renewThing(_ context.Context, c *client, in thing) (done, error) {
	c.things.mutex.Lock()
	defer c.things.mutex.Unlock()
	c.things.created[in.Name]++
	return done{true}, nil
}

type hide struct {
	Hidden bool `json:"hidden" jsonschema:"description=Whether it fails."`
}

func hideThings(_ context.Context, c *client, in hide) (done, error) {
	c.things.mutex.Lock()
	defer c.things.mutex.Unlock()
	c.things.hidden = in.Hidden
	return done{true}, nil
}

type deletion struct {
	Name  string `json:"name" jsonschema:"description=Which."`
	Force bool   `json:"force,omitempty" jsonschema:"description=Even when it is in use."`
	Pin   string `json:"pin,omitempty" mqtrail:"secret" jsonschema:"description=A secret."`
	Note  string `json:"note,omitempty" jsonschema:"description=Anything."`
}

func deleteThing(_ context.Context, c *client, in deletion) (done, error) {
	return c.do("delete " + in.Name)
}

func looksUp(i *sdk.Info) {
	i.Lookup = []sdk.Lookup{{
		Operation: "thing_get", Arguments: map[string]json.RawMessage{"name": json.RawMessage(`"/name"`)},
		Facts:    map[string]string{"generation": "/data/created", "lag": "/data/lag", "owner": "/data/owner", "parts": "/data/parts", "colour": "/data/colour"},
		Changing: []string{"lag"},
	}}
}

type action struct {
	Action string `json:"action" jsonschema:"description=start or delete."`
	Name   string `json:"name" jsonschema:"description=Which."`
}

func actOnThing(_ context.Context, c *client, in action) (done, error) {
	return c.do(in.Action + " " + in.Name)
}

func escalates(i *sdk.Info) {
	i.Escalations = []sdk.Escalation{{Pointer: "/action", Values: []json.RawMessage{json.RawMessage(`"delete"`)}, Access: sdk.AccessDestructive}}
}

func buyThing(_ context.Context, c *client, in thing) (done, error) { return c.do("buy " + in.Name) }

func billable(i *sdk.Info) { i.Billable = true }
