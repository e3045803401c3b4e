package trail_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

// lifeStage is where lives of one vendor are told: the plugin, and the address that it calls.
type lifeStage struct {
	gateway *gateway.Gateway
	mutex   sync.RWMutex
	telling *telling
}

func (s *lifeStage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.RLock()
	telling := s.telling
	s.mutex.RUnlock()
	telling.ServeHTTP(w, r)
}

// openLife starts a vendor's plugin against a stage.
func openLife(t *testing.T, v *lifeVendor) *lifeStage {
	t.Helper()
	stage := &lifeStage{}
	server := httptest.NewServer(stage)
	t.Cleanup(server.Close)
	opened := openTrail(t, built.Dir(t), trail.Options{}, func([]*protocol.Manifest) []config.Connection {
		return []config.Connection{{
			Name: "life", Plugin: v.plugin, Access: sdk.AccessRead, Settings: json.RawMessage(v.settings(server.URL)),
			Timeout: 30 * time.Second, CallsAtOnce: 64, Origin: config.OriginFile,
		}}
	})
	stage.gateway = opened.gateway
	return stage
}

// run asks for the message of a telling.
func (s *lifeStage) run(t *rapid.T, telling *telling) *trail.TraceReport {
	s.mutex.Lock()
	s.telling = telling
	s.mutex.Unlock()
	query := trail.TraceQuery{Message: telling.ID, As: telling.Asking.As, Scope: telling.Asking.Scope, Range: telling.Asking.Range}
	switch telling.Asking.As {
	case "key":
		query.Message = telling.Key
	case "position":
		query.Message = fmt.Sprintf("%d:%d", telling.Partition, telling.Offset)
	}
	asker := trail.New(s.gateway, trail.Options{Zone: zone, Now: func() time.Time { return time.UnixMilli(telling.Now) }})
	report, err := asker.Trace(t.Context(), query)
	if err != nil {
		t.Fatalf("the question failed: %v", err)
	}
	return report
}

// checkLives is the property: whatever happened to a message, and however badly its vendor tells of it, nothing that is
// said contradicts it, and what is proven is true.
func checkLives(t *testing.T, v *lifeVendor) {
	stage := openLife(t, v)
	rapid.Check(t, func(t *rapid.T) {
		telling := v.draw(t)
		report := stage.run(t, telling)
		if err := telling.check(report); err != nil {
			t.Fatalf("%v\n%s", err, telling.story(report))
		}
	})
}

// story is a case for people.
func (s *telling) story(report *trail.TraceReport) string {
	text := func(value any) string {
		encoded, err := json.Marshal(value)
		if err != nil {
			return err.Error()
		}
		return string(encoded)
	}
	plain := *report
	told := text(plain.Lives)
	plain.Lives = nil
	return fmt.Sprintf("truth: %s\nquirks: %s\nasked: %s\nfailed: %q, cut: %q\nreport: %s\nlives: %s",
		text(s.Life), text(s.Quirks), text(s.Asking), s.failed, s.cut, text(plain), told)
}

// check says what of a report contradicts the life.
func (s *telling) check(report *trail.TraceReport) error {
	if len(report.Lives) == 0 {
		return s.checkSearch(report)
	}
	truth := s.Life
	truth.Told.Standings, truth.Told.TraceOffered = false, s.read
	truth.Told.TraceFails = slices.Contains(s.failed, "get_trace")
	truth.Told.Subscriptions = !slices.Contains(s.failed, "subscriptions")
	own := 0
	for _, one := range report.Lives {
		if !s.isOwn(one.Message) {
			continue
		}
		own++
		if err := s.checkLife(truth, one); err != nil {
			return err
		}
	}
	if own != len(report.Lives) {
		return nil // the headline is about others as well
	}
	return s.allows(truth, report.Verdict)
}

// isOwn: it is the message of the life.
func (s *telling) isOwn(message *sdktrail.Message) bool {
	if message == nil {
		return true // only the question tells which
	}
	if s.vendor.system == sdktrail.Kafka {
		return message.Offset == nil || *message.Offset == s.Offset
	}
	return message.ID == s.ID || message.ID == ""
}

