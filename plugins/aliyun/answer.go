package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// envelope is what the vendor puts around every answer. Failures come in camel case from the service and in Pascal
// case from the gateway before it.
type envelope struct {
	// success is nil when the answer does not say.
	success        *bool
	code           string
	message        string
	requestID      string
	dynamicMessage string
	// recommend is the gateway's link to its own advice.
	recommend string
	// deniedAction is the permission that was missing.
	deniedAction string
}

// checkAnswer finds the failure in an answer. The field success decides, not the HTTP status: the service fails with
// HTTP 200 too, and puts the code and message of an error beside success: true.
func checkAnswer(answer *rest.Answer) error {
	found, ok := readEnvelope(answer.Body)
	succeeded := found.success != nil && *found.success || found.success == nil && found.code == "200"
	switch {
	case answer.Status < 300 && succeeded:
		return nil
	case answer.Status < 300 && (!ok || found.success == nil && found.code == ""):
		return rest.Failure(answer, sdk.CodeInvalidAnswer, "%s was answered without the fields success and code that the vendor always sends: %s",
			answer.File.Operation, rest.Excerpt(answer.Body)).
			WithHint("Something else than the vendor may have answered: check the endpoint and the proxy settings.")
	case !ok:
		return nil // the HTTP status says what there is to say
	default:
		return found.problem(answer)
	}
}

func (e envelope) problem(answer *rest.Answer) *sdk.Problem {
	kind := kindOf(e.code)
	// A code beside success: true is no reason to believe anything.
	answer.Refused = isRefusal(e.code) && (e.success == nil || !*e.success)
	problem := rest.Failure(answer, kind.problem, "The vendor refused %s: %s", answer.File.Operation, e.text(answer))
	problem.VendorCode = e.code
	problem.VendorRequestID = e.requestID
	problem.Hint = kind.hint
	if problem.Code == sdk.CodeThrottled {
		problem.RetryAfter = max(problem.RetryAfter, throttleWait(answer.Header))
	}
	if e.deniedAction != "" {
		problem.Hint = fmt.Sprintf("Grant the permission %s to the RAM identity of the connection.", e.deniedAction)
	}
	if e.recommend != "" {
		problem.Hint = strings.TrimSpace(problem.Hint + " The vendor's advice: " + e.recommend)
	}
	return problem
}

// text is what the vendor said. A refused signature is told in our words: the vendor repeats what it signed, the
// session token included.
func (e envelope) text(answer *rest.Answer) string {
	switch {
	case e.code == codeSignature:
		return "the signature does not match."
	case e.message == "":
		return fmt.Sprintf("it gave no reason (HTTP %d).", answer.Status)
	case e.dynamicMessage == "" || strings.Contains(e.message, e.dynamicMessage):
		return rest.Excerpt([]byte(e.message))
	default:
		return rest.Excerpt([]byte(e.message)) + " about " + rest.Excerpt([]byte(e.dynamicMessage))
	}
}

// readEnvelope reads the envelope of an answer; false when the answer is no JSON object.
func readEnvelope(body []byte) (envelope, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return envelope{}, false
	}
	found := envelope{
		code:           identifier(text(fields, "code", "Code")),
		message:        text(fields, "message", "Message"),
		requestID:      identifier(text(fields, "requestId", "RequestId")),
		dynamicMessage: text(fields, "dynamicMessage", "DynamicMessage"),
		recommend:      link(text(fields, "recommend", "Recommend")),
		deniedAction:   deniedAction(fields),
	}
	for _, name := range []string{"success", "Success"} {
		if value, ok := truth(fields[name]); ok && (found.success == nil || !value) { // a "no" in either spelling wins
			found.success = &value
		}
	}
	return found, true
}

// text is the first of the fields that has a text or a number.
func text(fields map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		var value string
		if json.Unmarshal(fields[name], &value) == nil && value != "" {
			return value
		}
		var number json.Number
		if json.Unmarshal(fields[name], &number) == nil && number != "" {
			return number.String()
		}
	}
	return ""
}

// truth reads a boolean that may have been sent as a text.
func truth(raw json.RawMessage) (value, ok bool) {
	switch string(raw) {
	case "true", `"true"`, `"True"`:
		return true, true
	case "", "null":
		return false, false
	default: // false, and whatever else is not a yes
		return false, true
	}
}

func deniedAction(fields map[string]json.RawMessage) string {
	for _, name := range []string{"accessDeniedDetail", "AccessDeniedDetail"} {
		var detail map[string]json.RawMessage
		if json.Unmarshal(fields[name], &detail) == nil {
			if action := identifier(text(detail, "authAction", "AuthAction")); action != "" {
				return action
			}
		}
	}
	return ""
}

// identifier is a name that the vendor gave, without what no name has.
func identifier(name string) string {
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return -1
		}
		return r
	}, name)
	return name[:min(len(name), 100)]
}

// link passes the vendor's own address on and nothing else that stands in its place.
func link(address string) string {
	if !strings.HasPrefix(address, "https://") || len(address) > 500 || strings.ContainsFunc(address, notInLink) {
		return ""
	}
	return address
}

func notInLink(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '<' || r == '>' }
