package schemas_test

import (
	"encoding/json"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	fingerprintFile = "testdata/vendortexts.sha40"
	// vendorTexts names the folder of the vendors' texts, JSON files, which are not in the project.
	vendorTexts = "MQTRAIL_VENDOR_TEXTS"
)

// No text of ours has a sentence of the vendors' documents: 8 words or 16 Han characters in a row. The documents are
// not ours to keep, so the project keeps fingerprints of every such run of theirs. With the documents at hand, JSON files
// whose prose is under vendorText, x-vendorText, description, summary, title or message, the fingerprints are made by
//
//	MQTRAIL_VENDOR_TEXTS=<folder> go test ./schemas -run TestTextsAreOurs -update
func TestTextsAreOurs(t *testing.T) {
	if *update {
		updateFingerprints(t)
	}
	raw, err := os.ReadFile(fingerprintFile)
	if err != nil {
		t.Fatal(err)
	}
	known, err := readFingerprints(raw)
	if err != nil || len(known) < 5_000 {
		t.Fatalf("%s: %d fingerprints, %v", fingerprintFile, len(known), err)
	}
	texts := 0
	for _, vendor := range vendors {
		names, err := sdk.FileNames(vendor.files)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := fs.ReadFile(vendor.files, name)
			if err != nil {
				t.Fatal(err)
			}
			for text := range textsOf(decode(t, content), ourProse) {
				texts++
				if run := known.shared(text); run != "" {
					t.Errorf("%s: %q is in the vendor's documents; say it in other words: %q", name, run, text)
				}
			}
		}
	}
	if texts < 5_000 {
		t.Errorf("only %d texts were found in the files", texts)
	}
}

func updateFingerprints(t *testing.T) {
	t.Helper()
	folder := os.Getenv(vendorTexts)
	if folder == "" {
		t.Fatalf("%s was not written: %s names no folder with the vendors' texts. README.md is written without it: -run TestIndexIsCurrent", fingerprintFile, vendorTexts)
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s was not written: there are no JSON files in %s (%v)", fingerprintFile, folder, err)
	}
	var documents []any
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, decode(t, content))
	}
	if err := os.WriteFile(fingerprintFile, fingerprintsOf(textsOf(documents, vendorsProse)).bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, content []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(content, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// The members whose texts are prose. A property may have such a name too: then its value is an object.
var (
	vendorsProse = []string{"vendorText", "x-vendorText", "description", "summary", "title", "message"}
	ourProse     = []string{"title", "description", "access_reason", "keywords"}
)

// factNames are in a lookup: the names are ours, the values pointers.
const factNames = "facts"

// textsOf are the texts under members with these names, however deep. Samples of calls and answers are the vendors',
// and no prose.
func textsOf(value any, names []string) iter.Seq[string] {
	return func(yield func(string) bool) { gather(value, names, false, yield) }
}

func gather(value any, names []string, prose bool, yield func(string) bool) bool {
	switch value := value.(type) {
	case string:
		return !prose || yield(value)
	case []any:
		for _, item := range value {
			if !gather(item, names, prose, yield) {
				return false
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			switch {
			case name == "example" || name == "examples":
			case name == factNames && !gatherNames(value[name], yield):
				return false
			case !gather(value[name], names, slices.Contains(names, name), yield):
				return false
			}
		}
	}
	return true
}

func gatherNames(value any, yield func(string) bool) bool {
	facts, _ := value.(map[string]any)
	for name := range facts {
		if !yield(name) {
			return false
		}
	}
	return true
}

// The check finds a sentence that was pasted, whatever was done to its case, spaces and punctuation, and passes what is
// nobody's.
func TestPastedSentences(t *testing.T) {
	documents := []any{map[string]any{"operations": []any{map[string]any{
		"vendorText": "The parrot sings its song before the first guest of the inn has left the house.",
		"input":      map[string]any{"properties": map[string]any{"kind": map[string]any{"x-vendorText": "取值范围：鹦鹉在客人离开旅店之前总要唱完一首很长的歌。"}}},
		"enum":       map[string]any{"description": "One of RUNNING, STOPPED, DELETED, CREATING, FAILED, FROZEN, LOCKED, UNKNOWN and v2.1."},
	}}}}
	encoded := fingerprintsOf(textsOf(documents, vendorsProse)).bytes()
	known, err := readFingerprints(encoded)
	if err != nil || len(known) == 0 {
		t.Fatalf("%d fingerprints, %v", len(known), err)
	}
	for text, shared := range map[string]string{
		"It is known: the parrot sings, its song BEFORE the first\nguest arrives.":    "the parrot sings its song before the first",
		"The parrot sings its song before the show, and the guests leave.":            "",
		"先说一句：鹦鹉在客人离开旅店之前，总要唱完一首短歌":                                                   "鹦鹉在客人离开旅店之前总要唱完一",
		"鹦鹉在客人离开之前总要唱完一首很长的歌":                                                         "",
		"Any of RUNNING, STOPPED, DELETED, CREATING, FAILED, FROZEN, LOCKED, UNKNOWN": "",
		"":  "",
		"鹉": "",
	} {
		file := map[string]any{"input": map[string]any{"properties": map[string]any{"a": map[string]any{"description": text}}}}
		found := ""
		for text := range textsOf(file, ourProse) {
			found = known.shared(text)
		}
		if found != shared {
			t.Errorf("%q: %q is found, want %q", text, found, shared)
		}
	}
}
