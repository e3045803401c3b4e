package rocketmq

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExplain(t *testing.T) {
	now := time.Date(2022, time.September, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		id     string
		born   time.Time
		want   string // without the reasons
		reason string
	}{
		"offset id": {documentedOffset, time.Time{}, `{"id":"C0A847BC000020E600000000000045FE","certain":false,"kind":"offset_ipv4",` +
			`"broker_host":"192.168.71.188","broker_port":8422,"commit_log_offset":17918,"candidates":[],"reasons":null,` +
			`"other":{"kind":"unique_ipv4","producer_host":"192.168.71.188","pid":0,"class_loader_hash":"20E60000","ms_into_month":0,"sequence":17918,` +
			`"candidates":[{"unix_ms":1661990400000,"iso":"2022-09-01T00:00:00.000Z","zone_source":"assumed","resolution_ms":1},` +
			`{"unix_ms":1661961600000,"iso":"2022-09-01T00:00:00.000+08:00","zone_source":"assumed","resolution_ms":1}]}}`, "UNIQ_KEY"},
		"unique id, with its born time": {documentedUnique, documentedBorn, `{"id":"050562443C7018B4AAC2996FB3DE0000","certain":true,"kind":"unique_ipv4",` +
			`"producer_host":"5.5.98.68","pid":15472,"class_loader_hash":"18B4AAC2","ms_into_month":2574234590,"sequence":0,` +
			`"candidates":[{"unix_ms":1661857434590,"iso":"2022-08-30T19:03:54.590+08:00","zone_source":"proven","resolution_ms":1}],"reasons":null}`,
			"In UTC+08:00, and in no other zone, the time in the id is 1ms from the given one"},
		"unique id, with another time": {documentedUnique, documentedBorn.Add(time.Minute), "", "In no zone is the time in the id within 1.001s"},
		"unique id alone":              {documentedUnique, time.Time{}, "", "29 days and 19:03:54.590 after a month began"},
		"id of 5.x": {documentedV1, time.Time{}, `{"id":"012A5AB0BBEC8A000104C6342B00001ECF","certain":true,"kind":"unique_v1",` +
			`"producer_mac":"2a:5a:b0:bb:ec:8a","pid":1,"seconds_since_2021":80098347,"sequence":7887,"candidates":[],"reasons":null}`,
			"It says 2023-07-17 01:32:27, in a zone that is not in the id: Go clients count in UTC"},
		"id of 5.x, from the future": {documentedV1, time.Time{}, "", "Every usual zone puts that into the future"},
		"the largest offset": {"C0A847BC000020E67FFFFFFFFFFFFFFF", time.Time{}, `{"id":"C0A847BC000020E67FFFFFFFFFFFFFFF","certain":true,"kind":"offset_ipv4",` +
			`"broker_host":"192.168.71.188","broker_port":8422,"commit_log_offset":9223372036854775807,"candidates":[],"reasons":null}`, "every offset id"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Explain(test.id, test.born, now)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(got.Reasons, "\n"), test.reason) {
				t.Errorf("no reason has %q:\n%s", test.reason, strings.Join(got.Reasons, "\n"))
			}
			if test.want == "" {
				return
			}
			got.Reasons = nil
			encoded, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(encoded)); diff != "" {
				t.Errorf("as JSON (-want +got):\n%s", diff)
			}
		})
	}
	if beyond, err := Explain("9E107D9D372BB6826BD8FFFFFFFF19D6", documentedBorn, now); err != nil || len(beyond.Reasons) != 2 || beyond.Certain {
		t.Errorf("with no time of a month: %+v, %v", beyond, err)
	}
	if _, err := Explain("order-1003", time.Time{}, now); err == nil {
		t.Error("a business key is explained")
	}
}

func TestParseNear(t *testing.T) {
	for text, want := range map[string]int64{
		"1661857434591": 1661857434591, "1661857434": 1661857434000, "2022-08-30T19:03:54.591+08:00": 1661857434591,
		"2022-08-30 19:03:54+08:00": 1661857434000, "2022-08-30T11:03:54Z": 1661857434000,
	} {
		if got, err := ParseNear(text); err != nil || got.UnixMilli() != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "yesterday", "2022-08-30 19:03:54", "2022-08-30", "16618574345", "-166185743459", "9999999999999999999999", "1661857434591.5"} {
		if got, err := ParseNear(text); err == nil || !strings.Contains(err.Error(), "near: ") {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}
