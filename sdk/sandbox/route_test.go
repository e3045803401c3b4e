package sandbox

import (
	"net/http"
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
		{"GET", "/topics/a/messages", "", nil},
		{"GET", "/topics/a/", "", nil},
		{"DELETE", "/topics/a", "", nil},
		{"GET", "", "", nil},
	}
	if values, ok := match([]string{"{topic}"}, []string{"%zz"}); ok {
		t.Errorf("a segment that does not decode gave %v", values)
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			var got string
			var values map[string]string
			if found := route(files, requested(t, test.method, test.path), nil, nil); found != nil {
				got, values = found.File.Path, found.Path
			}
			if diff := cmp.Diff([]any{test.want, test.values}, []any{got, values}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// requested is a request whose path is escaped as given.
func requested(t *testing.T, method, path string) *http.Request {
	t.Helper()
	decoded, err := url.PathUnescape(path)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Request{Method: method, URL: &url.URL{Path: decoded, RawPath: path}}
}

// Products may share a host, a method and a path: what the request is about then decides.
func TestRouteAmongProducts(t *testing.T) {
	files := []*sdk.File{
		{Product: "jars", Method: "GET", Path: "/stores/{store}/items"},
		{Product: "jars", Method: "GET", Path: "/stores/{store}/items/largest"},
		{Product: "cups", Method: "GET", Path: "/stores/{store}/items"},
		{Product: "cups", Method: "GET", Path: "/stores/{store}/items/{item}"},
	}
	means := func(candidate Candidate) bool {
		return candidate.Path["store"] == candidate.File.Product && candidate.Request.Method == http.MethodGet && string(candidate.Body) == "b"
	}
	for path, want := range map[string]string{
		"/stores/jars/items":         "jars /stores/{store}/items",
		"/stores/cups/items":         "cups /stores/{store}/items",
		"/stores/cups/items/largest": "cups /stores/{store}/items/{item}", // however literal the other's path is
		"/stores/jars/items/largest": "jars /stores/{store}/items/largest",
		"/stores/jars/items/7":       "cups /stores/{store}/items/{item}", // meant by nobody
		"/stores/none/items":         "jars /stores/{store}/items",
	} {
		found := route(files, requested(t, "GET", path), []byte("b"), means)
		if found == nil || found.File.Product+" "+found.File.Path != want {
			t.Errorf("%s: got %+v, want %s", path, found, want)
		}
	}
}

func TestRouteKeepsValuesWhole(t *testing.T) {
	files := []*sdk.File{{Method: "GET", Path: "/a/{x}/b/{y}"}}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.StringN(1, 20, -1).Draw(t, "x")
		y := rapid.StringN(1, 20, -1).Draw(t, "y")
		path := "/a/" + url.PathEscape(x) + "/b/" + url.PathEscape(y)
		found := route(files, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/a/" + x + "/b/" + y, RawPath: path}}, nil, nil)
		if found == nil {
			t.Fatalf("%s has no route", path)
		}
		if diff := cmp.Diff(map[string]string{"x": x, "y": y}, found.Path); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
