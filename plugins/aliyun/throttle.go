package main

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait is the longest wait that is believed.
const maxWait = 24 * time.Hour

// throttleWait is how long the vendor asks to wait, 0 when it does not say. Its headers count milliseconds, unlike the
// standard's Retry-After.
func throttleWait(header http.Header) time.Duration {
	wait := milliseconds(header.Get("x-acs-retry-after"))
	for _, name := range []string{"x-ratelimit-user-api", "x-ratelimit-user"} {
		for pair := range strings.SplitSeq(header.Get(name), ",") {
			if key, value, _ := strings.Cut(pair, ":"); strings.TrimSpace(key) == "TimeLeft" {
				wait = max(wait, milliseconds(value))
			}
		}
	}
	return wait
}

func milliseconds(text string) time.Duration {
	count, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || count < 0 {
		return 0
	}
	return time.Duration(min(count, maxWait.Milliseconds())) * time.Millisecond
}
