package verdict

import (
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// searched speaks when nothing tells of the message: whether it can be said not to be there.
func (d *dossier) searched() *Verdict {
	switch {
	case d.exists():
		return nil
	case len(d.Failures) > 0:
		return d.queryFailed("")
	case d.outOfReach() != "":
		return d.outOfWindow(d.outOfReach())
	case d.blindSpot() != "":
		return found(Unknown, Unproven, "Nothing tells of a "+d.subject()+", which proves nothing.").
			without(d.blindSpot()).then(d.elsewhere()...)
	}
	return d.notFound()
}

// queryFailed names the calls that failed. known is what can be said all the same.
func (d *dossier) queryFailed(known string) *Verdict {
	why := "What is needed to answer could not be asked."
	v := found(QueryFailed, Proven, "")
	for _, call := range d.Failures {
		why += " " + failureText(call)
		v.on(trail.Evidence{Operation: call.Operation, RequestID: call.RequestID})
	}
	if known != "" {
		why += " Known is: " + known
	}
	v.Why = why
	return v.then(d.traceAgain("The calls that failed may be answered now, or after what their hints say."))
}

func failureText(call trail.Call) string {
	text := call.Operation + " failed"
	if call.Problem != nil {
		text += ": " + strings.TrimRight(call.Problem.Message, ". ")
		if call.Problem.Hint != "" {
			text += ". " + strings.TrimRight(call.Problem.Hint, ". ")
		}
	}
	return text + "."
}

// outOfReach says why the message could not be where the search was; empty when it could.
func (d *dossier) outOfReach() string {
	from, to := d.searchedSpan()
	if d.RetentionMS != nil && from > to && d.Window.ToMS < d.Now-*d.RetentionMS {
		return fmt.Sprintf("The vendor keeps messages for %s, and the search ended before, at %s.", span(*d.RetentionMS), stamp(d.Window.ToMS))
	}
	id := clockOf(d.MessageID)
	if id == nil || !id.outside(from, to) {
		return ""
	}
	if d.RetentionMS != nil && id.outside(d.Now-*d.RetentionMS, d.Now) {
		return fmt.Sprintf("By its id the message was made about %s, and the vendor keeps messages for %s.", id.about(d.Now), span(*d.RetentionMS))
	}
	return fmt.Sprintf("By its id the message was made about %s, and the search was %s.", id.about(d.Now), d.windowText())
}

func (d *dossier) outOfWindow(why string) *Verdict {
	v := found(OutOfWindow, Inferred, why).on(d.answered()...)
	if id := clockOf(d.MessageID); id != nil {
		v.without("An id tells its maker's local time, without a zone" + id.caveat() + ".")
		if made, ok := id.latest(d.Now); ok && (d.RetentionMS == nil || !id.outside(d.Now-*d.RetentionMS, d.Now)) {
			return v.then(d.traceIn(made-zoneSlack, made+zoneSlack, "Search around the time that the id tells."))
		}
		return v.then(d.decode())
	}
	return v.then(d.traceIn(d.Now-*d.RetentionMS, d.Now, "Search what is still kept."))
}

// searchedSpan is what of the window the vendor can still have.
func (d *dossier) searchedSpan() (from, to int64) {
	from, to = d.Window.FromMS, d.Window.ToMS
	if to == 0 || to > d.Now {
		to = d.Now
	}
	if d.RetentionMS != nil {
		from = max(from, d.Now-*d.RetentionMS)
	}
	return from, to
}

// blindSpot says where the message could be all the same; empty when everything was looked at.
func (d *dossier) blindSpot() string {
	kafka := d.System == trail.Kafka || d.System == "" && !d.TraceOffered
	switch {
	case len(d.Incomplete) > 0:
		return "The search was not complete."
	case d.MessageOffered && !d.MessageAsked:
		return "The vendor was not asked for the message itself."
	case !d.MessageAsked && d.Trace == nil:
		return "Nothing was asked."
	case kafka && !d.TraceOffered:
		return d.expiredPart()
	case !d.TraceOffered:
		return "This vendor has no traces, and a scheduled message before its time or a message of an open transaction cannot be found otherwise."
	case d.Trace == nil:
		return "The trace was not asked, and a scheduled message before its time or a message of an open transaction shows nowhere else."
	case !d.records():
		return "Whether the message would have been traced is not known, and a scheduled message before its time or a message of an open transaction shows nowhere else."
	}
	return d.expiredPart()
}

// expiredPart: a window that began before what is kept was not searched whole, unless the id says that the message
// is not from there.
func (d *dossier) expiredPart() string {
	if d.RetentionMS == nil || d.Window.FromMS == 0 || d.Window.FromMS >= d.Now-*d.RetentionMS {
		return ""
	}
	if id := clockOf(d.MessageID); id != nil && id.outside(d.Window.FromMS, d.Now-*d.RetentionMS) {
		return ""
	}
	return fmt.Sprintf("The vendor keeps messages for %s: of the time before %s nothing could be found.", span(*d.RetentionMS), stamp(d.Now-*d.RetentionMS))
}

// notFound is proven when the message, were it still kept, would have been in the window.
func (d *dossier) notFound() *Verdict {
	v := found(NotFound, Proven, "There is no "+d.subject()+": "+d.windowText()+" was searched completely.").on(d.answered()...)
	if d.RetentionMS == nil {
		v.Confidence = Inferred
		v.without("How long the vendor keeps messages is not known: an older one may have been there.")
	}
	from, to := d.searchedSpan()
	whole := d.Window.FromMS == 0 || d.RetentionMS != nil && d.Window.FromMS <= d.Now-*d.RetentionMS
	whole = whole && to == d.Now
	if id := clockOf(d.MessageID); !whole && (id == nil || !id.inside(from, to, d.Now)) {
		v.Confidence = Inferred
		v.without("A message from outside of " + d.windowText() + " would not have been found.")
	}
	return v.then(d.elsewhere()...)
}

// subject is what was looked for, as part of a sentence.
func (d *dossier) subject() string {
	text := "message"
	switch {
	case d.MessageID != "":
		text += " with the id " + d.MessageID
	case d.Key != "":
		text += " with the key " + d.Key
	}
	if d.Topic != "" {
		text += " in the topic " + d.Topic
	}
	return text
}

func (d *dossier) windowText() string {
	from, to := d.Window.FromMS, d.Window.ToMS
	switch {
	case from == 0 && to == 0:
		return "everything that is kept"
	case from == 0:
		return "everything until " + stamp(to)
	case to == 0:
		return "everything from " + stamp(from)
	}
	return "the time from " + stamp(from) + " to " + stamp(to)
}
