package given

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func arguments(value string) Arguments { return Arguments{"a": []byte(value)} }

func TestArguments(t *testing.T) {
	type read struct {
		Has    bool
		Text   string
		Number int64
		Switch bool
	}
	for value, want := range map[string]read{
		`"x"`: {true, "x", -7, false}, `"12"`: {true, "12", 12, false}, `12`: {true, "12", 12, false}, `null`: {false, "", -7, false},
		`9007199254740993`: {true, "9007199254740993", 9007199254740993, false}, `1.5`: {true, "1.5", -7, false}, `""`: {true, "", -7, false},
		`true`: {true, "true", -7, true}, `false`: {true, "false", -7, false}, `1`: {true, "1", 1, true}, `2`: {true, "2", 2, false},
		`"1"`: {true, "1", 1, true}, `[1]`: {true, "", -7, false}, `{"b":1}`: {true, "", -7, false},
	} {
		a := arguments(value)
		if diff := cmp.Diff(want, read{a.Has("a"), a.Text("a"), a.Number("a", -7), a.Switch("a")}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", value, diff)
		}
	}
	var none Arguments
	if none.Has("a") || none.Text("a") != "" || none.Number("a", 3) != 3 || none.Texts("a") != nil {
		t.Error("an argument that was not given was read")
	}
	if diff := cmp.Diff([]string{"x", "y"}, arguments(`["x","y"]`).Texts("a")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPage(t *testing.T) {
	all := []int{1, 2, 3, 4, 5}
	tests := []struct {
		name         string
		number, size string
		want         []int
	}{
		{"all on one", `1`, `10`, all},
		{"the first", `1`, `2`, []int{1, 2}},
		{"as text", `"2"`, `"2"`, []int{3, 4}},
		{"the last is short", `3`, `2`, []int{5}},
		{"past the end", `4`, `2`, []int{}},
		{"before the first", `0`, `2`, []int{1, 2}},
		{"no size", `1`, `0`, []int{1}},
		{"a product beyond all numbers", `4611686018427387905`, `4`, []int{}},
		{"more than there can be", `9223372036854775807`, `9223372036854775807`, []int{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := Arguments{"number": []byte(test.number), "size": []byte(test.size)}
			if diff := cmp.Diff(test.want, Page(a, "number", "size", all)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
