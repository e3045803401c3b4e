package emulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

const (
	scheme     = "ACS3-HMAC-SHA256 "
	version    = "2022-08-01"
	skew       = 15 * time.Minute
	dateLayout = time.RFC3339
)

type verifier struct{ now func() time.Time }

// key is an access key that the emulator knows.
type key struct{ secret, token string }

func keyOf(id string) (key, bool) {
	switch id {
	case AccessKeyID:
		return key{AccessKeySecret, ""}, true
	case TemporaryKeyID:
		return key{TemporaryKeySecret, TemporaryToken}, true
	default:
		return key{}, false
	}
}

// verify checks who calls, when, and that nothing was changed on the way. Codes and statuses are the vendor's usual ones
// for each fault; the texts are our own.
func (v verifier) verify(request *http.Request, body []byte) *sandbox.Answer {
	claim, ok := parseClaim(request.Header.Get("Authorization"))
	if !ok {
		return gatewayError(http.StatusBadRequest, "MissingAuthorization", "No usable Authorization header came with the request.")
	}
	known, ok := keyOf(claim.keyID)
	if !ok {
		return gatewayError(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "The access key is not known.")
	}
	if request.Header.Get("x-acs-security-token") != known.token {
		return gatewayError(http.StatusBadRequest, "InvalidSecurityToken.Malformed", "The security token does not belong to the access key.")
	}
	if refusal := v.checkHeaders(request); refusal != nil {
		return refusal
	}
	if fault := claim.check(request, body, known.secret); fault != "" {
		return gatewayError(http.StatusBadRequest, "SignatureDoesNotMatch", fault)
	}
	return nil
}

func (v verifier) checkHeaders(request *http.Request) *sandbox.Answer {
	for _, name := range []string{"x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"} {
		if request.Header.Get(name) == "" {
			return gatewayError(http.StatusBadRequest, "MissingParameter", "The header "+name+" is missing.")
		}
	}
	sent := request.Header.Get("x-acs-date")
	date, err := time.Parse(dateLayout, sent)
	if err != nil || !strings.HasSuffix(sent, "Z") {
		return gatewayError(http.StatusBadRequest, "InvalidTimeStamp.Format", "The header x-acs-date is no UTC time.")
	}
	if date.Sub(v.now()).Abs() > skew {
		return gatewayError(http.StatusBadRequest, "InvalidTimeStamp.Expired", "The header x-acs-date is too far from the time here.")
	}
	if request.Header.Get("x-acs-version") != version {
		return gatewayError(http.StatusBadRequest, "InvalidVersion", "The version is not "+version+".")
	}
	return nil
}

// claim is what the Authorization header says.
type claim struct {
	keyID, signature string
	signed           []string
}

func parseClaim(header string) (claim, bool) {
	rest, ok := strings.CutPrefix(header, scheme)
	if !ok {
		return claim{}, false
	}
	var found claim
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "Credential":
			found.keyID = value
		case "SignedHeaders":
			found.signed = strings.Split(value, ";")
		case "Signature":
			found.signature = value
		default:
			return claim{}, false
		}
	}
	return found, found.keyID != "" && len(found.signed) > 0 && found.signature != ""
}

// check says why the signature does not fit the request; "" when it does.
func (c claim) check(request *http.Request, body []byte, secret string) string {
	if !slices.IsSorted(c.signed) {
		return "The signed headers are not in order."
	}
	for name := range request.Header {
		lower := strings.ToLower(name)
		if (strings.HasPrefix(lower, "x-acs-") || lower == "content-type") && !slices.Contains(c.signed, lower) {
			return "The header " + lower + " is not signed."
		}
	}
	if !slices.Contains(c.signed, "host") {
		return "The header host is not signed."
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(body))
	if request.Header.Get("x-acs-content-sha256") != digest {
		return "The body is not the one that was signed."
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%s\n%x", strings.TrimSpace(scheme), sha256.Sum256(c.canonical(request, digest))) // a hash takes all
	given, err := hex.DecodeString(c.signature)
	if err != nil || c.signature != strings.ToLower(c.signature) || !hmac.Equal(given, mac.Sum(nil)) {
		return "The signature is not the one that was computed here."
	}
	return ""
}

// canonical is the request as it is signed: every part as it came over the wire, which must be in canonical form
// already, because what is decoded and encoded again could hide a difference.
func (c claim) canonical(request *http.Request, digest string) []byte {
	path, query, _ := strings.Cut(request.RequestURI, "?")
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s\n%s\n%s\n", request.Method, path, query)
	for _, name := range c.signed {
		value := strings.Join(request.Header.Values(name), ",")
		if name == "host" {
			value = request.Host
		}
		fmt.Fprintf(&text, "%s:%s\n", name, strings.TrimSpace(value))
	}
	fmt.Fprintf(&text, "\n%s\n%s", strings.Join(c.signed, ";"), digest)
	return text.Bytes()
}
