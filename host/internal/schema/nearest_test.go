package schema_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/schema"
)

func TestNearest(t *testing.T) {
	names := []string{"consumerGroupId", "endTime", "instanceId", "messageId", "startTime", "topicName"}
	for given, want := range map[string]string{
		"instance_id":            "instanceId",
		"instance-id":            "instanceId",
		"InstanceID":             "instanceId",
		"instanceIds":            "instanceId",
		"intsanceId":             "instanceId",
		"start_tiem":             "startTime",
		"topic":                  "topicName", // no near name, and the beginning of one alone
		"group_id":               "consumerGroupId",
		"time":                   "", // the end of two
		"id":                     "", // too little
		"colour":                 "",
		"":                       "",
		"__":                     "",
		strings.Repeat("x", 500): "",
	} {
		if got := schema.Nearest(given, names); got != want {
			t.Errorf("Nearest(%q) = %q; want %q", given, got, want)
		}
	}
	if got := schema.Nearest("reed", []string{"destructive", "read", "write"}); got != "read" {
		t.Errorf("reed is %q; want read", got)
	}
	if got := schema.Nearest("anything", nil); got != "" {
		t.Errorf("with no names, %q is near", got)
	}
}

// TestNearestFindsOtherSpellings holds that a name in another spelling is always found, whatever stands beside it.
func TestNearestFindsOtherSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{2,8}`), 1, 4).Draw(t, "words")
		others := rapid.SliceOf(rapid.StringMatching(`[A-Z]{1,12}[0-9]`)).Draw(t, "others")
		snake, kebab := strings.Join(words, "_"), strings.Join(words, "-")
		if got := schema.Nearest(kebab, append(others, snake)); got != snake {
			t.Fatalf("Nearest(%q) = %q; want %q", kebab, got, snake)
		}
	})
}
