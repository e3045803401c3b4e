package operations_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// all is the catalogue of the operation files, as their plugins describe them.
// whole is a manifest whose operations are all there.
type whole struct{ *protocol.Manifest }

func (w whole) Brief() *protocol.Manifest { return w.Manifest }

func (w whole) Operation(i int) (*protocol.Operation, error) { return w.Operations[i], nil }

func all(t testing.TB) *operations.Catalogue {
	t.Helper()
	var manifests []whole
	for vendor, files := range map[string]fs.FS{"aliyun": schemas.Aliyun, "ctyun": schemas.CTyun, "huawei": schemas.Huawei} {
		names, err := sdk.FileNames(files)
		if err != nil {
			t.Fatal(err)
		}
		manifest := &protocol.Manifest{Name: vendor}
		for _, name := range names {
			manifest.Operations = append(manifest.Operations, described(t, vendor, files, name))
		}
		manifests = append(manifests, whole{manifest})
	}
	return operations.New(manifests...)
}

func described(t testing.TB, vendor string, files fs.FS, name string) *protocol.Operation {
	t.Helper()
	file, err := sdk.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Info()
	if err != nil {
		t.Fatal(err)
	}
	return &protocol.Operation{
		Name: vendor + "_" + sdk.ToolName(name), VendorName: info.VendorName, Product: info.Product, Title: info.Title,
		Description: info.Description, Request: info.Request, Access: string(info.Access), Toolset: info.Toolset, Keywords: info.Keywords,
		Aliases: info.Aliases, InputSchema: info.Input, OutputSchema: info.Output,
	}
}

type question struct {
	Question   string   `json:"question"`
	Operations []string `json:"operations"` // that answer it
}

func questions(t testing.TB) []question {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "questions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []question
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// At least nine of ten questions, asked the way people ask, find an operation that answers them among the first
// three.
func TestQuestionsFindTheirOperations(t *testing.T) {
	const first, wanted = 3, 0.9
	catalogue := all(t)
	asked := questions(t)
	if len(asked) < 120 {
		t.Errorf("%d questions, want 120", len(asked))
	}
	found := 0
	for _, q := range asked {
		for _, name := range q.Operations {
			if operation, err := catalogue.Lookup(name); err != nil || operation.Name != name {
				t.Errorf("%s: there is no operation %s", q.Question, name)
			}
		}
		hits := catalogue.Search(operations.Query{Words: q.Question})
		rank := slices.IndexFunc(hits, func(o *operations.Operation) bool { return slices.Contains(q.Operations, o.Name) })
		if 0 <= rank && rank < first {
			found++
			continue
		}
		t.Logf("%s: rank %d; first are %v; want one of %v", q.Question, rank+1, namesOf(hits[:min(first, len(hits))]), q.Operations)
	}
	t.Logf("%d of %d questions find an operation among the first %d", found, len(asked), first)
	if float64(found) < wanted*float64(len(asked)) {
		t.Errorf("%d of %d is less than %.0f %%", found, len(asked), 100*wanted)
	}
}

func namesOf(found []*operations.Operation) []string {
	names := make([]string, len(found))
	for i, operation := range found {
		names[i] = operation.Name
	}
	return names
}

// BenchmarkQuestions asks the questions of all operations and reports the slowest answers.
func BenchmarkQuestions(b *testing.B) {
	catalogue, asked := all(b), questions(b)
	catalogue.Search(operations.Query{Words: "topic"}) // makes the index
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		catalogue.Search(operations.Query{Words: asked[i%len(asked)].Question})
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkIndex makes the index, which the first search waits for.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		catalogue := all(b)
		b.StartTimer()
		catalogue.Search(operations.Query{Words: "topic"})
	}
}

