package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// maxSkew is how far a request's clock may be off.
const maxSkew = 15 * time.Minute

type verifier struct{ now func() time.Time }

// verify refuses a request with no valid token or signature, as the gateway does: always the same code. The
// words before the canonical request are assumed.
func (v verifier) verify(request *http.Request, body []byte) *sandbox.Answer {
	reason := "no credentials"
	switch {
	case request.Header.Get("X-Auth-Token") != "":
		if subtle.ConstantTimeCompare([]byte(request.Header.Get("X-Auth-Token")), []byte(AuthToken)) == 1 {
			return nil
		}
		reason = "decrypt token fail"
	case request.Header.Get("Authorization") != "":
		if reason = v.fault(request, body); reason == "" {
			return nil
		}
	}
	return failure(http.StatusUnauthorized, "APIGW.0301", "Incorrect IAM authentication information: "+reason)
}

// fault says what is wrong with the signature; "" when nothing is.
func (v verifier) fault(request *http.Request, body []byte) string {
	fields, ok := authorization(request.Header.Get("Authorization"))
	if !ok {
		return "the Authorization header does not parse"
	}
	account, ok := find(fields["Access"])
	if !ok {
		return "ak not exist"
	}
	names := strings.Split(fields["SignedHeaders"], ";")
	date := request.Header.Get("X-Sdk-Date")
	at, err := time.Parse("20060102T150405Z", date)
	switch {
	case err != nil || !slices.Contains(names, "x-sdk-date"):
		return "X-Sdk-Date is missing, malformed or not signed"
	case v.now().Sub(at).Abs() > maxSkew:
		return "signature expired"
	case request.Header.Get("X-Security-Token") != account.token:
		return "the security token is not the one of the access key"
	case account.token != "" && !slices.Contains(names, "x-security-token"):
		return "X-Security-Token is not signed"
	}
	text, err := canonicalText(request, names, body)
	if err != nil {
		return err.Error()
	}
	mac := hmac.New(sha256.New, []byte(account.secret))
	_, _ = fmt.Fprintf(mac, "SDK-HMAC-SHA256\n%s\n%x", date, sha256.Sum256([]byte(text))) // a hash takes all
	if !hmac.Equal(fmt.Appendf(nil, "%x", mac.Sum(nil)), []byte(fields["Signature"])) {
		return "verify aksk signature fail, canonicalRequest:" + strings.ReplaceAll(text, "\n", "|")
	}
	return ""
}

// authorization reads the fields of the Authorization header.
func authorization(header string) (map[string]string, bool) {
	list, ok := strings.CutPrefix(header, "SDK-HMAC-SHA256 ")
	fields := map[string]string{}
	for part := range strings.SplitSeq(list, ", ") {
		name, value, _ := strings.Cut(part, "=")
		fields[name] = value
	}
	return fields, ok && len(fields) == 3
}

// canonicalText builds the signed text from what arrived: decoded and encoded again, as a server does that
// cannot trust the sender's encoding.
func canonicalText(request *http.Request, names []string, body []byte) (string, error) {
	var path strings.Builder
	for segment := range strings.SplitSeq(strings.Trim(request.URL.EscapedPath(), "/"), "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return "", fmt.Errorf("the path does not decode")
		}
		path.WriteString("/" + encode(decoded))
	}
	query, err := canonicalQuery(request.URL.RawQuery)
	if err != nil {
		return "", err
	}
	var headers strings.Builder
	for _, name := range names {
		value := strings.Join(request.Header.Values(name), ",")
		if name == "host" {
			value = request.Host
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.TrimSpace(value))
	}
	return fmt.Sprintf("%s\n%s/\n%s\n%s\n%s\n%x",
		request.Method, path.String(), query, headers.String(), strings.Join(names, ";"), sha256.Sum256(body)), nil
}

func canonicalQuery(raw string) (string, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return "", fmt.Errorf("the query does not decode")
	}
	var pairs [][2]string
	for name, list := range values {
		for _, value := range list {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		return slices.Compare(a[:], b[:])
	})
	texts := make([]string, len(pairs))
	for i, pair := range pairs {
		texts[i] = encode(pair[0]) + "=" + encode(pair[1])
	}
	return strings.Join(texts, "&"), nil
}

// encode is RFC 3986's percent-encoding, by way of Go's, which differs in the space, '*' and '~'.
func encode(text string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(text))
}
