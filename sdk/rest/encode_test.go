package rest

import (
	"net/url"
	"testing"

	"pgregory.net/rapid"
)

func TestEscape(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"abcXYZ019-._~", "abcXYZ019-._~"},
		{" ", "%20"},
		{"/%+*", "%2F%25%2B%2A"},
		{"!'()", "%21%27%28%29"},
		{"订单", "%E8%AE%A2%E5%8D%95"},
		{"\x00\xff", "%00%FF"},
	}
	for _, test := range tests {
		if got := Escape(test.text); got != test.want {
			t.Errorf("Escape(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestEscapeDecodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		for name, decode := range map[string]func(string) (string, error){"path": url.PathUnescape, "query": url.QueryUnescape} {
			if got, err := decode(Escape(text)); err != nil || got != text {
				t.Fatalf("%s: %q came back as %q, %v", name, text, got, err)
			}
		}
	})
}

func TestEncodeQuery(t *testing.T) {
	tests := []struct {
		name  string
		pairs []pair
		want  string
	}{
		{"none", nil, ""},
		{"empty value", []pair{{"a", ""}}, "a="},
		{"by name", []pair{{"b", "1"}, {"a", "2"}, {"B", "3"}}, "B=3&a=2&b=1"},
		{"a name before its continuation", []pair{{"a-b", "1"}, {"a", "2"}}, "a=2&a-b=1"},
		{"by value", []pair{{"a", "2"}, {"a", "10"}, {"a", ""}}, "a=&a=10&a=2"},
		{"by what is sent", []pair{{"é", "1"}, {"z", "2"}}, "%C3%A9=1&z=2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := encodeQuery(test.pairs); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