// What an operation is called finds it first, however it is written.
func TestNamesFindTheirOperations(t *testing.T) {
	catalogue := all(t)
	for _, operation := range catalogue.All() {
		for _, name := range []string{operation.Name, strings.ReplaceAll(operation.Name, "_", " "), strings.ToUpper(operation.Name)} {
			if hits := catalogue.Search(operations.Query{Words: name}); len(hits) == 0 || hits[0] != operation {
				t.Errorf("%q finds %v first", name, namesOf(hits[:min(1, len(hits))]))
			}
		}
		hits := catalogue.Search(operations.Query{Words: operation.VendorName, Plugin: operation.Plugin, Product: operation.Product})
		if len(hits) == 0 || !strings.EqualFold(hits[0].VendorName, operation.VendorName) {
			t.Errorf("%q finds %v first", operation.VendorName, namesOf(hits[:min(1, len(hits))]))
		}
	}
}

func TestFilters(t *testing.T) {
	catalogue := all(t)
	for _, query := range []operations.Query{
		{Plugin: "huawei"}, {Product: "kafka"}, {Access: sdk.AccessDestructive}, {Toolset: "messages"},
		{Plugin: "huawei", Product: "mqs", Access: sdk.AccessRead, Toolset: "messages"},
	} {
		for _, words := range []string{"", "message", "消息"} {
			query.Words = words
			hits := catalogue.Search(query)
			if len(hits) == 0 {
				t.Errorf("%+v finds nothing", query)
			}
			for _, o := range hits {
				if query.Plugin != "" && o.Plugin != query.Plugin || query.Product != "" && o.Product != query.Product ||
					query.Access != "" && o.Needs() != query.Access || query.Toolset != "" && o.Toolset != query.Toolset {
					t.Errorf("%+v finds %s", query, o.Name)
				}
			}
		}
	}
	if got, want := len(catalogue.Search(operations.Query{})), len(catalogue.All()); got != want {
		t.Errorf("no words find %d operations, want all %d", got, want)
	}
	if hits := catalogue.Search(operations.Query{Words: "xyzzy"}); len(hits) > 0 {
		t.Errorf("a word that nothing has finds %v", namesOf(hits))
	}
	for _, o := range catalogue.Search(operations.Query{Words: "华为云 kafka"}) {
		if o.Plugin != "huawei" || o.Product != "kafka" {
			t.Errorf("the name of a vendor and a product finds %s", o.Name)
		}
	}
}

func TestRelated(t *testing.T) {
	catalogue := all(t)
	for name, want := range map[string][]string{
		"aliyun_rocketmq_create_topic": {"aliyun_rocketmq_delete_topic", "aliyun_rocketmq_get_topic", "aliyun_rocketmq_list_topics", "aliyun_rocketmq_update_topic"},
		"ctyun_kafka_quota_topic_list": {"ctyun_kafka_quota_topic_create", "ctyun_kafka_quota_topic_delete", "ctyun_kafka_quota_topic_update"},
	} {
		operation, err := catalogue.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		related := namesOf(catalogue.Related(operation))
		for _, other := range want {
			if !slices.Contains(related, other) {
				t.Errorf("%s is not related to %s, but are %v", other, name, related)
			}
		}
	}
	for _, operation := range catalogue.All() {
		for _, other := range catalogue.Related(operation) {
			if other == operation || other.Plugin != operation.Plugin || other.Product != operation.Product {
				t.Errorf("%s is related to %s", other.Name, operation.Name)
			}
		}
	}
}

// Of the versions of one request, that without a version in its name is to be preferred.
func TestNewer(t *testing.T) {
	newer := map[string]string{}
	for old, preferred := range all(t).Newer() {
		newer[old.Name] = preferred.Name
	}
	for old, preferred := range map[string]string{
		"ctyun_rocketmq_v2_message_query_by_id": "ctyun_rocketmq_message_query_by_msg_id",
		"ctyun_rocketmq_v2_topic_create":        "ctyun_rocketmq_topic_create",
		"ctyun_kafka_v4_topic_query":            "ctyun_kafka_topic_query",
	} {
		if newer[old] != preferred {
			t.Errorf("%s is preferred to %s, want %s", newer[old], old, preferred)
		}
	}
	for _, own := range []string{"ctyun_rocketmq_message_query_by_msg_id", "ctyun_rocketmq_v1_available_region", "huawei_kafka_list_instances"} {
		if newer[own] != "" {
			t.Errorf("%s is preferred to %s", newer[own], own)
		}
	}
}
