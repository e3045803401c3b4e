package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	algorithm  = "SDK-HMAC-SHA256"
	dateLayout = "20060102T150405Z"

	headerDate          = "X-Sdk-Date"
	headerProject       = "X-Project-Id"
	headerRequestID     = "X-Request-Id"
	headerSecurityToken = "X-Security-Token"
	headerAuthToken     = "X-Auth-Token" //nolint:gosec // the name of a header
)

// signer proves who calls: with SDK-HMAC-SHA256, or with an IAM token.
type signer struct {
	keys      keys
	authToken string
	now       func() time.Time
}

// sign adds the credentials. It comes last: it covers the headers that are there.
func (s signer) sign(request *http.Request, body []byte) {
	// Without a body too: the gateway wants it, and exactly so. A form's says where its parts begin.
	if !strings.HasPrefix(request.Header.Get("Content-Type"), "multipart/") {
		request.Header.Set("Content-Type", "application/json")
	}
	if s.authToken != "" {
		request.Header.Set(headerAuthToken, s.authToken)
		return
	}
	if s.keys.token != "" {
		request.Header.Set(headerSecurityToken, s.keys.token)
	}
	date := s.now().UTC().Format(dateLayout)
	request.Header.Set(headerDate, date)
	names := signedHeaders(request.Header)
	request.Header.Set("Authorization", algorithm+" Access="+s.keys.access+
		", SignedHeaders="+strings.Join(names, ";")+
		", Signature="+signature(s.keys.secret, date, canonical(request, names, body)))
}

// signedHeaders are the host, the content type and all X- headers, in order. Others a proxy may change.
func signedHeaders(header http.Header) []string {
	names := []string{"host"}
	for name := range header {
		name = strings.ToLower(name)
		if name == "content-type" || strings.HasPrefix(name, "x-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// canonical is the text of the request that is signed. Path and query are as they are sent, which is canonical
// but for the slash at the end of the path.
func canonical(request *http.Request, names []string, body []byte) string {
	path := request.URL.EscapedPath()
	if !strings.HasSuffix(path, "/") {
		path += "/"
	}
	var headers strings.Builder
	for _, name := range names {
		value := request.Header.Get(name)
		if name == "host" {
			value = request.Host
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	digest := sha256.Sum256(body)
	return strings.Join([]string{
		request.Method, path, request.URL.RawQuery, headers.String(), strings.Join(names, ";"), hex.EncodeToString(digest[:]),
	}, "\n")
}

func signature(secret, date, canonical string) string {
	digest := sha256.Sum256([]byte(canonical))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(algorithm + "\n" + date + "\n" + hex.EncodeToString(digest[:])))
	return hex.EncodeToString(mac.Sum(nil))
}
