package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// growth measures what ten times as many operations or plugins cost.
func growth(ctx context.Context, w *workspace) ([]finding, error) {
	var found []finding
	few := []string{"bench50"}
	for _, more := range []struct {
		what    string
		plugins []string
	}{
		{"10 × operations (50 → 500)", []string{"bench500"}},
		{"10 × plugins (1 → 10, of 50 operations)", ten("bench50")},
	} {
		rows, err := w.grow(ctx, more.what, few, more.plugins)
		if err != nil {
			return found, err
		}
		found = append(found, rows...)
	}
	return found, nil
}

// ten are ten plugins of as many operations.
func ten(name string) []string {
	names := make([]string, 10)
	for i := range names {
		names[i] = name + string(rune('a'+i))
	}
	return names
}

func (w *workspace) grow(ctx context.Context, what string, few, many []string) (found []finding, err error) {
	var starts, lists, calls []measure
	for i, plugins := range [][]string{few, many} {
		installed, err := w.installation(fmt.Sprintf("grown-%s-%d", many[0], i), nil, plugins)
		if err != nil {
			return nil, err
		}
		s, err := serve(installed.serveAll(ctx))
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, s.end()) }()
		gateway, err := installed.open(ctx)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, gateway.close()) }()
		starts = append(starts, untilListed(installed.serveAll))
		lists = append(lists, listing(s))
		calls = append(calls, median(gateway.echo(ctx, plugins[0]+"_echo")))
	}
	start, err := turns(ctx, startRounds/3, starts...)
	if err != nil {
		return nil, err
	}
	list, err := turns(ctx, startRounds, lists...)
	if err != nil {
		return nil, err
	}
	call, err := turns(ctx, callRounds, calls...)
	if err != nil {
		return nil, err
	}
	return []finding{
		compare(what+": start → tools/list", start[0], start[1], "ms", times(10), "serve --toolsets all --access destructive: every operation is a tool."),
		compare("  tools/list alone", list[0], list[1], "ms", times(12), "A tools/list of a running server: 10 is linear, and noise may add a fifth."),
		compare("  a call, p50", call[0], call[1], "µs", times(1.2), "The typed operation through the gateway in this process; 1.2 is what noise may make of unchanged."),
	}, nil
}

// listing is the time of one tools/list, in milliseconds.
func listing(s *server) measure {
	return func(context.Context) (float64, error) {
		began := time.Now()
		_, err := s.list()
		return milliseconds(time.Since(began)), err
	}
}

// serveAll serves every operation as a tool.
func (i installation) serveAll(ctx context.Context) *exec.Cmd {
	return i.command(ctx, i.home, "serve", "--toolsets", "all", "--access", "destructive")
}
