package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Source says whose fault a problem is.
type Source string

// The sources of problems.
const (
	SourceCaller Source = "caller" // the arguments, the settings, the rights
	SourceVendor Source = "vendor" // the cloud, or the way to it
	SourcePlugin Source = "plugin" // the plugin or its host
)

// The codes of problems: stable, for programs to act on.
const (
	CodeInvalidArguments  = "invalid_arguments"     // caller: nothing was sent
	CodeInvalidConfig     = "invalid_config"        // caller: settings of a connection
	CodeUnknownOperation  = "unknown_operation"     // caller
	CodeUnknownConnection = "unknown_connection"    // caller
	CodeNotAllowed        = "not_allowed"           // caller: access above what the owner allows
	CodeConfirmRequired   = "confirmation_required" // caller: nothing was called; the plan says what would be
	CodeConfirmRefused    = "confirmation_refused"  // caller: the confirmation does not fit; nothing was called
	CodeCancelled         = "cancelled"             // caller went away
	CodeVendorError       = "vendor_error"          // vendor said no
	CodeUnauthorized      = "unauthorized"          // vendor refused the credentials or the signature
	CodeNotFound          = "not_found"             // vendor knows no such thing
	CodeNotOffered        = "not_offered"           // vendor's API cannot tell or do that
	CodeThrottled         = "throttled"             // vendor asks to slow down
	CodeTimeout           = "timeout"               // no answer within the deadline
	CodeUnreachable       = "unreachable"           // no connection to the vendor
	CodeInvalidAnswer     = "invalid_answer"        // vendor answered something that its API does not describe
	CodeAnswerTooLarge    = "answer_too_large"      // vendor's answer is over the limit
	CodeOutcomeUnknown    = "outcome_unknown"       // a write was sent; whether it took effect is not known
	CodeInternal          = "internal"              // plugin: a fault in its code
	CodePluginNotFound    = "plugin_not_found"      // plugin: no such program where plugins are looked for
	CodePluginInvalid     = "plugin_invalid"        // plugin: its file or its manifest is no good
	CodePluginStart       = "plugin_start_failed"   // plugin: did not come up
	CodePluginProtocol    = "plugin_protocol"       // plugin: speaks another version of the protocol
	CodePluginCrashed     = "plugin_crashed"        // plugin: its process ended during the call
	CodePluginHung        = "plugin_hung"           // plugin: its process no longer answers
	CodePluginDisabled    = "plugin_disabled"       // plugin: crashed too often to be started again
	CodeUnwell            = "unwell"                // caller: the doctor's checks found something wrong
)

// Problem is the one error that crosses from plugin to host and from host to user. It is complete in
// itself: what failed, whose fault it is, what the vendor said, and what to do next.
type Problem struct {
	// Code is one of the Code constants.
	Code string `json:"code"`
	// Message says what was tried and what happened.
	Message string `json:"message"`
	// Pointer is the JSON pointer of the argument at fault, if it is one argument.
	Pointer string `json:"pointer,omitempty"`
	// Faults lists every fault of the arguments, when there may be several.
	Faults []Fault `json:"faults,omitempty"`
	Source Source  `json:"source"`
	// VendorCode and VendorRequestID are the vendor's own, for its support.
	VendorCode      string `json:"vendor_code,omitempty"`
	VendorRequestID string `json:"vendor_request_id,omitempty"`
	HTTPStatus      int    `json:"http_status,omitempty"`
	// Retryable means that the same call may work later. Nothing took effect.
	Retryable bool `json:"retryable"`
	// RetryAfter is how long the vendor asks to wait; 0 when it did not say.
	RetryAfter time.Duration `json:"-"`
	// Hint says what to do next.
	Hint string `json:"hint,omitempty"`
	// Plan is what would have been called, when a confirmation is required.
	Plan *Plan `json:"plan,omitempty"`
}

// Fault is one thing that is wrong with the arguments of a call or the settings of a connection.
type Fault struct {
	// Pointer is the JSON pointer of the value at fault; "" is the whole.
	Pointer string `json:"pointer"`
	// Message says what is wrong and what is allowed, with the nearest valid name.
	Message string `json:"message"`
}

// Problemf makes a problem with a formatted message.
func Problemf(source Source, code, format string, args ...any) *Problem {
	return &Problem{Code: code, Source: source, Message: fmt.Sprintf(format, args...)}
}

// InvalidArgument says that one argument cannot be used. Nothing was sent to the vendor.
func InvalidArgument(name, format string, args ...any) *Problem {
	return &Problem{
		Code: CodeInvalidArguments, Source: SourceCaller, Pointer: "/" + name,
		Message: name + ": " + fmt.Sprintf(format, args...),
	}
}

// WithHint returns the problem with advice on what to do next.
func (p *Problem) WithHint(format string, args ...any) *Problem {
	p.Hint = fmt.Sprintf(format, args...)
	return p
}

// Error is the problem as one text, complete in itself.
func (p *Problem) Error() string {
	var text strings.Builder
	text.WriteString(p.Message)
	for _, fault := range p.Faults {
		pointer := fault.Pointer
		if pointer == "" {
			pointer = "/"
		}
		text.WriteString("\n  " + pointer + ": " + fault.Message)
	}
	if p.Plan != nil {
		text.WriteString("\n" + p.Plan.String())
	}
	var details []string
	if p.VendorCode != "" {
		details = append(details, "vendor code "+p.VendorCode)
	}
	if p.VendorRequestID != "" {
		details = append(details, "request id "+p.VendorRequestID)
	}
	if p.HTTPStatus != 0 {
		details = append(details, fmt.Sprintf("HTTP %d", p.HTTPStatus))
	}
	if p.RetryAfter > 0 {
		details = append(details, "retry after "+p.RetryAfter.String())
	}
	if len(details) > 0 {
		text.WriteString(" (" + strings.Join(details, ", ") + ")")
	}
	if p.Hint != "" {
		text.WriteString("\n" + p.Hint)
	}
	return text.String()
}

type problemJSON struct {
	*plainProblem
	RetryAfterMS int64 `json:"retry_after_ms,omitempty"`
}

type plainProblem Problem

// MarshalJSON writes RetryAfter as retry_after_ms, an integer.
func (p *Problem) MarshalJSON() ([]byte, error) {
	return json.Marshal(problemJSON{(*plainProblem)(p), p.RetryAfter.Milliseconds()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Problem) UnmarshalJSON(data []byte) error {
	wire := problemJSON{plainProblem: (*plainProblem)(p)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	p.RetryAfter = time.Duration(wire.RetryAfterMS) * time.Millisecond
	return nil
}

// AsProblem returns err as a problem. An end of the context becomes cancelled or timeout; any other
// error becomes an internal problem of the plugin. nil stays nil.
func AsProblem(err error) *Problem {
	var problem *Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, context.Canceled):
		return Problemf(SourceCaller, CodeCancelled, "The call was cancelled.")
	case errors.Is(err, context.DeadlineExceeded):
		return Problemf(SourceVendor, CodeTimeout, "No answer came within the call's deadline.")
	default:
		return Problemf(SourcePlugin, CodeInternal, "The plugin failed: %v", err)
	}
}
