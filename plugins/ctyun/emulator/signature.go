package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// maxSkew is how far a request's date may be from the clock.
const maxSkew = 15 * time.Minute

// verify refuses a request that CTyun's gateway would refuse; nil when it is fine.
func verify(request *http.Request, body []byte, now time.Time) *sandbox.Answer {
	accessKey, given, ok := credentials(request.Header.Get("Eop-Authorization"))
	if !ok || accessKey != AccessKey {
		return gateway(request, "10002", "invalid AK/SK")
	}
	date := request.Header.Get("Eop-date")
	if !current(date, now) || request.Header.Get(requestID) == "" || !canonical(request.URL.RawQuery) {
		return refusedSignature(request)
	}
	text := fmt.Sprintf("%s:%s\neop-date:%s\n\n%s\n%x", requestID, request.Header.Get(requestID), date, request.URL.RawQuery, sha256.Sum256(body))
	key := []byte(SecretKey)
	for _, message := range []string{date, accessKey, date[:8], text} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(message))
		key = mac.Sum(nil)
	}
	if subtle.ConstantTimeCompare([]byte(given), []byte(base64.StdEncoding.EncodeToString(key))) != 1 {
		return refusedSignature(request)
	}
	return nil
}

func refusedSignature(request *http.Request) *sandbox.Answer {
	return gateway(request, "10009", "signature verification failed")
}

// credentials takes the authorization header apart.
func credentials(header string) (accessKey, signature string, ok bool) {
	parts := strings.Split(header, " ")
	if len(parts) != 3 || parts[1] != "Headers=ctyun-eop-request-id;eop-date" {
		return "", "", false
	}
	signature, ok = strings.CutPrefix(parts[2], "Signature=")
	return parts[0], signature, ok
}

// current reports whether a date in Beijing time, its Z a mere letter, is near enough to now.
func current(date string, now time.Time) bool {
	digits, ok := strings.CutSuffix(date, "Z")
	if !ok {
		return false
	}
	local, err := time.Parse("20060102T150405", digits)
	if err != nil {
		return false
	}
	return now.Sub(local.Add(-8*time.Hour)).Abs() <= maxSkew
}

// canonical reports whether a query is sorted and encoded as CTyun builds it for itself before it compares.
func canonical(query string) bool {
	if query == "" {
		return true
	}
	pairs := strings.Split(query, "&")
	for _, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		if !found || !encoded(name) || !encoded(value) {
			return false
		}
	}
	return slices.IsSortedFunc(pairs, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
}

// encoded reports whether a text is what RFC 3986 makes of its value, with upper-case digits.
func encoded(text string) bool {
	value, err := url.QueryUnescape(text)
	if err != nil || strings.Contains(text, "+") {
		return false
	}
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") == text
}
