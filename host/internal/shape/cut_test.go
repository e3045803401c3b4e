package shape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/shape"
)

// cutAnswer is a cut answer with what it says of the cuts.
type cutAnswer struct {
	Cut *struct {
		Bytes int
		Parts []cutPart
		More  int `json:"more_parts"`
		Next  string
	} `json:"mqtrail_cut"`
}

type cutPart struct {
	Pointer  string
	Kept, Of int
	Unit     string
}

func cut(t *testing.T, answer string, tokens int) (string, cutAnswer) {
	t.Helper()
	got, err := shape.Cut(json.RawMessage(answer), tokens, "Ask for less.")
	if err != nil {
		t.Fatal(err)
	}
	var said cutAnswer
	if err := json.Unmarshal(got, &said); err != nil {
		t.Fatalf("not JSON: %v: %.200s", err, got)
	}
	return string(got), said
}

func list(n int, element func(i int) string) string {
	elements := make([]string, n)
	for i := range elements {
		elements[i] = element(i)
	}
	return "[" + strings.Join(elements, ",") + "]"
}

func TestSmallAnswersStay(t *testing.T) {
	for _, answer := range []string{`{}`, ` { "a" : 1.0 }`, `{"a":[` + strings.Repeat(" ", 3000) + `]}`} {
		if got, said := cut(t, answer, 1000); got != answer || said.Cut != nil {
			t.Errorf("%s became %s", answer, got)
		}
	}
	if got, _ := cut(t, `{"a":[`+strings.Repeat(" ", 9000)+`1E5]}`, 1000); got != `{"a":[1E5]}` {
		t.Errorf("spaces alone: got %s", got)
	}
}

// The largest list loses its last elements; all else stays, in its order, and numbers keep their digits.
func TestLongListIsCutAtAnElement(t *testing.T) {
	answer := `{"total":9007199254740993,"data":{"list":` + list(4000, func(i int) string { return fmt.Sprintf(`{"offset":%d.10}`, i) }) + `,"page":[1,2,3]},"z":"end"}`
	got, said := cut(t, answer, 1000)
	if len(got) > 4000 {
		t.Errorf("%d bytes", len(got))
	}
	if !strings.HasPrefix(got, `{"total":9007199254740993,"data":{"list":[{"offset":0.10},{"offset":1.10},`) || !strings.Contains(got, `],"page":[1,2,3]},"z":"end","mqtrail_cut":`) {
		t.Errorf("got %s", got)
	}
	if said.Cut == nil || len(said.Cut.Parts) != 1 || said.Cut.Next != "Ask for less." || said.Cut.Bytes != len(answer) {
		t.Fatalf("said %+v", said.Cut)
	}
	part := said.Cut.Parts[0]
	if kept := strings.Count(got, `"offset"`); part != (cutPart{"/data/list", kept, 4000, "elements"}) || kept < 50 {
		t.Errorf("said %+v, kept %d", part, kept)
	}
}

// Long texts end with a mark; no escape and no character is broken.
func TestLongTextIsCut(t *testing.T) {
	for _, piece := range []string{"x", `\n`, `\u4e2d`, "中", `\ud83d\ude00`, "😀", `\\`, `\"`} {
		for shift := range 6 {
			body := strings.Repeat("a", shift) + strings.Repeat(piece, 9000/len(piece)+1)
			got, said := cut(t, `{"list":[{"id":1,"body":"`+body+`"}]}`, 1000)
			if said.Cut == nil || len(said.Cut.Parts) != 1 || said.Cut.Parts[0].Pointer != "/list/0/body" || said.Cut.Parts[0].Unit != "bytes" || said.Cut.Parts[0].Of != len(body) {
				t.Fatalf("%s: said %+v", piece, said.Cut)
			}
			kept := body[:said.Cut.Parts[0].Kept]
			want := fmt.Sprintf(`{"list":[{"id":1,"body":"%s…[cut: %d of %d bytes]"}],`, kept, len(kept), len(body))
			if !strings.HasPrefix(got, want) || len(kept) < 1000 {
				t.Errorf("%s: got %.300s", piece, got)
			}
			if (len(kept)-shift)%len(piece) != 0 {
				t.Errorf("%s: cut within it after %d bytes", piece, len(kept))
			}
		}
	}
}

