package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMembersOf(t *testing.T) {
	const form = "multipart/form-data; boundary=xx"
	part := func(head, text string) string {
		return "--xx\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + text + "\r\n"
	}
	for name, test := range map[string]struct {
		contentType, body string
		want              map[string]string
		fault             string
	}{
		"nothing":            {"application/json", "", map[string]string{}, ""},
		"object":             {"application/json;charset=utf-8", `{"a":1.0,"b":null}`, map[string]string{"a": "1.0", "b": "null"}, ""},
		"form as object":     {"application/json", `{"a":"x"}`, nil, "no form"},
		"object as a post":   {form, part(`name="a"; filename="f"`, "x") + "--xx--\r\n", nil, "no JSON object"},
		"no content type":    {"", `{"a":1}`, map[string]string{"a": "1"}, ""},
		"list":               {"application/json", `[1]`, nil, "no JSON object"},
		"form":               {form, part(`name="a"; filename="f"`, "x\r\ny") + part(`name="b"; filename="g"`, "") + "--xx--\r\n", map[string]string{"a": `"x\r\ny"`, "b": `""`}, ""},
		"form with a field":  {form, part(`name="a"`, "x") + "--xx--\r\n", nil, "a is no file"},
		"form broken off":    {form, part(`name="a"; filename="f"`, "x"), nil, "form"},
		"form, odd boundary": {"multipart/form-data; boundary=yy", part(`name="a"; filename="f"`, "x") + "--xx--\r\n", nil, "form"},
	} {
		t.Run(name, func(t *testing.T) {
			members, fault := membersOf(strings.Contains(name, "form"), test.contentType, []byte(test.body))
			if fault != nil {
				if test.fault == "" || fault.Kind != BadBody || !strings.Contains(fault.Detail, test.fault) {
					t.Errorf("got %+v, want %q", fault, test.fault)
				}
				return
			}
			got := map[string]string{}
			for name, value := range members {
				got[name] = string(value)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
