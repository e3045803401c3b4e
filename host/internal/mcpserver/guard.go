package mcpserver

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// guard decides which requests get in. A page in a browser can send requests to this machine, and by a name of its own
// that it turns to this machine's address even read the answers; so a request must be meant for this server by its Host,
// and from no other page by its Origin.
type guard struct {
	// token is the digest of what clients have to show; nil when they need nothing.
	token *[sha256.Size]byte
	// local: only this machine gets in.
	local bool
	// hosts are the names of this server.
	hosts []string
}

// refusal is why a request does not get in, with what to do.
type refusal struct {
	status int
	text   string
}

func (r *refusal) write(w http.ResponseWriter) {
	switch r.status {
	case http.StatusAccepted: // nothing is to be done, and nothing to be said
		w.WriteHeader(r.status)
		return
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="mqtrail"`)
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", "POST, DELETE")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, "mqtrail: "+r.text, r.status)
}

// check returns nil for a request that gets in.
func (g *guard) check(r *http.Request) *refusal {
	switch {
	case !g.knows(r.Host):
		return &refusal{http.StatusForbidden, fmt.Sprintf("the Host %q is no name of this server. If it is to be one, start it with --http-hosts %s", r.Host, hostOf(r.Host))}
	case !sameOrigin(r):
		return &refusal{http.StatusForbidden, fmt.Sprintf("a page of the origin %q may not call this server.", r.Header.Get("Origin"))}
	case r.URL.Path != endpointPath:
		return &refusal{http.StatusNotFound, "there is nothing here; the path is " + endpointPath}
	case !g.shown(r):
		return &refusal{http.StatusUnauthorized, "the token is missing or wrong. Send the header: Authorization: Bearer <what " + TokenVariable + " holds at the server>"}
	case r.Method != http.MethodPost && r.Method != http.MethodDelete:
		return &refusal{http.StatusMethodNotAllowed, "messages are sent with POST, and a session is ended with DELETE. The server sends nothing of its own accord."}
	case r.Method == http.MethodPost && !takesEvents(r):
		return &refusal{http.StatusNotAcceptable, "send the header: Accept: application/json, text/event-stream"}
	default:
		return nil
	}
}

// knows reports whether a Host header means this server. A page can make a name of its own mean any address, but an
// address is what it is; where other machines get in, it may be one that this machine does not know it has.
func (g *guard) knows(hostport string) bool {
	host := hostOf(hostport)
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || !g.local
	}
	return strings.EqualFold(host, "localhost") ||
		host != "" && slices.ContainsFunc(g.hosts, func(name string) bool { return strings.EqualFold(name, host) })
}

// hostOf is a Host header without its port.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

// sameOrigin reports whether a request comes from no page, or from one of the address that it goes to.
func sameOrigin(r *http.Request) bool {
	return !slices.ContainsFunc(r.Header.Values("Origin"), func(origin string) bool {
		from, err := url.Parse(origin)
		return err != nil || from.Scheme != "http" && from.Scheme != "https" || !strings.EqualFold(from.Host, r.Host)
	})
}

// shown reports whether a request shows the token. Digests are of one length, so the time that comparing takes says
// nothing about the token.
func (g *guard) shown(r *http.Request) bool {
	if g.token == nil {
		return true
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	digest := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(digest[:], g.token[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}

// takesEvents reports whether a client takes a stream of events, as the protocol wants it: progress and questions come
// that way.
func takesEvents(r *http.Request) bool {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	return accept == "" || slices.ContainsFunc([]string{"text/event-stream", "text/*", "*/*"}, func(kind string) bool {
		return strings.Contains(strings.ToLower(accept), kind)
	})
}