// Where hardly an element fits whole, the first few are cut themselves instead of being lost.
func TestLargeElementsAreCutWithin(t *testing.T) {
	answer := `{"list":` + list(9, func(i int) string {
		return fmt.Sprintf(`{"id":%d,"items":%s}`, i, list(500, func(i int) string { return fmt.Sprint(i) }))
	}) + `}`
	got, said := cut(t, answer, 1000)
	var kept struct{ List []struct{ Items []int } }
	if err := json.Unmarshal([]byte(got), &kept); err != nil {
		t.Fatal(err)
	}
	if len(kept.List) != 4 {
		t.Fatalf("%d elements are kept: %s", len(kept.List), got)
	}
	for i, element := range kept.List {
		if len(element.Items) < 20 {
			t.Errorf("element %d keeps %d items", i, len(element.Items))
		}
	}
	want := []cutPart{}
	for i, element := range kept.List {
		want = append(want, cutPart{fmt.Sprintf("/list/%d/items", i), len(element.Items), 500, "elements"})
	}
	want = append(want, cutPart{"/list", 4, 9, "elements"})
	if diff := cmp.Diff(want, said.Cut.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// drawValue draws JSON of every kind, some of it large.
func drawValue(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 6).Draw(t, "kind")
		if depth == 0 {
			kind %= 4
		}
		switch kind {
		case 0:
			return rapid.SampledFrom([]string{"null", "true", "false", "0", "-1.50", "1E400", "9223372036854775808", "0.1000000000000000055"}).Draw(t, "scalar")
		case 1, 2:
			return drawText(t, 40)
		case 3:
			return drawText(t, 3000)
		case 4:
			n := rapid.IntRange(0, 6).Draw(t, "members")
			members := make([]string, n)
			for i := range members {
				members[i] = drawText(t, 12) + ":" + drawValue(depth-1).Draw(t, "member")
			}
			return "{" + strings.Join(members, ",") + "}"
		default:
			n := rapid.IntRange(0, 8).Draw(t, "elements")
			element := drawValue(depth-1).Draw(t, "element")
			return list(n*rapid.SampledFrom([]int{1, 1, 50}).Draw(t, "times"), func(int) string { return element })
		}
	})
}

func drawText(t *rapid.T, longest int) string {
	text := rapid.StringN(0, longest, longest).Draw(t, "text")
	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// Whatever the answer: it is JSON, within the budget, and what is kept is what was there, in its order.
func TestCutHoldsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answer := `{"a":` + drawValue(4).Draw(t, "first") + `,"b":` + drawValue(4).Draw(t, "second") + `}`
		tokens := rapid.IntRange(0, 3000).Draw(t, "tokens")
		got, err := shape.Cut(json.RawMessage(answer), tokens, strings.Repeat("n", rapid.IntRange(0, 2000).Draw(t, "next")))
		if err != nil {
			t.Fatal(err)
		}
		if budget := 4 * max(tokens, shape.LeastTokens); len(got) > budget {
			t.Fatalf("%d bytes, more than %d", len(got), budget)
		}
		before, after := tokensOf(t, []byte(answer)), tokensOf(t, got)
		if _, said := after.(map[string]any)["mqtrail_cut"]; !said && !cmp.Equal(before, after) {
			t.Fatalf("cut in silence: %s became %s", answer, got)
		}
		delete(after.(map[string]any), "mqtrail_cut")
		if reason := within(after, before); reason != "" {
			t.Fatalf("%s: %s became %s", reason, answer, got)
		}
	})
}

func tokensOf(t *rapid.T, text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("not JSON: %v: %s", err, text)
	}
	return value
}

// within says why a value is not the beginning of another; "" when it is.
func within(part, whole any) string {
	switch part := part.(type) {
	case map[string]any:
		object, ok := whole.(map[string]any)
		if !ok {
			return "an object was none"
		}
		for name, member := range part {
			if reason := within(member, object[name]); reason != "" {
				return reason
			}
		}
	case []any:
		array, ok := whole.([]any)
		if !ok || len(part) > len(array) {
			return "an array was none, or shorter"
		}
		for i, element := range part {
			if reason := within(element, array[i]); reason != "" {
				return reason
			}
		}
	case string:
		text, ok := whole.(string)
		kept, _, _ := strings.Cut(part, "…[cut: ")
		if !ok || part != text && !strings.HasPrefix(text, kept) {
			return "a text is another"
		}
	default:
		if part != whole {
			return fmt.Sprintf("%v was %v", part, whole)
		}
	}
	return ""
}

// FuzzCut holds that no JSON object breaks the cutter.
func FuzzCut(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2]}`, `{"` + strings.Repeat("k", 9000) + `":1}`, strings.Repeat(`{"a":`, 2000) + `1` + strings.Repeat(`}`, 2000),
		`{"a":` + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + `}`, `{"n":` + strings.Repeat("9", 9000) + `}`,
		`{"a":"` + strings.Repeat(`\ud800`, 2000) + `"}`, `{"mqtrail_cut":[` + strings.Repeat("1,", 9000) + `1]}`,
		`{` + strings.Repeat(`"":1,`, 3000) + `"":"` + strings.Repeat(`"`, 0) + `"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) != nil || object == nil {
			return
		}
		got, err := shape.Cut(json.RawMessage(text), 1000, "next")
		if err != nil || !json.Valid(got) || len(got) > 4000 {
			t.Fatalf("%d bytes, %v: %.300s", len(got), err, got)
		}
	})
}

func BenchmarkCut(b *testing.B) {
	answer := json.RawMessage(`{"data":{"list":` + list(100_000, func(i int) string { return fmt.Sprintf(`{"offset":%d,"body":"%060d"}`, i, i) }) + `}}`)
	b.SetBytes(int64(len(answer)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shape.Cut(answer, 20_000, "next"); err != nil {
			b.Fatal(err)
		}
	}
}
