package verbs

import (
	"encoding/json"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	for text, want := range map[string]number{
		`7`: {7, true}, `"7"`: {7, true}, `7.0`: {7, true}, `1.634822858013E12`: {1634822858013, true}, `null`: {}, `""`: {}, `-1`: {-1, true},
		`9223372036854775807`: {9223372036854775807, true}, `"3000000000"`: {3000000000, true},
	} {
		var got number
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s came to %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`7.5`, `"x"`, `"1/3"`, `"0x10"`, `9223372036854775808`, `1e99999999`, `true`, `[7]`, `{}`} {
		var got number
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s came to %v", text, got)
		}
	}
}

// No digit is lost, however the vendor writes a number.
func TestNumberKeepsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Int64().Draw(t, "value")
		decimal := strconv.FormatInt(value, 10)
		for _, text := range []string{decimal, `"` + decimal + `"`, decimal + ".0", decimal + "e0"} {
			var got number
			if err := json.Unmarshal([]byte(text), &got); err != nil || got.value != value || *got.pointer() != value {
				t.Fatalf("%s came to %v, %v", text, got, err)
			}
		}
	})
}
