package operations

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// many is a catalogue of 500 operations with schemas as large as vendors' are.
func many() *Catalogue {
	manifest := &protocol.Manifest{Name: "bench"}
	for i := range 500 {
		properties := make([]string, 9)
		for field := range properties {
			properties[field] = fmt.Sprintf(`"argument%d":{"type":"string","maxLength":64,"pattern":"^[A-Za-z0-9_-]{1,64}$","description":"Argument %d in a few words."}`, field, field)
		}
		manifest.Operations = append(manifest.Operations, &protocol.Operation{
			Name: fmt.Sprintf("bench_shop_list_things_%03d", i), VendorName: fmt.Sprintf("ListThings%03d", i),
			Title: "List the things of one kind", Keywords: []string{"things", "查询消息"},
			Description: "Lists the things of one kind, newest first, with their state and the consumer groups that hold them.",
			Access:      "read", Toolset: "messages",
			InputSchema:  json.RawMessage(`{"type":"object","properties":{` + strings.Join(properties, ",") + `},"required":["argument0"]}`),
			OutputSchema: json.RawMessage(`{"type":"object"}`),
		})
	}
	return New(complete{manifest})
}

// complete is a manifest whose operations are all there.
type complete struct{ *protocol.Manifest }

func (c complete) Brief() *protocol.Manifest { return c.Manifest }

func (c complete) Operation(i int) (*protocol.Operation, error) { return c.Operations[i], nil }

func BenchmarkLookup(b *testing.B) {
	catalogue := many()
	for _, name := range []string{"bench_shop_list_things_250", "ListThings250", "bench_shop_list_thinsg_250"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = catalogue.Lookup(name) // the last one is unknown, which costs most
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	catalogue := many()
	for _, words := range []string{"consumer groups", "查询消息", "nothing has this"} {
		b.Run(words, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalogue.Search(Query{Words: words})
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	operation, err := many().Lookup("bench_shop_list_things_250")
	if err != nil {
		b.Fatal(err)
	}
	every := make([]string, 9)
	for i := range every {
		every[i] = fmt.Sprintf(`"argument%d":"%s"`, i, strings.Repeat("x", 64))
	}
	for name, arguments := range map[string]string{"one": every[0], "all": strings.Join(every, ",")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := operation.Check(json.RawMessage("{" + arguments + "}")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
