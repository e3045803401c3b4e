package mcpserver

import (
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

// Addresses and tokens that are no good end the start, with what to do.
func TestHTTPAddresses(t *testing.T) {
	taken := serveHTTP(t, "", "--http", anyPort, "--sandbox")
	busy := strings.TrimSuffix(strings.TrimPrefix(taken.url, "http://"), endpointPath)
	for _, test := range []struct {
		name  string
		given HTTP
		says  string
	}{
		{"all addresses without a token", HTTP{Address: ":8080"}, "--http 127.0.0.1:8080"},
		{"all of IPv4 without a token", HTTP{Address: "0.0.0.0:0"}, TokenVariable},
		{"all of IPv6 without a token", HTTP{Address: "[::]:0"}, TokenVariable},
		{"address of a network without a token", HTTP{Address: "192.0.2.7:8080"}, TokenVariable},
		{"short token", HTTP{Address: anyPort, Token: "fifteen-letters"}, "15 characters"},
		{"token with a space", HTTP{Address: anyPort, Token: "two words of letters"}, "space"},
		{"token with an end of line", HTTP{Address: anyPort, Token: secret + "\n"}, "space"},
		{"port alone", HTTP{Address: "8080"}, "--http 127.0.0.1:8080"},
		{"nothing", HTTP{}, "host:port"},
		{"host alone", HTTP{Address: "localhost"}, "host:port"},
		{"port beyond", HTTP{Address: "127.0.0.1:99999"}, "host:port"},
		{"port taken", HTTP{Address: busy}, "127.0.0.1:0"},
		{"foreign address", HTTP{Address: "192.0.2.7:8080", Token: secret}, "no such address"},
		{"name with a port", HTTP{Address: anyPort, Hosts: []string{"mqtrail.example.org:443"}}, "scheme nor port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			endpoint, err := test.given.Listen(t.Context())
			if err == nil {
				_ = endpoint.Close()
				t.Fatal("taken")
			}
			if problem := sdk.AsProblem(err); problem.Code != sdk.CodeInvalidConfig || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s %v; want one that says %q", problem.Code, err, test.says)
			}
			if test.given.Token != "" && strings.Contains(err.Error(), test.given.Token) {
				t.Errorf("the token is in: %v", err)
			}
		})
	}
	taken.interrupt()
	taken.ended()
	for address, want := range map[string]string{"0.0.0.0:0": "http://localhost:", "localhost:0": "http://localhost:", "127.0.0.1:0": "http://127.0.0.1:"} {
		endpoint, err := HTTP{Address: address, Token: secret}.Listen(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(endpoint.URL(), want) {
			t.Errorf("%s is at %s", address, endpoint.URL())
		}
		if err := endpoint.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Where other machines get in, an address is a good Host, and a name only one that was given.
func TestGuardOfAnOpenServer(t *testing.T) {
	g := guard{hosts: []string{"", "mqtrail.example.org"}}
	for host, want := range map[string]bool{
		"192.0.2.7:8080": true, "[2001:db8::7]:8080": true, "127.0.0.1:8080": true, "[::1]": true, "localhost:8080": true, "MQTRAIL.example.org": true,
		"evil.example.net:8080": false, "": false, ":8080": false, "192.0.2.7.example.net": false,
	} {
		if g.knows(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}
