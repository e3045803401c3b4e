package trail

import "testing"

// What a vendor's schema marks as a secret is in no kept answer; the rest is as it was, to the last digit.
func TestWithoutSecrets(t *testing.T) {
	const schema = `{"properties":{"list":{"items":{"properties":{"password":{"type":"string","x-sensitive":true},"id":{"type":"integer"}}}}}}`
	tests := map[string]struct{ answer, schema, want string }{
		"marked":        {`{"list":[{"id":9007199254740993,"password":"p"},{"password":{"deep":"p"}}]}`, schema, `{"list":[{"id":9007199254740993,"password":"[redacted]"},{"password":"[redacted]"}]}`},
		"nothing there": {`{"list":[null]}`, schema, `{"list":[null]}`},
		"none marked":   {`{ "password": "p" }`, `{"properties":{"password":{}}}`, `{ "password": "p" }`},
		"unreadable":    {`{"password":"p"`, schema, ``},
	}
	for name, test := range tests {
		if got := withoutSecrets([]byte(test.answer), []byte(test.schema)); string(got) != test.want {
			t.Errorf("%s: %s; want %s", name, got, test.want)
		}
	}
}
