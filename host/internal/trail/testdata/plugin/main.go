// Command plugin is the vendor of the trail's tests: a small shop, with settings that make it slow or let it fail, and a
// record of when it was asked for what.
package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

type settings struct {
	sdk.Settings
	// LatencyMS is how long each verb takes.
	LatencyMS int64 `json:"latency_ms,omitempty"`
	// Fail are verbs that fail, Hang those that never answer, Lack those that are not offered.
	Fail []string `json:"fail,omitempty"`
	Hang []string `json:"hang,omitempty"`
	Lack []string `json:"lack,omitempty"`
	// Topics is how many empty topics there are besides the shop's.
	Topics int `json:"topics,omitempty"`
	// Bare: the shop has no messages.
	Bare bool `json:"bare,omitempty"`
	// Standings: how groups stand to a message is told one by one, "beside" the trace or "alone", without one.
	Standings string `json:"standings,omitempty"`
	// Plain: dead letters are messages of their own in the topic DLQ_shipping, which only traces join to their originals.
	Plain bool `json:"plain,omitempty"`
	// Buried: dead letters cannot be searched.
	Buried bool `json:"buried,omitempty"`
	// Anywhere: a message is found by its id without a topic.
	Anywhere bool `json:"anywhere,omitempty"`
	// Page is how many messages one answer has at most.
	Page int `json:"page,omitempty"`
}

type client struct {
	settings

	mutex sync.Mutex
	asked []asked
}

type asked struct {
	Verb  string `json:"verb"`
	Topic string `json:"topic"`
	Group string `json:"group"`
	// Began and Ended are nanoseconds of the plugin's clock.
	Began int64 `json:"began"`
	Ended int64 `json:"ended"`
}

var start = time.Now()

// enter is what every verb does first: wait, fail, hang. The caller leaves.
func (c *client) enter(ctx context.Context, verb, topic, group string) (leave func(), err error) {
	began := int64(time.Since(start))
	switch {
	case slices.Contains(c.Lack, verb):
		return nil, trail.NotOffered("The shop does not offer %s.", verb)
	case slices.Contains(c.Fail, verb):
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "The shop's %s is broken.", verb).WithHint("Repair it.")
	case slices.Contains(c.Hang, verb):
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if c.LatencyMS > 0 {
		timer := time.NewTimer(time.Duration(c.LatencyMS) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.asked = append(c.asked, asked{verb, topic, group, began, int64(time.Since(start))})
	}, nil
}

type nothing struct{}

type record struct {
	Asked []asked `json:"asked"`
}

// take returns the record and begins a new one.
func take(_ context.Context, c *client, _ nothing) (record, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	taken := record{append([]asked{}, c.asked...)}
	c.asked = nil
	return taken, nil
}

// gathered is what every answer says of itself.
func gathered(operation string, raw bool) trail.Gathered {
	call := trail.Call{Operation: "shop_" + operation, RequestID: "request-of-" + operation}
	if raw {
		call.Answer = []byte(`{"from":"the shop","big":9007199254740993}`)
	}
	return trail.Gathered{Calls: []trail.Call{call}}
}

func evidence(operation, pointer string) trail.Evidence {
	return trail.Evidence{Operation: "shop_" + operation, Pointer: pointer, RequestID: "request-of-" + operation}
}

func main() {
	sdk.Serve(sdk.Plugin[settings, *client]{
		Name: "shop", Title: "Shop",
		Open: func(_ context.Context, s settings) (*client, error) { return &client{settings: s}, nil },
		Operations: sdk.Operations[*client](
			trail.Implemented[*client](),
			sdk.Op("record", "When it was asked for what.", take),
		),
	})
}
