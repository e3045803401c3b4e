package verbs

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

var update = flag.Bool("update", false, "write the golden files anew")

const instance = "i-1"

// noon is when the tests are.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// vendor answers calls by the vendor's name of the operation; others fail the test. An answer that begins with DMS. is
// an error's code.
type vendor struct {
	*testing.T
	answer map[string]func(given map[string]any) string

	mu    sync.Mutex
	asked []string
}

// always answers with the same text.
func always(text string) func(map[string]any) string {
	return func(map[string]any) string { return text }
}

func (v *vendor) Do(_ context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	v.mu.Lock()
	v.asked = append(v.asked, file.Operation)
	v.mu.Unlock()
	var given map[string]any
	if err := json.Unmarshal(arguments, &given); err != nil {
		v.Error(err)
	}
	for name := range given {
		if !strings.Contains(string(file.Input), `"`+name+`"`) {
			v.Errorf("%s has no argument %s", file.Operation, name)
		}
	}
	answer := v.answer[file.Operation]
	if answer == nil {
		v.Errorf("%s %s was not expected", file.Operation, arguments)
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "not expected")
	}
	text := answer(given)
	if strings.HasPrefix(text, "DMS.") {
		problem := sdk.Problemf(sdk.SourceVendor, sdk.CodeVendorError, "refused with %s", text)
		problem.VendorCode, problem.VendorRequestID = text, "r-1"
		return nil, problem
	}
	return json.RawMessage(text), nil
}

// over makes verbs over a vendor that answers so.
func over(t *testing.T, answer map[string]func(map[string]any) string) (*Verbs, *vendor) {
	t.Helper()
	fake := &vendor{T: t, answer: answer}
	return New(schemas.Huawei, fake, "cn-north-4", func() time.Time { return noon }), fake
}

func golden(t *testing.T, name string, got any) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)+"\n"); diff != "" {
		t.Errorf("%s (write it with -update):\n%s", file, diff)
	}
}

// mentions fails unless one of the texts has the words.
func mentions(t *testing.T, texts []string, words string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(text, words) {
			return
		}
	}
	t.Errorf("%q says nothing of %q", texts, words)
}

func isProblem(t *testing.T, err error, code string) {
	t.Helper()
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func ids(messages []trail.Message) []string {
	found := []string{}
	for _, one := range messages {
		found = append(found, one.ID)
	}
	return found
}
