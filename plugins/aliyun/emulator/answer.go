package emulator

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// failure is why the service refuses a call.
type failure struct {
	status               int
	code, message, about string
}

func (f *failure) Error() string { return f.code + ": " + f.message }

// notFound tells of a thing that is not there. The codes of instances, topics and groups are known; that those of other
// things are formed alike is assumed.
func notFound(kind, about string) *failure {
	return &failure{http.StatusNotFound, kind + ".NotFound", "There is no such " + about + ".", about}
}

// existed tells of a thing that is there already. Topic.Existed is known; that the others are formed alike is assumed.
func existed(kind, about string) *failure {
	return &failure{http.StatusConflict, kind + ".Existed", "It exists already: the " + about + " is taken.", about}
}

// missing and invalid tell of an argument, in the codes of the gateway's own checks.
func missing(parameter string) *failure {
	return &failure{http.StatusBadRequest, "Missing" + upperFirst(parameter), "The parameter " + parameter + " is needed.", parameter}
}

func invalid(parameter, detail string) *failure {
	return &failure{http.StatusBadRequest, "Invalid" + upperFirst(parameter), "The parameter " + parameter + " is not valid: " + detail, parameter}
}

// full tells that no more fit. The code is assumed.
func full(about string) *failure {
	return &failure{http.StatusBadRequest, "QuotaExceeded", "The sandbox holds no more of these.", about}
}

// answer answers a call from what the account has; an operation that it does not act out, with an example made from
// the operation's output schema.
func (c *cloud) answer(call *sandbox.Call) *sandbox.Answer {
	data, err := c.run(call)
	var refusal *failure
	switch {
	case errors.As(err, &refusal):
		return refusal.answer()
	case err != nil:
		return gatewayError(http.StatusInternalServerError, "InternalError", err.Error())
	default:
		return success(data)
	}
}

// run is the data of the answer, encoded before another call may change what it tells of.
func (c *cloud) run(call *sandbox.Call) (json.RawMessage, error) {
	does, ok := c.operations[call.File.Operation]
	if !ok {
		return example(call)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	data, err := does(call)
	if err != nil || data == nil {
		return nil, err
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	return described(encoded, call.File.Output)
}

// success is the envelope of an answer. Data that the operation has none of is left out.
func success(data json.RawMessage) *sandbox.Answer {
	requestID := newRequestID()
	body := map[string]any{"requestId": requestID, "success": true, "code": "200", "httpStatusCode": http.StatusOK}
	if data != nil {
		body["data"] = data
	}
	return &sandbox.Answer{Status: http.StatusOK, Header: http.Header{"X-Acs-Request-Id": {requestID}}, Body: body}
}

func example(call *sandbox.Call) (json.RawMessage, error) {
	made, err := sandbox.Example(call.File.Output)
	if err != nil {
		return nil, err
	}
	var answer struct{ Data json.RawMessage }
	err = json.Unmarshal(made, &answer)
	return answer.Data, err
}

// arguments are a call's arguments by their names.
func arguments[T any](call *sandbox.Call) (T, error) {
	var given T
	encoded, err := json.Marshal(call.Arguments)
	if err != nil {
		return given, err
	}
	if err := json.Unmarshal(encoded, &given); err != nil {
		return given, &failure{http.StatusBadRequest, "InvalidParameter", "The arguments cannot be read: " + err.Error(), ""}
	}
	return given, nil
}
