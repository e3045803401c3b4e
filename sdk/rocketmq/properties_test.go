package rocketmq

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseProperties(t *testing.T) {
	for name, test := range map[string]struct {
		stored string
		want   Properties
		rest   []string
	}{
		"documented":         {"KEYS\x01test_key\x02UNIQ_KEY\x01" + documentedUnique + "\x02", Properties{PropertyKeys: "test_key", PropertyUniqueKey: documentedUnique}, nil},
		"nothing":            {"", Properties{}, nil},
		"without a last end": {"TAGS\x01a\x02WAIT\x01true", Properties{PropertyTags: "a", PropertyWait: "true"}, nil},
		"an empty value":     {"TAGS\x01\x02", Properties{PropertyTags: ""}, nil},
		"a value with a 1":   {"a\x01b\x01c\x02", Properties{"a": "b\x01c"}, nil},
		"what is no property": {"lonely\x02\x01nameless\x02\x02TAGS\x01a\x02", Properties{PropertyTags: "a"},
			[]string{"lonely", "\x01nameless"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, rest := ParseProperties(test.stored)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("properties (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.rest, rest); diff != "" {
				t.Errorf("rest (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPropertiesRoundTrip(t *testing.T) {
	separators := strings.NewReplacer(nameEnd, "", propertyEnd, "")
	rapid.Check(t, func(t *rapid.T) {
		want := Properties{}
		for name, value := range rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "properties") {
			if name = separators.Replace(name); name != "" {
				want[name] = separators.Replace(value)
			}
		}
		got, rest := ParseProperties(want.String())
		if diff := cmp.Diff(want, got); diff != "" || rest != nil {
			t.Fatalf("rest %q, properties (-want +got):\n%s", rest, diff)
		}
	})
}

func TestKeys(t *testing.T) {
	for text, want := range map[string][]string{
		"": {}, " ": {}, "order-1003": {"order-1003"}, " a  b ": {"a", "b"}, "a\tb c": {"a\tb", "c"}, "订单 1": {"订单", "1"},
	} {
		if diff := cmp.Diff(want, Properties{PropertyKeys: text}.Keys()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestInt(t *testing.T) {
	properties := Properties{
		PropertyMaxOffset: "9223372036854775807", PropertyMinOffset: "0", PropertyDelay: "-1", "float": "1.0", "large": "9223372036854775808", "empty": "",
	}
	for name, test := range map[string]struct {
		want    int64
		present bool
		fails   bool
	}{
		PropertyMaxOffset: {math.MaxInt64, true, false},
		PropertyMinOffset: {0, true, false},
		PropertyDelay:     {-1, true, false},
		"absent":          {0, false, false},
		"float":           {0, true, true},
		"large":           {0, true, true},
		"empty":           {0, true, true},
	} {
		got, present, err := properties.Int(name)
		if got != test.want || present != test.present || (err != nil) != test.fails {
			t.Errorf("%s: %d, %t, %v", name, got, present, err)
		}
		if err != nil && !strings.Contains(err.Error(), "the property "+name) {
			t.Errorf("%s: the error does not say which: %v", name, err)
		}
	}
}

func TestOrigin(t *testing.T) {
	for name, test := range map[string]struct {
		properties Properties
		topic, id  string
	}{
		"a retry":           {Properties{PropertyRetryTopic: "orders", PropertyOriginMessageID: documentedOffset}, "orders", documentedOffset},
		"a dead letter":     {Properties{PropertyRetryTopic: "x", PropertyDLQOriginTopic: "orders", PropertyDLQOriginMessageID: documentedV1}, "orders", documentedV1},
		"the first message": {Properties{PropertyRealTopic: "orders"}, "", ""},
	} {
		topic, id := test.properties.Origin()
		if topic != test.topic || id != test.id {
			t.Errorf("%s: %s, %s; want %s, %s", name, topic, id, test.topic, test.id)
		}
	}
}
