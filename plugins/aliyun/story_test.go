package main

import (
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/itchyny/gojq"

	"github.com/mqtrail/mqtrail/sdk"
)

// step is one call of a story, and what it comes to.
type step struct {
	operation string
	// arguments may have $last: what the step before found.
	arguments string
	// find is a jq expression about the answer; want is what it finds, as JSON. No want: anything but null and false.
	find, want string
	// refused is the vendor's code of a call that must fail.
	refused string
	// later moves the vendor's clock on, before the call.
	later time.Duration
}

// tell makes the calls of a story through the real client, in a sandbox of its own.
func tell(t *testing.T, steps []step) {
	t.Helper()
	began := time.Now()
	var later atomic.Int64
	c := connect(t, emulated(t, func() time.Time { return began.Add(time.Duration(later.Load())) }))
	last := ""
	for n, s := range steps {
		later.Add(int64(s.later))
		arguments := strings.ReplaceAll(s.arguments, "$last", last)
		answer, err := c.Do(t.Context(), operation(t, s.operation), json.RawMessage(arguments))
		var problem *sdk.Problem
		switch {
		case s.refused != "":
			if !errors.As(err, &problem) || problem.VendorCode != s.refused {
				t.Fatalf("step %d, %s %s: error %v, answer %s; want it refused with %s", n, s.operation, arguments, err, answer, s.refused)
			}
			continue
		case err != nil:
			t.Fatalf("step %d, %s %s: %v", n, s.operation, arguments, err)
		case s.find == "":
			s.find = ".success"
		}
		last = found(t, s.find, answer)
		if s.want == "" && (last == "null" || last == "false") || s.want != "" && !cmp.Equal(decode(t, json.RawMessage(s.want)), decode(t, json.RawMessage(last))) {
			t.Fatalf("step %d, %s %s: %s finds %s, want %s\n%s", n, s.operation, arguments, s.find, last, s.want, answer)
		}
		last = strings.Trim(last, `"`)
	}
}

// found is what a jq expression finds in an answer, as JSON.
func found(t *testing.T, expression string, answer json.RawMessage) string {
	t.Helper()
	query, err := gojq.Parse(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	var value any
	if err := json.Unmarshal(answer, &value); err != nil {
		t.Fatal(err)
	}
	result, ok := query.Run(value).Next()
	if err, failed := result.(error); failed || !ok {
		t.Fatalf("%s: %v in %s", expression, err, answer)
	}
	encoded, err := gojq.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
