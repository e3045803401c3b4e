package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// session is an answer with temporary credentials, in the form of the metadata service and of credential addresses.
func session(key string, ends time.Time) string {
	return fmt.Sprintf(`{"Code":"Success","AccessKeyId":%q,"AccessKeySecret":"secret","SecurityToken":"token","Expiration":%q}`,
		key, ends.UTC().Format(dateFormat))
}

// assumedSession is the token service's answer.
func assumedSession(key string) string {
	return `{"RequestId":"R","Credentials":` + session(key, time.Now().Add(time.Hour)) + `}`
}

// uriConnection gets its credentials from the address.
func uriConnection(t *testing.T, address string) *client {
	bare(t)
	t.Setenv(varCredentialsURI, address)
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCredentialsAreKeptUntilTheyEnd(t *testing.T) {
	for ends, fetches := range map[time.Duration]int32{time.Hour: 1, time.Minute: 2} {
		var served atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, session(fmt.Sprint("key", served.Add(1)), time.Now().Add(ends)))
		}))
		t.Cleanup(server.Close)
		c := uriConnection(t, server.URL)
		for range 2 {
			got, err := c.credentials.get(t.Context())
			if want := (credential{fmt.Sprint("key", served.Load()), "secret", "token"}); err != nil || got != want {
				t.Errorf("credential %v, error %v; want %v", got, err, want)
			}
		}
		if got := served.Load(); got != fetches {
			t.Errorf("credentials for %v were fetched %d times for two calls, want %d", ends, got, fetches)
		}
	}
}

func TestCallersShareOneFetch(t *testing.T) {
	var served atomic.Int32
	proceed := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served.Add(1)
		<-proceed
		_, _ = io.WriteString(w, session("key", time.Now().Add(time.Hour)))
	}))
	t.Cleanup(server.Close)
	c := uriConnection(t, server.URL)
	var wait sync.WaitGroup
	for i := range 32 {
		wait.Go(func() {
			if i == 31 {
				close(proceed)
			}
			if got, err := c.credentials.get(t.Context()); err != nil || got.id != "key" {
				t.Errorf("credential %v, error %v", got, err)
			}
		})
	}
	wait.Wait()
	if got := served.Load(); got != 1 {
		t.Errorf("%d fetches for callers at once", got)
	}
}

// A source that never answers ends the call when its time is up, and a caller that leaves is not kept.
func TestFetchIsBounded(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	c := uriConnection(t, server.URL)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.credentials.get(ctx)
	_ = want(t, err, sdk.CodeTimeout, "")

	left, leave := context.WithCancel(t.Context())
	leave()
	_, err = c.credentials.get(left)
	_ = want(t, err, sdk.CodeCancelled, "")

	impatient := newFetcher(uriOrigin())
	impatient.timeout = 20 * time.Millisecond
	_, err = impatient.credential(t.Context())
	_ = want(t, err, sdk.CodeTimeout, "")
}

func TestFetchFailures(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       string
	}{
		{"refusal", `{"Code":"NoSuchRole","RequestId":"R-1","Message":"top-secret-value"}`, 400, sdk.CodeUnauthorized},
		{"half an answer", `{"AccessKeyId":"i","AccessKeySecret":"top-secret-value"}`, 200, sdk.CodeInvalidConfig},
		{"no JSON", `top-secret-value`, 200, sdk.CodeInvalidConfig},
		{"no time", `{"AccessKeyId":"i","AccessKeySecret":"top-secret-value","SecurityToken":"t","Expiration":"top-secret-value"}`, 200, sdk.CodeInvalidConfig},
		{"empty", `{"AccessKeyId":"","AccessKeySecret":"","SecurityToken":"","Expiration":"2999-01-01T00:00:00Z"}`, 200, sdk.CodeInvalidAnswer},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var failed atomic.Bool
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if failed.Swap(true) {
					_, _ = io.WriteString(w, session("key", time.Now().Add(time.Hour)))
					return
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			t.Cleanup(server.Close)
			c := uriConnection(t, server.URL+"/?token="+topSecret)
			_, err := c.credentials.get(t.Context())
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code || problem.Hint == "" || strings.Contains(problem.Error(), topSecret) {
				t.Errorf("problem %v, want %s, a hint and no secret", problem, test.code)
			}
			if test.code == sdk.CodeUnauthorized && (problem.VendorCode != "NoSuchRole" || problem.VendorRequestID != "R-1") {
				t.Errorf("vendor code %q, request id %q", problem.VendorCode, problem.VendorRequestID)
			}
			if got, err := c.credentials.get(t.Context()); err != nil || got.id != "key" {
				t.Errorf("after the failure was over: credential %v, error %v", got, err)
			}
		})
	}
}

func TestCredentialAddressIsClosed(t *testing.T) {
	c := uriConnection(t, closedAddress(t)+"/?token="+topSecret)
	_, err := c.credentials.get(t.Context())
	problem := want(t, err, sdk.CodeUnreachable, "")
	if !problem.Retryable || strings.Contains(problem.Error(), topSecret) {
		t.Errorf("problem %v", problem)
	}
}