func (s *telling) checkLife(truth life.Life, told trail.Life) error {
	for _, g := range told.Result.Groups {
		truth.Told.Backlog = !s.placed[g.Group]
		if err := truth.AllowsGroup(g); err != nil && !s.excused(g.Verdict) {
			return err
		}
		if s.vendor.system == sdktrail.Kafka && strings.HasPrefix(string(g.Verdict.Verdict), "CONSUMED") {
			return fmt.Errorf("%s of %s, and Kafka tells of no consumption", g.Verdict.Verdict, g.Group)
		}
	}
	for _, state := range told.States {
		for _, lag := range state.Lags {
			if lag.Messages == nil {
				continue
			}
			if waits := s.lags[state.Group]; waits == nil || *waits != *lag.Messages {
				return fmt.Errorf("%d messages are said to wait for %s, and that was not told", *lag.Messages, state.Group)
			}
		}
	}
	return s.allows(truth, told.Result.Verdict)
}

func (s *telling) allows(truth life.Life, v verdict.Verdict) error {
	truth.Told.Backlog = slices.ContainsFunc(s.Groups, func(g life.Group) bool { return !s.placed[g.Name] })
	if v.Verdict == verdict.QueryFailed {
		if len(s.failed) == 0 {
			return fmt.Errorf("%s, and no call failed: %s", v.Verdict, v.Why)
		}
		return nil
	}
	if v.Verdict == verdict.NotFound || v.Verdict == verdict.OutOfWindow {
		return fmt.Errorf("%s of a message that was found", v.Verdict)
	}
	if err := truth.AllowsHeadline(v); err != nil && !s.excused(v) {
		return fmt.Errorf("%w: %s", err, v.Why)
	}
	return nil
}

// excused: the vendor's times are in a zone that nobody can know, and the verdict says that it is not proven. That
// something was consumed does not depend on times.
func (s *telling) excused(v verdict.Verdict) bool {
	return s.Quirks.Hours != 8 && v.Confidence != verdict.Proven && !strings.HasPrefix(string(v.Verdict), "CONSUMED")
}

// checkSearch is check for a search that found nothing.
func (s *telling) checkSearch(report *trail.TraceReport) error {
	v := report.Verdict
	inWindow, err := s.inWindow(report.Window)
	if err != nil {
		return err
	}
	there := s.there() || s.Told.TraceOffered && s.Asking.As == "id" && len(s.shown()) > 0
	switch v.Verdict {
	case verdict.Unknown:
		if v.Confidence != verdict.Unproven {
			return fmt.Errorf("%s is %s", v.Verdict, v.Confidence)
		}
	case verdict.QueryFailed:
		if len(s.failed) == 0 {
			return fmt.Errorf("%s, and no call failed: %s", v.Verdict, v.Why)
		}
	case verdict.NotFound:
		switch {
		case len(s.failed) > 0 || len(s.cut) > 0:
			return fmt.Errorf("%s, and not everything was seen: %s", v.Verdict, v.Why)
		case s.Kept() && v.Confidence == verdict.Proven:
			return fmt.Errorf("%s is proven, and it is there: %s", v.Verdict, v.Why)
		case there && inWindow && !s.excused(v):
			return fmt.Errorf("%s (%s), and it is there, in the window: %s", v.Verdict, v.Confidence, v.Why)
		}
	case verdict.OutOfWindow:
		if s.Kept() && (inWindow || v.Confidence == verdict.Proven) && there && !s.excused(v) {
			return fmt.Errorf("%s, and it is there, in the window: %s", v.Verdict, v.Why)
		}
	default:
		return fmt.Errorf("%s about a search", v.Verdict)
	}
	return nil
}

// shown are the steps that are in the vendor's trace.
func (s *telling) shown() []told {
	f := s.fates
	all := append(slices.Clone(f.sends), f.stored, f.end, f.fired, f.recalled)
	for _, g := range f.groups {
		all = append(append(append(all, g.begun...), g.ended...), g.dead)
	}
	return slices.DeleteFunc(all, func(one told) bool { return !one.Told })
}

// inWindow: the message was born and stored in the window, whatever the clocks.
func (s *telling) inWindow(window trail.Span) (bool, error) {
	from, err := time.Parse(time.RFC3339, window.From)
	if err != nil {
		return false, err
	}
	to, err := time.Parse(time.RFC3339, window.To)
	if err != nil {
		return false, err
	}
	const clocks = 15 * time.Minute
	if s.Stored == 0 {
		return false, nil
	}
	return time.UnixMilli(s.Sends[0].At).Add(-clocks).After(from) && time.UnixMilli(s.Stored).Add(clocks).Before(to), nil
}
