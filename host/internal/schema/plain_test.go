package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The quick way reads the same values as the careful one, and leaves to it whatever has a fault.
func TestParsePlain(t *testing.T) {
	for document, plain := range map[string]bool{
		`{"a":1,"b":[true,null,"x:y\":z"],"c":{"a":9007199254740993}}`: true,
		`7`:                     true,
		`{"a":1,"a":2}`:         false,
		`{"a":{"b":1,"b":":"}}`: false,
		`{"a":1} {"b":2}`:       false,
		`{"a":`:                 false,
		`1e1000001`:             false,
		strings.Repeat("[", 101) + strings.Repeat("]", 101): false,
		strings.Repeat("[", 100) + strings.Repeat("]", 100): true,
	} {
		value, got := parsePlain([]byte(document))
		if got != plain {
			t.Errorf("parsePlain(%.40s) is plain: %t, want %t", document, got, plain)
		}
		careful, fault := carefully([]byte(document))
		if (fault == nil) != plain {
			t.Errorf("%.40s has the fault %v, want plain: %t", document, fault, plain)
		}
		if plain && !reflect.DeepEqual(value, careful) {
			t.Errorf("%.40s is %v the quick way and %v the careful one", document, value, careful)
		}
	}
}

func TestParsePlainAgreesOnAnything(t *testing.T) {
	piece := rapid.SampledFrom([]string{`{`, `}`, `[`, `]`, `:`, `,`, `"a"`, `"b\"c"`, `1`, `-2.50`, `true`, `null`, ` `, `"é:"`})
	rapid.Check(t, func(t *rapid.T) {
		document := []byte(strings.Join(rapid.SliceOfN(piece, 0, 14).Draw(t, "pieces"), ""))
		value, plain := parsePlain(document)
		careful, fault := carefully(document)
		if plain != (fault == nil) || plain && !reflect.DeepEqual(value, careful) {
			t.Fatalf("%s: quick %v %t, careful %v %v", document, value, plain, careful, fault)
		}
	})
}

func FuzzParsePlain(f *testing.F) {
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Add([]byte(`{"a":[{"b":"\\"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		value, plain := parsePlain(document)
		if !plain || !json.Valid(document) {
			return
		}
		if careful, fault := carefully(document); fault != nil || !reflect.DeepEqual(value, careful) {
			t.Fatalf("%q: quick %v, careful %v %v", document, value, careful, fault)
		}
	})
}
