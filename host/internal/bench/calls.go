package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/bench/load"
)

const (
	callRounds = 15
	// serial is how many calls a round makes one after another; parallel, how many each of many callers makes.
	serial   = 300
	callers  = 32
	parallel = 60
)

var kilobyte = strings.Repeat("x", load.Payload)

// calls measures calls with everything warm.
func calls(ctx context.Context, w *workspace) (found []finding, err error) {
	bare, err := w.bareHost(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.end()) }()
	ours, err := w.filled.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ours.close()) }()
	batch, err := talk(w.filled.command(ctx, w.filled.home, "batch", "--parallel", "1"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, batch.end()) }()

	echo := ours.echo(ctx, w.synthetic+"_echo")
	one, err := turns(ctx, callRounds,
		bare.median, median(echo),
		median(ours.order(ctx, w.synthetic)), ours.direct(w.synthetic),
		median(func() error { return echoBatch(batch, w.synthetic) }),
	)
	if err != nil {
		return nil, err
	}
	many, err := turns(ctx, callRounds, bare.perSecond, perSecond(echo))
	if err != nil {
		return nil, err
	}
	floor, typed, order, direct, piped := one[0], one[1], one[2], one[3], one[4]
	return []finding{
		compare("host + plugin per call, p50", floor, order.minus(direct), "µs", times(2),
			fmt.Sprintf("Gateway and plugin, with an operation of a file over HTTP to the emulator (%s in all), less the same request by net/http in the plugin (%s). 1 KB; gateway in this process.",
				show(order.median(), "µs"), show(direct.median(), "µs"))),
		compare("  of it without any HTTP", floor, typed, "µs", times(2), "A typed operation that answers its argument, 1 KB, JSON both ways."),
		compare("  the same through mqtrail batch", floor, piped, "µs", budget{kind: noBudget, unit: "×"}, "With the front: a line of JSON in, a line out, over pipes."),
		compare("32 callers, calls a second", many[0], many[1], "/s", budget{atLeast, 0.6, "×"}, "The typed operation, 1 KB, 32 at once."),
	}, nil
}

// bareHost is the floor of calls.
func (w *workspace) bareHost(ctx context.Context) (*host, error) {
	command := exec.CommandContext(ctx, w.built("floor/host"), w.built("floor/plugin"))
	command.Env = environment(filepath.Join(w.dir, "built"))
	t, err := talk(command)
	if err != nil {
		return nil, err
	}
	if line, err := t.hear(); err != nil || string(line) != "ready\n" {
		return nil, errors.Join(fmt.Errorf("the bare host said %q", line), err, t.end())
	}
	return &host{t}, nil
}

// host is a bare plugin host whose plugin has answered once.
type host struct{ *talker }

func (h *host) load(callers, calls int) (measured load.Measured, err error) {
	return measured, h.ask(fmt.Sprint(callers, calls), &measured)
}

// median is the time of one call after another, in microseconds.
func (h *host) median(context.Context) (float64, error) {
	measured, err := h.load(1, serial)
	return microseconds(measured.Median), err
}

// perSecond is how many calls many callers make a second.
func (h *host) perSecond(context.Context) (float64, error) {
	measured, err := h.load(callers, parallel)
	return measured.PerSecond, err
}

// median is the same of a call of ours.
func median(call func() error) measure {
	return func(context.Context) (float64, error) {
		measured, err := load.Run(1, serial, call)
		return microseconds(measured.Median), err
	}
}

func perSecond(call func() error) measure {
	return func(context.Context) (float64, error) {
		measured, err := load.Run(callers, parallel, call)
		return measured.PerSecond, err
	}
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// echo calls the operation that answers its argument, and holds it to that.
func (o *opened) echo(ctx context.Context, operation string) func() error {
	want := fmt.Sprintf(`{"text":%q}`, kilobyte)
	return func() error {
		answer, err := o.call(ctx, operation, want)
		if err == nil && string(answer) != want {
			err = fmt.Errorf("%s answered %.80s", operation, answer)
		}
		return err
	}
}

// order calls the operation that goes over HTTP to the emulator.
func (o *opened) order(ctx context.Context, plugin string) func() error {
	return func() error {
		answer, err := o.call(ctx, plugin+"_shop_order", `{"orderId":"o-1042"}`)
		if err == nil && !strings.Contains(string(answer), `"o-1042"`) {
			err = fmt.Errorf("the order is %.80s", answer)
		}
		return err
	}
}

// direct is the vendor's part of order, in microseconds.
func (o *opened) direct(plugin string) measure {
	return func(ctx context.Context) (float64, error) {
		answer, err := o.call(ctx, plugin+"_direct", fmt.Sprintf(`{"calls":%d}`, serial))
		if err != nil {
			return 0, err
		}
		var took struct {
			Nanoseconds time.Duration `json:"nanoseconds"`
		}
		err = json.Unmarshal(answer, &took)
		return microseconds(took.Nanoseconds), err
	}
}

// echoBatch is echo as a line of a batch.
func echoBatch(batch *talker, plugin string) error {
	var answer struct {
		Result struct {
			Text string `json:"text"`
		} `json:"result"`
		Problem json.RawMessage `json:"problem"`
	}
	err := batch.ask(fmt.Sprintf(`{"operation":"%s_echo","arguments":{"text":%q}}`, plugin, kilobyte), &answer)
	if err == nil && answer.Result.Text != kilobyte {
		err = fmt.Errorf("the batch answered with a problem: %s", answer.Problem)
	}
	return err
}
