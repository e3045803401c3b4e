package trail_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

// Where every life is.
const (
	lifeInstance = "life-1"
	lifeName     = "the-life"
	lifeTopic    = "orders"
)

// lifeVendor renders lives as one vendor's product would answer.
type lifeVendor struct {
	plugin string
	system sdktrail.System
	// operations may fail, by the names that the renderer gives them; fields may be left out.
	operations, fields []string
	settings           func(endpoint string) string
	// ways are what can be asked by.
	ways []string
	// adapt takes from a life what the product does not have.
	adapt func(*life.Life)
	// answers are the routes; a route is the name of an operation as well.
	answers func(*telling) map[string]answerer
	// refuse fails a call in the vendor's form.
	refuse func(w http.ResponseWriter, failure lifeFailure)
	// success wraps what was answered into the vendor's envelope.
	envelope func(answer any) any
}

// lifeFailure is how a call fails.
type lifeFailure struct {
	Status int
	Code   string
}

// answerer answers one call: with JSON, or with an error that is an answer.
type answerer struct {
	name   string
	answer func(r *http.Request) (any, *lifeFailure)
}

// told says what became of one step of a life on its way into the vendor's trace.
type told struct{ Told, Odd, Twice bool }

// times is how often the step is in the trace.
func (t told) times() int {
	switch {
	case !t.Told:
		return 0
	case t.Twice:
		return 2
	default:
		return 1
	}
}

// lifeFates are those of all steps, in the order of [life.Life.Events].
type lifeFates struct {
	sends                        []told
	stored, end, fired, recalled told
	groups                       []groupFate
}

type groupFate struct {
	begun, ended []told
	dead         told
}

func lifeFatesOf(l life.Life) lifeFates {
	n := 0
	next := func(happened bool) told {
		if !happened {
			return told{}
		}
		fate := told{!slices.Contains(l.Told.Lost, n), slices.Contains(l.Told.Odd, n), slices.Contains(l.Told.Twice, n)}
		n++
		return fate
	}
	var f lifeFates
	for range l.Sends {
		f.sends = append(f.sends, next(true))
	}
	f.stored, f.end = next(l.Stored != 0), next(l.Transaction != nil && l.Transaction.Ended != 0)
	f.fired, f.recalled = next(l.Fired != 0), next(l.Recalled != 0)
	for _, g := range l.Groups {
		var of groupFate
		for _, d := range g.Deliveries {
			of.begun, of.ended = append(of.begun, next(true)), append(of.ended, next(d.Ended != 0))
		}
		of.dead = next(g.Dead != 0)
		f.groups = append(f.groups, of)
	}
	if n != len(l.Events()) {
		panic("the steps of a life are not in the order of its events")
	}
	return f
}

// quirks are what a vendor does to its answers.
type quirks struct {
	// Texts: numbers come as texts. Form is which of the documented forms an answer has, and which word an outcome.
	Texts bool
	Form  int
	// Reversed: lists are in another order.
	Reversed bool
	// Absent fields are null.
	Absent []string
	// Fails are the operations that fail, and how.
	Fails map[string]lifeFailure
	// Flooded: the answer is full of others before the message comes.
	Flooded bool
	// Skew is how far the clocks of the groups' second consumers are from those of the first, in ms.
	Skew int64
	// Hours is how far east the zone is in which the vendor writes times without one.
	Hours int
}

// asking is the question of a case.
type asking struct {
	As    string
	Scope trail.Scope
	Range trail.Range
}

// telling is one life as a vendor tells it, and what it was asked.
type telling struct {
	life.Life
	Quirks quirks
	Asking asking

	fates  lifeFates
	vendor *lifeVendor

	mutex  sync.Mutex
	failed []string // operations that were called and failed
	cut    []string // answers that did not have everything
	lags   map[string]*int64
	// placed are the groups of whose position more was told than how many messages wait.
	placed map[string]bool
	// read: the trace was asked for by the message's id, and told.
	read bool
}

// sometimes is true so many times of 100: bits are drawn, for rapid's ranges prefer small numbers.
func sometimes(t *rapid.T, label string, percent int) bool {
	return rapid.Custom(func(t *rapid.T) bool {
		n := 0
		for range 7 {
			n *= 2
			if rapid.Bool().Draw(t, "bit") {
				n++
			}
		}
		return n*100 >= 128*(100-percent)
	}).Draw(t, label)
}

// draw makes up a life, how it is told, and what is asked.
func (v *lifeVendor) draw(t *rapid.T) *telling {
	s := &telling{Life: life.Lives().Draw(t, "life"), vendor: v, lags: map[string]*int64{}, placed: map[string]bool{}}
	q := &s.Quirks
	q.Texts, q.Form, q.Reversed = rapid.Bool().Draw(t, "numbers as texts"), rapid.IntRange(0, 3).Draw(t, "form"), sometimes(t, "reversed", 30)
	q.Flooded = sometimes(t, "flooded", 10)
	q.Skew = rapid.SampledFrom([]int64{0, 0, 40_000, -40_000, 5_000, -5_000}).Draw(t, "second consumers' clock")
	q.Hours = rapid.SampledFrom([]int{8, 8, 8, 0}).Draw(t, "zone of the vendor")
	for range rapid.IntRange(0, 2).Draw(t, "absent fields") {
		q.Absent = append(q.Absent, rapid.SampledFrom(v.fields).Draw(t, "absent"))
	}
	q.Fails = map[string]lifeFailure{}
	if sometimes(t, "failures", 35) {
		for range rapid.IntRange(1, 2).Draw(t, "how many failures") {
			how := rapid.SampledFrom([]lifeFailure{{500, "InternalError"}, {429, "Throttling"}, {403, "NoPermission"}, {503, "ServiceUnavailable"}}).Draw(t, "failure")
			q.Fails[rapid.SampledFrom(v.operations).Draw(t, "fails")] = how
		}
	}
	v.adapt(&s.Life)
	s.tell()
	s.ask(t)
	return s
}

