package verbs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// atOnce bounds the calls that one verb makes at the same time.
	atOnce = 6
	// maxPages bounds the pages of a list that one verb reads.
	maxPages = 5
	// pageSize is the most entries that nearly all lists give a page.
	pageSize = 50
)

// The vendor's codes that answer a question, although they come as errors.
const (
	codeOffline      = "DMS.50050004" // no consumer of the group is connected
	codeUnknownTopic = "DMS.00400876"
)

// inquiry is one verb at work.
type inquiry struct {
	*Verbs
	calls    *trail.Calls
	instance string
	system   trail.System
	raw      bool

	mu         sync.Mutex
	incomplete []string
	notes      []string
	answers    []string // codes of errors that were answers
}

func (v *Verbs) begin(instance string, raw bool) *inquiry {
	return &inquiry{Verbs: v, calls: v.vendor.Begin(raw), instance: instance, raw: raw, answers: []string{codeOffline}}
}

// do calls an operation on the inquiry's instance, and reads the answer into a struct.
func (i *inquiry) do(ctx context.Context, operation string, arguments map[string]any, into any) (*trail.Reply, error) {
	arguments["instance_id"] = i.instance
	return i.ask(ctx, operation, arguments, into)
}

func (i *inquiry) ask(ctx context.Context, operation string, arguments map[string]any, into any) (*trail.Reply, error) {
	reply, err := i.calls.Do(ctx, operation, arguments)
	if err != nil {
		return nil, err
	}
	return reply, reply.Decode(into)
}

// lacks says why something that exists may be missing in the answer.
func (i *inquiry) lacks(format string, args ...any) {
	i.say(&i.incomplete, fmt.Sprintf(format, args...))
}

// note says what a reader should know.
func (i *inquiry) note(format string, args ...any) {
	i.say(&i.notes, fmt.Sprintf(format, args...))
}

func (i *inquiry) say(list *[]string, text string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !slices.Contains(*list, text) {
		*list = append(*list, text)
	}
}

// gathered is what all answers say. Errors that were answers are no problems of their calls.
func (i *inquiry) gathered(notOffered []string) trail.Gathered {
	calls := i.calls.Made()
	for at, call := range calls {
		if call.Problem == nil || !slices.Contains(i.answers, call.Problem.VendorCode) {
			continue
		}
		if calls[at].Problem = nil; i.raw { // evidence points at the code
			calls[at].Answer = []byte(`{"error_code":` + strconv.Quote(call.Problem.VendorCode) + `}`)
		}
	}
	slices.Sort(i.incomplete) // calls at the same time end in any order
	slices.Sort(i.notes)
	return trail.Gathered{Calls: calls, Incomplete: i.incomplete, NotOffered: notOffered, Notes: i.notes}
}

// saidBy is the evidence of an error that is an answer.
func saidBy(operation string, problem *sdk.Problem) trail.Evidence {
	return trail.Evidence{Operation: operation, Pointer: "/error_code", RequestID: problem.VendorRequestID}
}

// says reports whether an error has a code of the vendor.
func says(err error, code string) bool {
	problem := sdk.AsProblem(err)
	return problem != nil && problem.VendorCode == code
}

// reason is a failure in a few words, for texts.
func reason(err error) string { return sdk.AsProblem(err).Message }
