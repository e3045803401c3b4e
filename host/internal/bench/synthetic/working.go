package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

type echoed struct {
	Text string `json:"text" jsonschema:"description=What comes back."`
}

func echo(_ context.Context, _ *client, in echoed) (echoed, error) { return in, nil }

type directed struct {
	Calls int `json:"calls" jsonschema:"minimum=1,maximum=1000,description=How many requests to send."`
}

type timed struct {
	Nanoseconds int64 `json:"nanoseconds" jsonschema:"description=Median of one request, with its answer read."`
}

// direct is the vendor's part of a call of order: the same request to the same emulator, by net/http alone.
func direct(ctx context.Context, c *client, in directed) (timed, error) {
	took := make([]time.Duration, in.Calls)
	for i := range took {
		began := time.Now()
		if err := get(ctx, c.Endpoint+"/orders/o-1042"); err != nil {
			return timed{}, err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return timed{took[len(took)/2].Nanoseconds()}, nil
}

func get(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // read below
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the emulator answered %s", response.Status)
	}
	return nil
}