func TestECSRole(t *testing.T) {
	metadata := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "PUT /latest/api/token":
			_, _ = io.WriteString(w, "metadata-token")
		case "GET /latest/meta-data/ram/security-credentials/":
			_, _ = io.WriteString(w, "the-role")
		case "GET /latest/meta-data/ram/security-credentials/the-role":
			_, _ = io.WriteString(w, session("ecs-key", time.Now().Add(time.Hour)))
		case "GET /latest/meta-data/ram/security-credentials/panics": // the library reads Code without looking for it
			_, _ = io.WriteString(w, `{"AccessKeyId":"i","AccessKeySecret":"top-secret-value","SecurityToken":"t"}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(metadata.Close)
	through(t, metadata.URL)
	for _, role := range []string{"the-role", ecsAuto} {
		bare(t)
		c, err := open(t.Context(), Settings{Region: "cn-hangzhou", ECSRole: role})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.credentials.get(t.Context()); err != nil || got != (credential{"ecs-key", "secret", "token"}) {
			t.Errorf("%s: credential %v, error %v", role, got, err)
		}
	}
	t.Setenv(varECSRole, "panics")
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	if problem := want(t, err, sdk.CodeInvalidAnswer, ""); strings.Contains(problem.Error(), topSecret) {
		t.Errorf("problem %v", problem)
	}
}

func TestECSAndOIDCWithClosedPorts(t *testing.T) {
	through(t, closedAddress(t))
	home := bare(t)
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou", ECSRole: "r"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	_ = want(t, err, sdk.CodeUnreachable, "")

	token := filepath.Join(home, "token")
	writeFile(t, token, topSecret)
	t.Setenv(varOIDCProviderARN, "acs:ram::1:oidc-provider/p")
	t.Setenv(varRoleARN, "acs:ram::1:role/r")
	t.Setenv(varOIDCTokenFile, token)
	if c, err = open(t.Context(), Settings{Region: "cn-hangzhou"}); err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	if problem := want(t, err, sdk.CodeUnreachable, ""); strings.Contains(problem.Error(), topSecret) {
		t.Errorf("problem %v", problem)
	}
	t.Setenv(varOIDCTokenFile, filepath.Join(home, "none"))
	if c, err = open(t.Context(), Settings{Region: "cn-hangzhou"}); err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	fault(t, err, "none")
}

func TestRoles(t *testing.T) {
	var asked []string
	service := tokenService(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		asked = append(asked, r.Form.Get("Action")+" "+r.Form.Get("AccessKeyId")+" "+r.Form.Get("RoleArn")+" "+r.Form.Get("RoleSessionName")+" "+r.Host)
		if strings.HasSuffix(r.Form.Get("RoleArn"), "/refused") {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"Code":"NoPermission","RequestId":"R-2","Message":"`+r.Form.Get("SecurityToken")+`"}`)
			return
		}
		_, _ = io.WriteString(w, assumedSession("as-"+r.Form.Get("RoleArn")))
	})
	through(t, service)
	const config = `{"current":"chain","profiles":[
		{"name":"base","mode":"RamRoleArn","access_key_id":"i","access_key_secret":"s","ram_role_arn":"one","ram_session_name":"me"},
		{"name":"chain","mode":"ChainableRamRoleArn","ram_role_arn":"two","source_profile":"base"},
		{"name":"oidc","mode":"OIDC","oidc_provider_arn":"p","oidc_token":"x","ram_role_arn":"three"}]}`
	tests := []struct {
		name     string
		settings Settings
		id       string
		asked    []string
	}{
		{"role_arn", Settings{AccessKeyID: "i", AccessKeySecret: "s", RoleARN: "r"}, "as-r", []string{"AssumeRole i r mqtrail sts.aliyuncs.com"}},
		{"role_arn inside a VPC", Settings{AccessKeyID: "i", AccessKeySecret: "s", RoleARN: "r", Network: "vpc"}, "as-r", []string{"AssumeRole i r mqtrail sts-vpc.cn-hangzhou.aliyuncs.com"}},
		{"profile", Settings{Profile: "base"}, "as-one", []string{"AssumeRole i one me sts.aliyuncs.com"}},
		{"chain", Settings{}, "as-two", []string{"AssumeRole i one me sts.aliyuncs.com", "AssumeRole as-one two mqtrail sts.aliyuncs.com"}},
		{"OIDC profile", Settings{Profile: "oidc"}, "as-three", []string{"AssumeRoleWithOIDC  three mqtrail sts.aliyuncs.com"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asked = nil
			home := bare(t)
			writeFile(t, filepath.Join(home, ".aliyun", "config.json"), config)
			test.settings.Region = "cn-hangzhou"
			c, err := open(t.Context(), test.settings)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.credentials.get(t.Context())
			if err != nil || got != (credential{test.id, "secret", "token"}) {
				t.Errorf("credential %v, error %v", got, err)
			}
			if strings.Join(asked, "|") != strings.Join(test.asked, "|") {
				t.Errorf("asked %q, want %q", asked, test.asked)
			}
		})
	}
	bare(t)
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou", AccessKeyID: "i", AccessKeySecret: "s", SecurityToken: topSecret, RoleARN: "acs:ram::1:role/refused"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	problem := want(t, err, sdk.CodeUnauthorized, "NoPermission")
	if problem.VendorRequestID != "R-2" || strings.Contains(problem.Error(), topSecret) {
		t.Errorf("problem %v", problem)
	}
}

// through sends what the vendor's library sends, to fixed hosts of the vendor's, to this address instead.
func through(t *testing.T, address string) {
	proxy, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	usual := http.DefaultTransport
	transport := usual.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(proxy)
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // the test's own server in the vendor's name
	http.DefaultTransport = transport
	t.Cleanup(func() { http.DefaultTransport = usual })
}

// closedAddress is one where nobody listens.
func closedAddress(_ *testing.T) string {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return server.URL
}

// tokenService is a proxy that leads every TLS connection to one handler.
func tokenService(t *testing.T, handler http.HandlerFunc) string {
	service := httptest.NewTLSServer(handler)
	t.Cleanup(service.Close)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "TLS only", http.StatusBadRequest)
			return
		}
		var dialer net.Dialer
		to, err := dialer.DialContext(r.Context(), "tcp", service.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		from, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL
}
