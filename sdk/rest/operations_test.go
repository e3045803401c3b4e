package rest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
)

// echo is a connection that answers with what it was asked.
type echo struct{}

func (echo) Do(_ context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	return json.RawMessage(`{"` + file.Product + "/" + file.Name + `":` + string(arguments) + `}`), nil
}

func TestEveryFileIsAnOperation(t *testing.T) {
	files := fstest.MapFS{
		"acme/queue/get.json":    {Data: []byte(reading)},
		"acme/queue/put.json":    {Data: []byte(writing)},
		"acme/queue/broken.json": {Data: []byte(`{"operation": 1}`)},
		"acme/queue/notes.txt":   {Data: []byte("no operation")},
	}
	var names []string
	for _, operation := range FromFiles[echo](files).Operations() {
		names = append(names, operation.Name)
		info, err := operation.Describe(sdk.Docs{})
		answer, callErr := operation.Invoke(t.Context(), echo{}, json.RawMessage(`{"id":1}`))
		if operation.Name == "queue_broken" {
			for _, err := range []error{err, callErr} {
				if err == nil || !strings.Contains(err.Error(), "acme/queue/broken.json") {
					t.Errorf("a broken file: %v", err)
				}
			}
			continue
		}
		if err != nil || info.Product != "queue" || info.VendorName == "" {
			t.Errorf("%s: %+v, %v", operation.Name, info, err)
		}
		want := `{"queue/` + strings.TrimPrefix(operation.Name, "queue_") + `":{"id":1}}`
		if callErr != nil || string(answer) != want {
			t.Errorf("%s answered %s, %v; want %s", operation.Name, answer, callErr, want)
		}
	}
	if diff := cmp.Diff([]string{"queue_broken", "queue_get", "queue_put"}, names); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}

// unlistable is a folder that cannot be read.
type unlistable struct{}

func (unlistable) Open(string) (fs.File, error) { return nil, errors.New("disk on fire") }

func TestUnlistableFolderIsHeardOf(t *testing.T) {
	operations := FromFiles[echo](unlistable{}).Operations()
	if len(operations) != 1 {
		t.Fatalf("%d operations", len(operations))
	}
	if _, err := operations[0].Describe(sdk.Docs{}); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("described with %v", err)
	}
}
