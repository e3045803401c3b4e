package sandbox

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestRoute(t *testing.T) {
	var files []*sdk.File
	for _, path := range []string{"/topics/{topic}", "/topics/all", "/topics/{topic}/messages/{id}", "/topics/{topic}/messages/latest", "/{any}/{more}"} {
		files = append(files, &sdk.File{Method: "GET", Path: path})
	}
	files = append(files, &sdk.File{Method: "POST", Path: "/topics/{topic}"})
	tests := []struct {
		method, path, want string
		values             map[string]string
	}{
		{"GET", "/topics/orders", "/topics/{topic}", map[string]string{"topic": "orders"}},
		{"GET", "/topics/all", "/topics/all", map[string]string{}},
		{"GET", "/topics/a/messages/latest", "/topics/{topic}/messages/latest", map[string]string{"topic": "a"}},
		{"GET", "/topics/a%2Fb/messages/%E8%AE%A2%20%2B+", "/topics/{topic}/messages/{id}", map[string]string{"topic": "a/b", "id": "订 ++"}},
		{"GET", "/topics/%2e%2e", "/topics/{topic}", map[string]string{"topic": ".."}},
		{"GET", "/other/x", "/{any}/{more}", map[string]string{"any": "other", "more": "x"}},
		{"POST", "/topics/all", "/topics/{topic}", map[string]string{"topic": "all"}},
		{"GET", "/topics/", "", nil},
		{"GET", "/topics/%zz", "", nil},
		{"GET", "/topics/a/messages", "", nil},
		{"GET", "/topics/a/", "", nil},
		{"DELETE", "/topics/a", "", nil},
		{"GET", "", "", nil},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			file, values := route(files, test.method, test.path)
			got := ""
			if file != nil {
				got = file.Path
			}
			if diff := cmp.Diff([]any{test.want, test.values}, []any{got, values}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRouteKeepsValuesWhole(t *testing.T) {
	files := []*sdk.File{{Method: "GET", Path: "/a/{x}/b/{y}"}}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.StringN(1, 20, -1).Draw(t, "x")
		y := rapid.StringN(1, 20, -1).Draw(t, "y")
		file, values := route(files, "GET", "/a/"+url.PathEscape(x)+"/b/"+url.PathEscape(y))
		if diff := cmp.Diff(map[string]string{"x": x, "y": y}, values); file == nil || diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
