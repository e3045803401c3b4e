package sandbox

import (
	"encoding/json"
	"io/fs"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk"
)

// Vendor is what differs between the vendors that are emulated.
type Vendor struct {
	// Files are the operations that the emulator knows.
	Files fs.FS
	// Verify refuses a request whose credentials, signature or clock are wrong, as the vendor does; nil when
	// the request is fine.
	Verify func(request *http.Request, body []byte) *Answer
	// Means reports whether a request means the candidate's operation: products may share a host, a method and a
	// path. An operation that is not meant answers only when no other is. Optional.
	Means func(candidate Candidate) bool
	// Refuse is the vendor's answer to a fault that the emulator found.
	Refuse func(fault Fault) *Answer
	// Respond answers an operation from the emulator's data; nil leaves it to the operation file: its documented
	// example when the call names the documented identifiers, else Missing. Optional.
	Respond func(call *Call) *Answer
	// Missing answers a call that names none of the documented identifiers; nil means an answer made from the
	// output schema. Optional.
	Missing func(call *Call) *Answer
}

// Candidate is an operation whose method and path fit a request.
type Candidate struct {
	File *sdk.File
	// Path are the path's values, by wire name.
	Path    map[string]string
	Request *http.Request
	Body    []byte
}

// Call is one request, decoded.
type Call struct {
	File *sdk.File
	// Arguments by argument name, as JSON of the type that the operation file gives.
	Arguments map[string]json.RawMessage
	Request   *http.Request
}

// Text is a string argument; "" when it was not given or is no string.
func (c *Call) Text(name string) string {
	var text string
	if json.Unmarshal(c.Arguments[name], &text) != nil {
		return ""
	}
	return text
}

// FaultKind says what is wrong with a request besides its signature.
type FaultKind int

// The kinds of faults.
const (
	UnknownRoute FaultKind = iota
	MissingParameter
	BadParameter
	BadBody
)

// Fault is what the emulator found wrong.
type Fault struct {
	Kind FaultKind
	// Parameter is the wire name, for MissingParameter and BadParameter.
	Parameter string
	// Detail says what is wrong, in the emulator's words.
	Detail  string
	Request *http.Request
	// File is nil for UnknownRoute.
	File *sdk.File
}

// Answer is what goes back. Body is sent as it is when it is []byte, without
// indentation when it is json.RawMessage, else encoded as JSON.
type Answer struct {
	Status int
	Header http.Header
	Body   any
}
