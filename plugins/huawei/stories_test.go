package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// The shop's instances.
const (
	kafkaShop    = "d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10"
	kafkaSpare   = "3b1f8f52-6f0e-4c7b-9b1d-0a4f5c6d7e82"
	rocketmqShop = "5e2a9d14-7c3b-4f80-8d26-1b9c0e4f6a32"
	romaShop     = "9c41d7e8-2b5f-4a06-b3c9-7e8d1f2a3b54"
)

// shopper calls operations of one sandbox, whose clock stands still.
type shopper struct {
	*testing.T
	client   *client
	instance string
	now      time.Time
}

func goShopping(t *testing.T, instance string) *shopper {
	t.Helper()
	now := time.Now()
	return &shopper{T: t, client: connect(t, func() time.Time { return now }, unchanged, unseen), instance: instance, now: now}
}

type arguments map[string]any

// call runs an operation on the shopper's instance.
func (s *shopper) call(name string, given arguments) (answer, error) {
	s.Helper()
	file, err := sdk.ReadFile(schemas.Huawei, "huawei/"+name+".json")
	if err != nil {
		s.Fatal(err)
	}
	all := arguments{}
	if slices.ContainsFunc(file.Parameters, func(p sdk.Parameter) bool { return p.Name == "instance_id" && p.In == sdk.InPath }) {
		all["instance_id"] = s.instance
	}
	maps.Copy(all, given)
	encoded, err := json.Marshal(all)
	if err != nil {
		s.Fatal(err)
	}
	raw, err := s.client.Do(s.Context(), file, encoded)
	return answer{s.T, name, raw}, err
}

// ok runs an operation that must succeed.
func (s *shopper) ok(name string, given arguments) answer {
	s.Helper()
	got, err := s.call(name, given)
	if err != nil {
		s.Fatalf("%s %v: %v", name, given, err)
	}
	return got
}

// refused runs an operation that the vendor must refuse, with its code.
func (s *shopper) refused(vendorCode, name string, given arguments) {
	s.Helper()
	got, err := s.call(name, given)
	if problem := sdk.AsProblem(err); problem == nil || problem.VendorCode != vendorCode {
		s.Errorf("%s %v: got %s, %v; want %s", name, given, got.raw, err, vendorCode)
	}
}

// answer is what an operation came to.
type answer struct {
	t    *testing.T
	name string
	raw  json.RawMessage
}

// at is the value at a pointer, like topics/0/name.
func (a answer) at(pointer string) any {
	a.t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(a.raw)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		a.t.Fatal(err)
	}
	for part := range strings.SplitSeq(pointer, "/") {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[part]
		case []any:
			at := slices.Index([]string{"0", "1", "2", "3", "4"}, part)
			if at < 0 || at >= len(inside) {
				a.t.Fatalf("%s: no %s in %s", a.name, pointer, a.raw)
			}
			value = inside[at]
		}
	}
	return value
}

func (a answer) text(pointer string) string {
	a.t.Helper()
	switch value := a.at(pointer).(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return map[bool]string{true: "true", false: "false"}[value]
	default:
		return ""
	}
}

// names are the values of one member in a list, in order.
func (a answer) names(list, member string) []string {
	a.t.Helper()
	items, ok := a.at(list).([]any)
	if !ok {
		a.t.Fatalf("%s: no list %s in %s", a.name, list, a.raw)
	}
	var names []string
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			name, _ := object[member].(string)
			names = append(names, name)
		}
	}
	return names
}

// is fails unless the value at a pointer reads so.
func (a answer) is(pointer, want string) answer {
	a.t.Helper()
	if got := a.text(pointer); got != want {
		a.t.Errorf("%s: %s is %q, want %q, in %s", a.name, pointer, got, want, a.raw)
	}
	return a
}

// lists fails unless a list names one, or none with absent.
func (a answer) lists(list, member, name string, want bool) {
	a.t.Helper()
	if got := slices.Contains(a.names(list, member), name); got != want {
		a.t.Errorf("%s: %s is listed: %t, want %t, in %s", a.name, name, got, want, a.raw)
	}
}

// unsigned requests are answered by nobody, whatever they ask for.
func TestNothingUnsignedIsAnswered(t *testing.T) {
	settings, err := startSandbox()
	if err != nil {
		t.Fatal(err)
	}
	names, err := sdk.FileNames(schemas.Huawei)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := sdk.ReadFile(schemas.Huawei, name)
		if err != nil {
			t.Fatal(err)
		}
		endpoint := settings.Endpoint
		if file.Product == romaProduct {
			endpoint = settings.RomaEndpoint
		}
		path := strings.NewReplacer("{", "", "}", "").Replace(file.Path)
		request, err := http.NewRequestWithContext(t.Context(), file.Method, endpoint+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close() // read no further
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: HTTP %d without a signature", name, response.StatusCode)
		}
	}
}
