package verbs

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

var update = flag.Bool("update", false, "write the golden files")

// vendor answers calls from a table, and remembers them.
type vendor struct {
	answers map[string]func(arguments map[string]any) (string, error) // by the vendor's name of the operation
	mutex   sync.Mutex
	calls   []call
}

type call struct {
	Operation string
	Arguments map[string]any
}

func (v *vendor) Do(_ context.Context, file *sdk.File, raw json.RawMessage) (json.RawMessage, error) {
	var arguments map[string]any
	if err := json.Unmarshal(raw, &arguments); err != nil {
		return nil, err
	}
	v.mutex.Lock()
	v.calls = append(v.calls, call{file.Operation, arguments})
	v.mutex.Unlock()
	answer, ok := v.answers[file.Operation]
	if !ok {
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "Nobody expected %s.", file.Operation)
	}
	data, err := answer(arguments)
	if err != nil {
		return nil, err
	}
	return json.RawMessage(`{"requestId":"R-` + file.Operation + `","success":true,"code":"200","data":` + data + `}`), nil
}

func (v *vendor) made(operation string) []call {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return slices.DeleteFunc(slices.Clone(v.calls), func(c call) bool { return c.Operation != operation })
}

type answers = map[string]func(map[string]any) (string, error)

func says(data string) func(map[string]any) (string, error) {
	return func(map[string]any) (string, error) { return data, nil }
}

func refuses(code, vendorCode string) func(map[string]any) (string, error) {
	return func(map[string]any) (string, error) {
		problem := sdk.Problemf(sdk.SourceVendor, code, "The vendor refused it.")
		problem.VendorCode = vendorCode
		return "", problem
	}
}

// moment is the time of the tests: 2026-03-10 12:00:00 UTC+8.
func moment() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, beijing()) }

func telling(t *testing.T, given answers) (*Verbs, *vendor) {
	t.Helper()
	v := &vendor{answers: given}
	return New(v, "", moment), v
}

func same(t *testing.T, name string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got any) {
	t.Helper()
	encoded, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	encoded = append(encoded, '\n')
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, encoded, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) // #nosec G304 -- of testdata
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(encoded)); diff != "" {
		t.Errorf("%s: -want +got\n%s", path, diff)
	}
}

// digest is a trace in short: stage, outcome, group and attempt of each event.
func digest(events []trail.Event) []string {
	lines := []string{}
	for _, e := range events {
		line := string(e.Stage) + " " + string(e.Outcome)
		if e.Actor.Group != "" {
			line += " " + e.Actor.Group
		}
		if e.Attempt > 0 {
			line += " #" + string(rune('0'+e.Attempt))
		}
		if e.Raw != "" {
			line += " " + e.Raw
		}
		lines = append(lines, line)
	}
	return lines
}
