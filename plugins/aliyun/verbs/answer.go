package verbs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// answer is the data of one vendor call.
type answer[T any] struct {
	data  T
	reply *trail.Reply
}

// ask makes one call by its operation file.
func ask[T any](ctx context.Context, calls *trail.Calls, name string, arguments map[string]any) (answer[T], error) {
	reply, err := calls.Do(ctx, "rocketmq/"+name, arguments)
	if err != nil {
		return answer[T]{}, err
	}
	var read struct {
		Data T `json:"data"`
	}
	if err := reply.Decode(&read); err != nil {
		return answer[T]{}, err
	}
	return answer[T]{read.Data, reply}, nil
}

// at points into the data.
func (a answer[T]) at(format string, parts ...any) trail.Evidence {
	return a.reply.Evidence("/data" + fmt.Sprintf(format, parts...))
}

// pointed is a name as a part of a JSON pointer.
func pointed(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// told is what an answer says beside what was asked for, in sentences. Several calls may say something at once.
type told struct {
	mutex             sync.Mutex
	incomplete, notes []string
}

// lacks says why something that exists may be missing.
func (t *told) lacks(format string, parts ...any) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.incomplete = append(t.incomplete, fmt.Sprintf(format, parts...))
}

func (t *told) note(format string, parts ...any) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.notes = append(t.notes, fmt.Sprintf(format, parts...))
}

// failed says that what a call would have told is not known.
func (t *told) failed(what string, err error) {
	t.lacks("%s is not known: %s", what, sdk.AsProblem(err).Message)
}

func (t *told) gathered(calls *trail.Calls, notOffered []string) trail.Gathered {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	// Calls that went out at once end in any order; so do their sentences.
	slices.Sort(t.incomplete)
	slices.Sort(t.notes)
	return trail.Gathered{Calls: calls.Made(), Incomplete: t.incomplete, NotOffered: notOffered, Notes: t.notes}
}

// noMessage reports whether the vendor said that there is no such message, which is an answer; that there is no such
// topic or instance is not. The vendor documents no code for it; these are formed like those that it does.
func noMessage(err error) bool {
	var problem *sdk.Problem
	return errors.As(err, &problem) && (problem.VendorCode == "Message.NotFound" || problem.VendorCode == "MessageNotFound" || problem.VendorCode == "Trace.NotFound")
}
