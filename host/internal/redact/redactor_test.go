package redact_test

import (
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/redact"
)

func TestText(t *testing.T) {
	var r redact.Redactor
	if got := r.Text("nothing known: S3cret/Key+1"); got != "nothing known: S3cret/Key+1" {
		t.Errorf("a redactor without secrets changed the text: %q", got)
	}
	r.Add("S3cret/Key+1", "S3cret/Key+1-and-more", `quo"te\secret`, "short")
	for text, want := range map[string]string{
		"plain S3cret/Key+1 end":           "plain [redacted] end",
		"longer S3cret/Key+1-and-more end": "longer [redacted] end",
		"query ?k=S3cret%2FKey%2B1&":       "query ?k=[redacted]&",
		`json "quo\"te\\secret"`:           `json "[redacted]"`,
		"short stays":                      "short stays",
	} {
		if got := r.Text(text); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestBytesWithoutSecretsAreTheSame(t *testing.T) {
	var r redact.Redactor
	r.Add("S3cret/Key+1")
	data := []byte(`{"a":1}`)
	if got := r.Bytes(data); &got[0] != &data[0] {
		t.Error("bytes without a secret were copied")
	}
}
