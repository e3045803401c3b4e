package trail

import "encoding/json"

// Evidence points at the place in a vendor's answer that something rests on.
type Evidence struct {
	// Operation is the tool's name of the vendor call, like aliyun_rocketmq_get_trace.
	Operation string `json:"operation"`
	// Pointer is the JSON pointer (RFC 6901) into that call's answer.
	Pointer string `json:"json_pointer"`
	// RequestID is the vendor's id of the call, for its support.
	RequestID string `json:"request_id,omitempty"`
}

// Call is one vendor call that was made for an answer.
type Call struct {
	Operation string `json:"operation"`
	RequestID string `json:"request_id,omitempty"`
	// Problem is there when the call failed. What it would have told is then unknown, not empty.
	Problem *Failure `json:"problem,omitempty"`
	// Answer is the vendor's own answer; only on demand.
	Answer json.RawMessage `json:"answer,omitempty"`
}

// Failure says why a vendor call failed, in the words of the problem that it ended with.
type Failure struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	VendorCode string `json:"vendor_code,omitempty"`
	Retryable  bool   `json:"retryable,omitempty"`
	Hint       string `json:"hint,omitempty"`
}

// Gathered is what every answer says of how it came to be.
type Gathered struct {
	// Calls are the vendor calls that were made, in the order in which they ended.
	Calls []Call `json:"calls,omitempty"`
	// Incomplete says, a sentence each, why the answer may lack something that exists: a limit that was hit, a page
	// that was not read, a call that failed. Absence proves nothing then.
	Incomplete []string `json:"incomplete,omitempty"`
	// NotOffered names what this vendor's API never tells: fields, like body_crc, or whole questions.
	NotOffered []string `json:"not_offered,omitempty"`
	// Notes are oddities of the vendor's answer that a reader should know.
	Notes []string `json:"notes,omitempty"`
}
