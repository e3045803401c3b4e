package mcpserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"github.com/mqtrail/mqtrail/sdk"
)

// TokenVariable is the environment variable that holds the token of clients over HTTP.
const TokenVariable = "MQTRAIL_HTTP_TOKEN" //nolint:gosec // a name, and no secret

// minToken is the least length of a token, in bytes.
const minToken = 16

// endpointPath is the one path that is served.
const endpointPath = "/mcp"

// HTTP says where a server listens, and whom it lets in.
type HTTP struct {
	// Address is host:port. No host means all addresses of this machine; port 0 is any that is free.
	Address string
	// Token is what clients have to show. None is needed where only this machine gets in.
	Token string
	// Hosts are the names, without a port, by which clients reach the server besides that of Address.
	Hosts []string
}

// Endpoint is where a server listens. ServeHTTP closes it.
type Endpoint struct {
	listener net.Listener
	guard    *guard
	host     string
}

// Listen takes the address. Errors are problems of the caller's, with what to do about them.
func (h HTTP) Listen(ctx context.Context) (*Endpoint, error) {
	if err := checkToken(h.Token); err != nil {
		return nil, err
	}
	for _, name := range h.Hosts {
		if name == "" || strings.ContainsAny(name, ":/ ") {
			return nil, httpProblem("--http-hosts: %q is no name; nothing was started.", name).WithHint("Names have neither scheme nor port, like mqtrail.example.org")
		}
	}
	host, port, err := net.SplitHostPort(h.Address)
	if err != nil {
		return nil, wrongAddress(h.Address, err)
	}
	address, err := net.ResolveTCPAddr("tcp", h.Address)
	if err != nil {
		return nil, wrongAddress(h.Address, err)
	}
	local := address.IP.IsLoopback()
	if !local && h.Token == "" {
		return nil, httpProblem("Other machines reach %s, so clients there need a token; nothing was started.", h.Address).
			WithHint("Set %s to a secret of at least %d characters, or listen for this machine alone: --http 127.0.0.1:%s", TokenVariable, minToken, port)
	}
	// What was looked up is what is taken: a name may mean another address a moment later.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address.String())
	if err != nil {
		return nil, notFree(h.Address, host, err)
	}
	e := &Endpoint{listener: listener, host: host, guard: &guard{local: local, hosts: append([]string{host}, h.Hosts...)}}
	if h.Token != "" {
		digest := sha256.Sum256([]byte(h.Token))
		e.guard.token = &digest
	}
	return e, nil
}

// URL is where a client on this machine finds the server.
func (e *Endpoint) URL() string {
	host := e.host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, _ := net.SplitHostPort(e.listener.Addr().String()) // a listener's address has a port
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: endpointPath}).String()
}

// Close gives the address back, for an endpoint that is not served.
func (e *Endpoint) Close() error { return e.listener.Close() }

// addressInUse is how Windows says EADDRINUSE.
const addressInUse = syscall.Errno(10048)

func httpProblem(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, format, args...)
}

// checkToken says what is wrong with a token, without a part of it.
func checkToken(token string) error {
	if token == "" {
		return nil
	}
	if len(token) < minToken {
		return httpProblem("%s has %d characters, which can be guessed; nothing was started.", TokenVariable, len(token)).
			WithHint("Take at least %d, for example: openssl rand -hex 32", minToken)
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return httpProblem("%s holds a space or a character that no header can carry; nothing was started.", TokenVariable).
			WithHint("Take letters and digits, for example: openssl rand -hex 32")
	}
	return nil
}

func wrongAddress(address string, err error) error {
	hint := "An address is host:port, like 127.0.0.1:8080; without a host, like :8080, it is all addresses of this machine."
	if _, notNumber := strconv.Atoi(address); notNumber == nil {
		hint = "Perhaps you mean --http 127.0.0.1:" + address
	}
	return httpProblem("--http %q cannot be listened on: %v; nothing was started.", address, err).WithHint("%s", hint)
}

func notFree(address, host string, err error) error {
	hint := "Choose another address."
	switch {
	case errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, addressInUse):
		hint = "Another program listens there, perhaps another mqtrail. End that one, or take any free port: --http " + net.JoinHostPort(host, "0")
	case errors.Is(err, syscall.EACCES):
		hint = "Ports below 1024 need special rights. Take a higher one: --http " + net.JoinHostPort(host, "8080")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		hint = "This machine has no such address. To be reached under all that it has, leave the host out, like --http :8080"
	}
	return httpProblem("Listening on %s failed: %v.", address, err).WithHint("%s", hint)
}
