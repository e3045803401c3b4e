package rest

import (
	"net/http"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

const (
	redaction = "[redacted]"
	// minCut is how much of a secret, in bytes, an excerpt may end with.
	minCut = 8
)

// redacted removes the secrets of the request from a problem that may repeat what the vendor said.
func (c *Client) redacted(request *http.Request, problem *sdk.Problem) *sdk.Problem {
	for _, name := range c.SecretHeaders {
		secret := request.Header.Get(name)
		if secret == "" {
			continue
		}
		for _, text := range []*string{&problem.Message, &problem.Hint, &problem.VendorCode, &problem.VendorRequestID} {
			*text = redact(*text, secret)
		}
	}
	return problem
}

func redact(text, secret string) string {
	text = strings.ReplaceAll(text, secret, redaction)
	excerpt, after, cut := strings.Cut(text, cutMark)
	for length := len(secret) - 1; cut && length >= minCut; length-- {
		if before, ends := strings.CutSuffix(excerpt, secret[:length]); ends {
			return before + redaction + cutMark + after
		}
	}
	return text
}

// withoutUser is an endpoint without a user's name and password, for a message: it may be too broken to parse.
func withoutUser(endpoint string) string {
	at := strings.LastIndex(endpoint, "@")
	if at < 0 {
		return endpoint
	}
	scheme, _, found := strings.Cut(endpoint[:at], "://")
	if !found {
		return redaction + endpoint[at:]
	}
	return scheme + "://" + redaction + endpoint[at:]
}
