package main

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// succeeded is the statusCode of success, sent as a number or as a string.
const succeeded = "800"

// gatewayPrefix begins the codes of the gateway before CTyun's services. What it refuses reached no service.
const gatewayPrefix = "CTAPI_"

// envelope is what surrounds every answer of CTyun, by field name. The case of a name counts: nothing but
// statusCode itself may say that a call succeeded.
type envelope map[string]text

// checkEnvelope finds the failure in an answer. The body decides, whatever the HTTP status: which status CTyun
// sends with which failure is not documented.
func checkEnvelope(answer *rest.Answer) error {
	var fields envelope
	if err := json.Unmarshal(answer.Body, &fields); err != nil {
		fields = nil // not an object, so not CTyun's envelope: the failure below says so
	}
	if fields["statusCode"] == succeeded {
		return nil
	}
	return fields.failure(answer)
}

func (e envelope) failure(answer *rest.Answer) *sdk.Problem {
	code, hint := e.meaning(answer.File.Product)
	// The codes that are known, of a gateway that passed nothing on. A service's codes are not documented.
	answer.Refused = code != "" && e.gatewayCode() != ""
	problem := rest.Failure(answer, code, "CTyun refused %s: %s", answer.File.Operation, rest.Excerpt([]byte(e["message"])))
	switch {
	case e["statusCode"] == "" && answer.Status < 300:
		problem.Code = sdk.CodeInvalidAnswer
		problem.Message = "CTyun's answer to " + answer.File.Operation + " has no statusCode to say whether the call succeeded: " + rest.Excerpt(answer.Body)
		hint = "Check the endpoint: something else may have answered instead of CTyun."
	case e["message"] == "":
		problem.Message = "CTyun refused " + answer.File.Operation + " and gave no reason: " + rest.Excerpt(answer.Body)
	}
	problem.VendorCode, problem.VendorRequestID = e.code(), e["requestId"].word()
	return problem.WithHint("%s", hint)
}

// code is the most telling of the envelope's codes: a service's error beside statusCode 900, else the gateway's.
func (e envelope) code() string {
	gateway := e.gatewayCode()
	if gateway != "" {
		return gateway
	}
	if code := e["error"].word(); code != "" {
		return code
	}
	return e["statusCode"].word()
}

// gatewayCode is the gateway's code, CTAPI_ and digits; "" when a service answered.
func (e envelope) gatewayCode() string {
	if status := e["statusCode"].word(); strings.HasPrefix(status, gatewayPrefix) {
		return status
	}
	if code := e["eopErrCode"].word(); code != "" {
		return gatewayPrefix + strings.TrimPrefix(code, gatewayPrefix)
	}
	return ""
}

var (
	throttling = regexp.MustCompile(`(?i)too many requests|rate limit|flow control|throttl|限流|流控|请求过于频繁`)
	missing    = regexp.MustCompile(`(?i)not (exist|found)|不存在`)
)

// meaning is what the failure means, as a problem's code, and what to do next. An empty code leaves it to the
// HTTP status.
func (e envelope) meaning(product string) (code, hint string) {
	gateway, message := e.gatewayCode(), string(e["message"])
	switch {
	case gateway == "CTAPI_10002":
		return sdk.CodeUnauthorized, "CTyun does not know this pair of keys: check access_key and secret_key (CTYUN_AK and CTYUN_SK)."
	case gateway == "CTAPI_10009":
		return sdk.CodeUnauthorized, "Check secret_key (CTYUN_SK) and this machine's clock: a signature holds for 15 minutes. A proxy that rewrites the query breaks it too."
	case gateway == "CTAPI_10000":
		return sdk.CodeNotFound, "This endpoint or region does not offer the operation: check endpoint and region_id, or call it in the other version, v2 or v3."
	// Neither has a documented code, so the text must do. Throttling is believed of the gateway alone: the call
	// is repeated then, and only what the gateway refused surely had no effect.
	case gateway != "" && throttling.MatchString(message):
		return sdk.CodeThrottled, "Call less often."
	case gateway == "" && missing.MatchString(message):
		return sdk.CodeNotFound, "Check the ids and names, and that the instance is in the connection's region: " + instanceList(product) + " shows what is there."
	case gateway != "":
		return "", "CTyun's gateway refused the call before any service saw it; its support wants the code and the request id."
	default:
		return "", "Check the arguments, and that the instance is in the connection's region; CTyun's support wants the code and the request id."
	}
}

// instanceList is the tool that lists a product's instances.
func instanceList(product string) string {
	if product == kafka {
		return "ctyun_kafka_instances_query"
	}
	return "ctyun_rocketmq_instance_list"
}
