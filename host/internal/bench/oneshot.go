package main

import (
	"context"
	"fmt"
	"time"
)

// oneShot measures a call that starts everything.
func oneShot(ctx context.Context, w *workspace) ([]finding, error) {
	var whole series
	first := func(ctx context.Context) (float64, error) {
		began := time.Now()
		host, err := w.bareHost(ctx)
		if err != nil {
			return 0, err
		}
		took := milliseconds(time.Since(began))
		err = host.end()
		whole = append(whole, milliseconds(time.Since(began)))
		return took, err
	}
	call := func(ctx context.Context) (float64, error) {
		began := time.Now()
		answer, err := w.filled.command(ctx, w.filled.home, "call", w.synthetic+"_echo", "text="+kilobyte, "-o", "json").Output()
		took := milliseconds(time.Since(began))
		if err == nil && len(answer) < len(kilobyte) {
			err = fmt.Errorf("it answered %q", answer)
		}
		if err != nil {
			return 0, fmt.Errorf("mqtrail call: %w", withStderr(err))
		}
		return took, nil
	}
	taken, err := turns(ctx, startRounds, first, call)
	if err != nil {
		return nil, err
	}
	return []finding{compare("mqtrail call, one shot", taken[0], taken[1], "ms", times(3),
		fmt.Sprintf("From spawn to exit, manifests cached, an operation without HTTP; the floor is from spawn to the first reply (to its exit: %s).", show(whole.median(), "ms")))}, nil
}
