package rest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk"
)

// everywhere has a parameter in every place, and one of every type.
const everywhere = `{
	"operation": "Everywhere", "title": "t", "description": "d", "access": "read", "toolset": "messages",
	"request": "POST /v1/{id}/things/{sub}",
	"input": {"type": "object", "properties": {
		"id":     {"type": ["string", "integer"], "x-in": "path"},
		"sub":    {"type": "string", "x-in": "path"},
		"q":      {"x-in": "query"},
		"other":  {"type": "string", "x-in": "query", "x-name": "q.other"},
		"region": {"type": "string", "x-in": "header", "x-name": "X-Region", "x-from": "region_id"},
		"tag":    {"type": "string", "x-in": "header", "x-name": "X-Tag"},
		"body":   {"x-in": "body"},
		"more":   {"type": "object", "x-in": "body", "x-name": "wire\"more"}
	}, "required": ["id", "sub"]},
	"output": {"type": "object"}
}`

// parse reads an operation file as the plugins do.
func parse(t testing.TB, text string) *sdk.File {
	t.Helper()
	file, err := sdk.ReadFile(fstest.MapFS{"product/name.json": {Data: []byte(text)}}, "product/name.json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func noSetting(context.Context, string) (string, error) { return "", nil }

func TestBind(t *testing.T) {
	file := parse(t, everywhere)
	tests := []struct {
		name, arguments string
		path, query     string
		header          http.Header
		body            string
	}{
		{name: "plain", arguments: `{"id":"a","sub":"b"}`, path: "/v1/a/things/b"},
		{name: "a slash stays in its segment", arguments: `{"id":"a/b","sub":"c"}`, path: "/v1/a%2Fb/things/c"},
		{name: "percent is not decoded", arguments: `{"id":"%2F","sub":"100%"}`, path: "/v1/%252F/things/100%25"},
		{name: "plus and star", arguments: `{"id":"a+b*c","sub":"~-._"}`, path: "/v1/a%2Bb%2Ac/things/~-._"},
		{name: "space and Chinese", arguments: `{"id":"a b","sub":"订单"}`, path: "/v1/a%20b/things/%E8%AE%A2%E5%8D%95"},
		{name: "emoji and query signs", arguments: `{"id":"📦","sub":"?a=b&c#d;e:@!$'(),"}`,
			path: "/v1/%F0%9F%93%A6/things/%3Fa%3Db%26c%23d%3Be%3A%40%21%24%27%28%29%2C"},
		{name: "three dots are a name", arguments: `{"id":"...","sub":".a"}`, path: "/v1/.../things/.a"},
		{name: "a value like a placeholder stays a value", arguments: `{"id":"{sub}","sub":"{id}"}`, path: "/v1/%7Bsub%7D/things/%7Bid%7D"},
		{name: "a number beyond a float", arguments: `{"id":9007199254740993,"sub":"b"}`, path: "/v1/9007199254740993/things/b"},
		{name: "an integer with an exponent", arguments: `{"id":1e3,"sub":"b","q":10.0}`, path: "/v1/1000/things/b", query: "q=10"},
		{name: "a fraction", arguments: `{"id":"a","sub":"b","q":-0.5}`, path: "/v1/a/things/b", query: "q=-0.5"},
		{name: "a huge exponent is not written out", arguments: `{"id":"a","sub":"b","q":1e999999999}`, path: "/v1/a/things/b", query: "q=1e999999999"},
		{name: "booleans, lists, objects", arguments: `{"id":"a","sub":"b","q":[true,"x,y",1e1,{"k": 1}]}`, path: "/v1/a/things/b",
			query: "q=true%2Cx%2Cy%2C10%2C%7B%22k%22%3A1%7D"},
		{name: "the query is sorted and an empty value keeps its equals sign", arguments: `{"id":"a","sub":"b","q":"","other":"~ +*/%"}`,
			path: "/v1/a/things/b", query: "q=&q.other=~%20%2B%2A%2F%25"},
		{name: "headers by wire name", arguments: `{"id":"a","sub":"b","tag":"订单 a"}`, path: "/v1/a/things/b", header: http.Header{"X-Tag": {"订单 a"}}},
		{name: "the body keeps every byte of a value", arguments: `{"id":"a","sub":"b","body":[9007199254740993, 1.10, "<&>", null],"more":{"b":1,"a":2}}`,
			path: "/v1/a/things/b", body: `{"body":[9007199254740993, 1.10, "<&>", null],"wire\"more":{"b":1,"a":2}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := bind(t.Context(), file, json.RawMessage(test.arguments), noSetting)
			if err != nil {
				t.Fatal(err)
			}
			if test.body == "" {
				test.body = "{}" // the operation has body parameters, and none is given
			}
			if test.header == nil {
				test.header = http.Header{}
			}
			want := []any{test.path, test.query, test.header, test.body}
			if diff := cmp.Diff(want, []any{got.path, got.query, got.header, string(got.body)}); diff != "" {
				t.Errorf("bound (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindRefuses(t *testing.T) {
	file := parse(t, everywhere)
	tests := []struct{ name, arguments, pointer string }{
		{"dot", `{"id":".","sub":"b"}`, "/id"},
		{"dot dot", `{"id":"a","sub":".."}`, "/sub"},
		{"empty segment", `{"id":"","sub":"b"}`, "/id"},
		{"empty list as a segment", `{"id":[],"sub":"b"}`, "/id"},
		{"missing", `{"id":"a"}`, "/sub"},
		{"null", `{"id":"a","sub":null}`, "/sub"},
		{"null in a list", `{"id":"a","sub":"b","q":[null]}`, "/q"},
		{"unknown", `{"id":"a","sub":"b","nope":1}`, "/nope"},
		{"a newline in a header", `{"id":"a","sub":"b","tag":"a\r\nX-Evil: 1"}`, "/tag"},
		{"what a setting fills", `{"id":"a","sub":"b","region":"elsewhere"}`, "/region"},
		{"no object", `[1]`, ""},
		{"null for the object", `null`, ""},
		{"two objects", `{} {}`, ""},
		{"broken off", `{"id":`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := bind(t.Context(), file, json.RawMessage(test.arguments), noSetting)
			problem := asProblem(t, err)
			got := []any{problem.Code, problem.Source, problem.Pointer}
			if diff := cmp.Diff([]any{sdk.CodeInvalidArguments, sdk.SourceCaller, test.pointer}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindFillsFromSettings(t *testing.T) {
	file := parse(t, everywhere)
	arguments := json.RawMessage(`{"id":"a","sub":"b"}`)
	fill := func(_ context.Context, name string) (string, error) { return "value of " + name, nil }
	got, err := bind(t.Context(), file, arguments, fill)
	if err != nil {
		t.Fatal(err)
	}
	if value := got.header.Get("X-Region"); value != "value of region_id" {
		t.Errorf("the header is %q", value)
	}
	failing := errors.New("no region")
	if _, err = bind(t.Context(), file, arguments, func(context.Context, string) (string, error) { return "", failing }); !errors.Is(err, failing) {
		t.Errorf("a setting that fails was answered with %v", err)
	}
	if _, err = bind(t.Context(), file, arguments, nil); err == nil {
		t.Error("a client without settings bound a parameter that a setting fills")
	}
}

// Whatever a value is, a server that decodes the request finds it again, whole and in its place.
func TestBindProperty(t *testing.T) {
	file := parse(t, everywhere)
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string {
			piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"/", "%", "+", "*", "~", " ", "%2F", "..", "订单", "📦", "&", "=", "{sub}"}))
			return strings.Join(rapid.SliceOfN(piece, 1, 5).Draw(t, name), "")
		}
		id, sub, query, body := text("id"), text("sub"), text("query"), text("body")
		arguments, err := json.Marshal(map[string]string{"id": id, "sub": sub, "q": query, "body": body})
		if err != nil {
			t.Fatal(err)
		}
		bound, err := bind(context.Background(), file, arguments, noSetting)
		if traverses(id) || traverses(sub) {
			if err == nil {
				t.Fatalf("bound a value that changes the address: %s", bound.path)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		client := &Client{Endpoint: "https://example.com/base/"}
		request, err := client.request(context.Background(), file, bound)
		if err != nil {
			t.Fatal(err)
		}
		sent, err := url.Parse(request.URL.String())
		if err != nil {
			t.Fatal(err)
		}
		segments := strings.Split(sent.EscapedPath(), "/")
		for i, segment := range segments {
			if segments[i], err = url.PathUnescape(segment); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"", "base", "v1", id, "things", sub}, segments); diff != "" {
			t.Fatalf("path (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(url.Values{"q": {query}}, sent.Query()); diff != "" {
			t.Fatalf("query (-want +got):\n%s", diff)
		}
		var decoded map[string]string
		if err := json.Unmarshal(bound.body, &decoded); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"body": body}, decoded); diff != "" {
			t.Fatalf("body (-want +got):\n%s", diff)
		}
	})
}

func traverses(segment string) bool { return segment == "" || segment == "." || segment == ".." }

// FuzzBind binds anything at all: the result stays on the template's address and is well-formed, or a problem
// of the caller's says why not.
func FuzzBind(f *testing.F) {
	file := parse(f, everywhere)
	for _, seed := range []string{
		`{"id":"a","sub":"b"}`, `{"id":"..","sub":"b"}`, `{"id":"a/b","sub":"%2e%2e"}`, `{"id":1e3,"sub":"b","q":10.0}`,
		`{"id":9007199254740993,"sub":"订单","q":[1,"x",{"a":null}],"body":{"n":1E400}}`, `{"id":"\ud800","sub":"\u0000","tag":"a\nb"}`,
		`{"id":-0,"sub":"b","q":1e-30}`, `{"id":"a","id":"..","sub":"b"}`, `{"id":[],"sub":"b"}`, `null`, ``, `{"id":"a","sub":"b"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, arguments []byte) {
		bound, err := bind(context.Background(), file, arguments, noSetting)
		if err != nil {
			if problem := asProblem(t, err); problem.Source != sdk.SourceCaller || problem.Message == "" {
				t.Fatalf("refused with %+v", problem)
			}
			return
		}
		segments := strings.Split(bound.path, "/")
		if len(segments) != 5 || segments[1] != "v1" || segments[3] != "things" {
			t.Fatalf("the address changed: %s", bound.path)
		}
		for _, segment := range segments[1:] {
			if value, err := url.PathUnescape(segment); err != nil || traverses(value) {
				t.Fatalf("segment %q: %v", segment, err)
			}
		}
		values, err := url.ParseQuery(bound.query)
		if err != nil {
			t.Fatal(err)
		}
		for name := range values {
			if name != "q" && name != "q.other" {
				t.Fatalf("the query has %q: %s", name, bound.query)
			}
		}
		if !json.Valid(bound.body) {
			t.Fatalf("the body is no JSON: %s", bound.body)
		}
		client := &Client{Endpoint: "https://example.com"}
		request, err := client.request(context.Background(), file, bound)
		if err != nil {
			t.Fatal(err)
		}
		if request.URL.EscapedPath() != bound.path || request.URL.RawQuery != bound.query || request.URL.Host != "example.com" {
			t.Fatalf("bound %s?%s, would send %s", bound.path, bound.query, request.URL)
		}
	})
}

// asProblem is the problem that an error has to be.
func asProblem(t testing.TB, err error) *sdk.Problem {
	t.Helper()
	var problem *sdk.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("want a problem, got %v", err)
	}
	return problem
}
