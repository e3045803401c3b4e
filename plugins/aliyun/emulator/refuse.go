package emulator

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// newRequestID marks one answer, in the form of the vendor's.
func newRequestID() string { return strings.ToUpper(uuid.NewString()) }

// gatewayError is an error of the gateway before the service: in Pascal case, with a host and a link to advice.
func gatewayError(status int, code, message string) *sandbox.Answer {
	requestID := newRequestID()
	return &sandbox.Answer{
		Status: status,
		Header: http.Header{"X-Acs-Request-Id": {requestID}},
		Body: map[string]string{
			"RequestId": requestID, "HostId": "sandbox", "Code": code, "Message": message,
			"Recommend": "https://api.aliyun.com/troubleshoot?q=" + code,
		},
	}
}

// answer is an error of the service: in camel case, in the envelope of every answer.
func (f *failure) answer() *sandbox.Answer {
	requestID := newRequestID()
	return &sandbox.Answer{
		Status: f.status,
		Header: http.Header{"X-Acs-Request-Id": {requestID}},
		Body: map[string]any{
			"requestId": requestID, "success": false, "code": f.code, "message": f.message,
			"httpStatusCode": f.status, "dynamicCode": upperFirst(f.about), "dynamicMessage": f.about,
		},
	}
}

// refuse answers a fault. MissingInstanceId and InvalidConsumerGroupId are known codes; that the other parameters'
// are formed alike is assumed, and so is the code for a body that does not parse.
func refuse(fault sandbox.Fault) *sandbox.Answer {
	switch fault.Kind {
	case sandbox.UnknownRoute:
		return gatewayError(http.StatusNotFound, "InvalidAction.NotFound", "No such operation: "+fault.Detail)
	case sandbox.MissingParameter:
		return missing(fault.Parameter).answer()
	case sandbox.BadBody:
		return gatewayError(http.StatusBadRequest, "InvalidParameter", fault.Detail)
	default:
		return invalid(fault.Parameter, fault.Detail).answer()
	}
}

// checkAction holds the signed name of the operation against the route; nil lets the call through.
func checkAction(call *sandbox.Call) *sandbox.Answer {
	if action := call.Request.Header.Get("x-acs-action"); action != call.File.Operation {
		return gatewayError(http.StatusNotFound, "InvalidAction.NotFound", "The route is not the one of "+action+".")
	}
	return nil
}

func upperFirst(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