// tell makes what the life says of its telling agree with what the vendor answers.
func (s *telling) tell() {
	told := &s.Told
	told.Incomplete, told.ByKey, told.Window = nil, false, sdktrail.Window{}
	if !told.TraceOffered {
		told.Recording = nil
	}
	if told.Recording != nil && *told.Recording {
		told.Lost = nil
	}
	s.fates = lifeFatesOf(s.Life)
	told.TraceOffered = told.TraceOffered && s.traced()
	told.Subscriptions = true
}

// traced: the vendor still has the trace.
func (s *telling) traced() bool {
	return len(s.Sends) > 0 && s.Sends[0].At+s.RetentionMS > s.Now
}

// there: the message can be found in its topic.
func (s *telling) there() bool {
	released := s.Released()
	return released != 0 && released+s.RetentionMS > s.Now
}

func (s *telling) ask(t *rapid.T) {
	s.Asking.As = rapid.SampledFrom(s.vendor.ways).Draw(t, "asked by")
	s.Asking.Scope = rapid.SampledFrom([]trail.Scope{
		{Connection: "life", Instance: lifeInstance, Topic: lifeTopic}, {Connection: "life", Topic: lifeTopic}, {Connection: "life", Instance: lifeName, Topic: lifeTopic},
	}).Draw(t, "scope")
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
	middle := s.Now - s.RetentionMS/2
	if len(s.Sends) > 0 {
		middle = s.Sends[0].At
	}
	s.Asking.Range = rapid.SampledFrom([]trail.Range{
		{}, {}, {Since: at(middle - 3_600_000)}, {Since: at(s.Now - s.RetentionMS - 3_600_000)}, {Since: at(middle + 3_600_000)}, {Until: at(middle - 3_600_000)},
		{Since: at(middle - 3_600_000), Until: at(middle + 3_600_000)},
	}).Draw(t, "range")
	if s.Asking.Range.Since >= at(s.Now) { // the future is no question
		s.Asking.Range = trail.Range{}
	}
}

// ServeHTTP answers as the vendor.
func (s *telling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	for route, answerer := range s.vendor.answers(s) {
		mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, answerer) })
	}
	if _, route := mux.Handler(r); route == "" {
		panic("no such call was expected: " + r.Method + " " + r.URL.String())
	}
	mux.ServeHTTP(w, r)
}

func (s *telling) serve(w http.ResponseWriter, r *http.Request, a answerer) {
	w.Header().Set("Content-Type", "application/json")
	if failure, ok := s.Quirks.Fails[a.name]; ok {
		if !strings.Contains(r.URL.String(), lifeName) { // what is asked about the name as an id is asked again by the id
			s.mutex.Lock()
			s.failed = append(s.failed, a.name)
			s.mutex.Unlock()
		}
		w.Header().Set("Retry-After", "3600") // so that nobody waits for it
		s.vendor.refuse(w, failure)
		return
	}
	answer, failure := a.answer(r)
	if failure != nil {
		s.vendor.refuse(w, *failure)
		return
	}
	text, err := json.Marshal(s.vendor.envelope(s.worn(answer)))
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(text) // who asked may be gone
}

// object is a JSON object.
type object = map[string]any

// worn is an answer without what is absent, and with numbers as the vendor sends them.
func (s *telling) worn(answer any) any {
	switch answer := answer.(type) {
	case object:
		worn := object{}
		for name, value := range answer {
			if slices.Contains(s.Quirks.Absent, name) {
				value = nil
			}
			worn[name] = s.worn(value)
		}
		return worn
	case []any:
		worn := make([]any, len(answer))
		for i := range answer {
			worn[i] = s.worn(answer[i])
		}
		return worn
	case int64:
		if s.Quirks.Texts {
			return strconv.FormatInt(answer, 10)
		}
	}
	return answer
}

// listed is a list in the vendor's order.
func (s *telling) listed(items []any) []any {
	if items == nil {
		return []any{}
	}
	if s.Quirks.Reversed {
		slices.Reverse(items)
	}
	return items
}

// absent: a field is left out.
func (s *telling) absent(name string) bool { return slices.Contains(s.Quirks.Absent, name) }

// cuts notes that an answer does not have everything.
func (s *telling) cuts(what string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.cut = append(s.cut, what)
}

// waits notes how many messages were told to wait for a group; nil is that it was not told.
func (s *telling) waits(group string, messages *int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.lags[group] = messages
}

// tells notes that the trace is told.
func (s *telling) tells() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.read = true
}

// places notes that a group's position was told.
func (s *telling) places(group string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.placed[group] = true
}

// skew is how far a consumer's clock is from the truth.
func (s *telling) skew(d life.Delivery) int64 {
	if strings.HasSuffix(d.Client, "-1") {
		return s.Told.ConsumerSkewMS + s.Quirks.Skew
	}
	return s.Told.ConsumerSkewMS
}

// group is the index of a group; -1 when there is none.
func (s *telling) group(name string) int {
	return slices.IndexFunc(s.Groups, func(g life.Group) bool { return g.Name == name })
}

// host is where a consumer runs.
func host(d life.Delivery) string {
	if strings.HasSuffix(d.Client, "-1") {
		return "10.0.0.12"
	}
	return "10.0.0.11"
}
