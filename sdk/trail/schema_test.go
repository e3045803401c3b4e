package trail_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

var update = flag.Bool("update", false, "write schemas/trail anew from the types")

const schemaFolder = "../../schemas/trail"

// everything has every verb.
type everything struct{ trail.MessageFinder }

func (everything) GetMessage(context.Context, trail.GetRequest) (*trail.GetAnswer, error) {
	return nil, trail.NotOffered("no")
}

func (everything) TraceMessage(context.Context, trail.TraceRequest) (*trail.TraceAnswer, error) {
	return nil, trail.NotOffered("no")
}

func (everything) ListSubscriptions(context.Context, trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	return nil, trail.NotOffered("no")
}

func (everything) ConsumerLag(context.Context, trail.LagRequest) (*trail.LagAnswer, error) {
	return nil, trail.NotOffered("no")
}

func (everything) ReplicationStatus(context.Context, trail.ReplicationRequest) (*trail.ReplicationAnswer, error) {
	return nil, trail.NotOffered("no")
}

func (everything) ListResources(context.Context, trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	return nil, trail.NotOffered("no")
}

// Go types make the schemas; the files in schemas/trail are what people read. They are written by
// go test ./sdk/trail -update.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	operations := trail.Implemented[everything]().Operations()
	if len(operations) != 7 {
		t.Fatalf("%d verbs, want all 7", len(operations))
	}
	files := map[string]bool{}
	for _, operation := range operations {
		name := strings.TrimPrefix(operation.Name, trail.Product+"_")
		got := schemaFile(t, operation)
		file := filepath.Join(schemaFolder, name+".json")
		files[file] = true
		if *update {
			if err := os.MkdirAll(schemaFolder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not what the types say (write it with -update):\n%s", file, diff)
		}
	}
	found, err := filepath.Glob(schemaFolder + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		if !files[file] {
			t.Errorf("%s is no verb's", file)
		}
	}
}

func schemaFile(t *testing.T, operation sdk.Operation[everything]) []byte {
	t.Helper()
	info, err := operation.Describe(sdk.Docs{})
	if err != nil {
		t.Fatal(err)
	}
	compact, err := json.Marshal(struct {
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Input       json.RawMessage `json:"input"`
		Output      json.RawMessage `json:"output"`
	}{info.Title, info.Description, info.Input, info.Output})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(text.Bytes(), '\n')
}

// A vendor without a verb does not offer it, so that nobody takes an empty list for an answer.
func TestOnlyVerbsThatAreThere(t *testing.T) {
	type finder struct{ trail.MessageFinder }
	var names []string
	for _, operation := range trail.Implemented[finder]().Operations() {
		names = append(names, operation.Name)
	}
	if diff := cmp.Diff([]string{"trail_find_messages"}, names); diff != "" {
		t.Error(diff)
	}
}
