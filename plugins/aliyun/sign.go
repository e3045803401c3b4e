package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

// apiVersion is the version of the RocketMQ API that the operation files describe.
const apiVersion = "2022-08-01"

const (
	algorithm  = "ACS3-HMAC-SHA256"
	dateFormat = "2006-01-02T15:04:05Z"

	headerPrefix        = "x-acs-"
	headerToken         = "x-acs-security-token" // #nosec G101 -- a header's name
	headerAuthorization = "Authorization"
)

// call is what a request says of itself besides its address.
type call struct{ action, version string }

// signer signs requests with ACS3-HMAC-SHA256.
type signer struct {
	now   func() time.Time
	nonce func() string // never the same twice: the vendor takes a repeated request for a replay
}

func newSigner() signer { return signer{now: time.Now, nonce: rand.Text} }

// sign adds the vendor's headers and the signature over all of them. The URL must be in its canonical form already.
func (s signer) sign(request *http.Request, body []byte, what call, key credential) {
	digest := sha256Hex(body)
	header := request.Header
	header.Set("x-acs-action", what.action)
	header.Set("x-acs-version", what.version)
	header.Set("x-acs-date", s.now().UTC().Format(dateFormat))
	header.Set("x-acs-signature-nonce", s.nonce())
	header.Set("x-acs-content-sha256", digest)
	if key.token != "" {
		header.Set(headerToken, key.token)
		header.Set("x-acs-accesskey-id", key.id)
	}
	canonical, signed := canonicalHeaders(request)
	path := request.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	canonicalRequest := strings.Join([]string{request.Method, path, request.URL.RawQuery, canonical, signed, digest}, "\n")
	mac := hmac.New(sha256.New, []byte(key.secret))
	mac.Write([]byte(algorithm + "\n" + sha256Hex([]byte(canonicalRequest))))
	header.Set(headerAuthorization, algorithm+" Credential="+key.id+",SignedHeaders="+signed+",Signature="+hex.EncodeToString(mac.Sum(nil)))
}

// canonicalHeaders are the signed headers, one line each, and their names.
func canonicalHeaders(request *http.Request) (lines, names string) {
	values := map[string]string{"host": request.Host}
	signed := []string{"host"}
	for name := range request.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, headerPrefix) || lower == "content-type" {
			values[lower] = strings.TrimSpace(request.Header.Get(name))
			signed = append(signed, lower)
		}
	}
	slices.Sort(signed)
	var text strings.Builder
	for _, name := range signed {
		text.WriteString(name + ":" + values[name] + "\n")
	}
	return text.String(), strings.Join(signed, ";")
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
