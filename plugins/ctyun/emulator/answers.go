package emulator

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// requestID is the header with the caller's id of the request, which the gateway repeats.
const requestID = "ctyun-eop-request-id"

// The HTTP status of CTyun's failures is not documented. 200 is assumed: the hardest for a caller to get right.
const status = http.StatusOK

// success is the envelope of an answer, in the order of the documented samples.
type success struct {
	ReturnObj  json.RawMessage `json:"returnObj,omitempty"`
	Message    string          `json:"message"`
	StatusCode any             `json:"statusCode"`
}

func (p *product) found(payload json.RawMessage) *sandbox.Answer {
	return &sandbox.Answer{Status: status, Body: success{ReturnObj: payload, Message: "success", StatusCode: p.success}}
}

// failed is a service's failure as the documented sample has it: statusCode a string, returnObj empty.
func failed(message string) *sandbox.Answer {
	return &sandbox.Answer{Status: status, Body: map[string]any{
		"statusCode": "900", "message": message, "returnObj": json.RawMessage(`{}`), "error": "201",
	}}
}

// wrong is a service's failure in its other documented form: statusCode a number, returnObj null.
func (p *product) wrong(message string) *sandbox.Answer {
	return &sandbox.Answer{Status: status, Body: map[string]any{
		"statusCode": 900, "message": message, "returnObj": nil, "error": p.invalid,
	}}
}

// gateway is a refusal by the gateway before the services.
func gateway(request *http.Request, code, message string) *sandbox.Answer {
	return &sandbox.Answer{Status: status, Body: map[string]any{
		"requestId": request.Header.Get(requestID), "statusCode": "CTAPI_" + code, "error": code, "eopErrCode": code,
		"message": "ctyun-EOP: " + message, "returnObj": json.RawMessage(`{}`),
	}}
}

// refuse answers a fault in a request whose signature is fine. Which code goes with a missing parameter is not
// documented: that of a wrong one is assumed.
func (p *product) refuse(fault sandbox.Fault) *sandbox.Answer {
	switch fault.Kind {
	case sandbox.UnknownRoute:
		return gateway(fault.Request, "10000", "API not found")
	case sandbox.MissingParameter:
		return p.wrong(fault.Parameter + " is required")
	default:
		return p.wrong(strings.TrimSpace(fault.Parameter + " not valid, " + fault.Detail))
	}
}
