package trail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// withABadPlugin is a trail over the shop, beside a plugin that does not start.
func withABadPlugin(t *testing.T) opened {
	t.Helper()
	from, err := buildShop()
	if err != nil {
		t.Fatal(err)
	}
	dir, suffix := t.TempDir(), ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	program, err := os.ReadFile(filepath.Join(from, "mqtrail-plugin-shop"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"shop": program, "bad": []byte("no program")} {
		if err := os.WriteFile(filepath.Join(dir, "mqtrail-plugin-"+name+suffix), content, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return openTrail(t, dir, trail.Options{Zone: zone, Now: fixed}, func([]*protocol.Manifest) []config.Connection {
		return []config.Connection{shop{name: "main"}.connection()}
	})
}

// The connection of a plugin that does not start is named as not looked in, and nothing is complete without it.
func TestBrokenPlugin(t *testing.T) {
	o := withABadPlugin(t)
	report := trace(t, o, trail.TraceQuery{Message: noSuchID})
	if report.Verdict.Verdict != verdict.QueryFailed || !strings.Contains(report.Verdict.Why, "bad") {
		t.Errorf("%s: %s", report.Verdict.Verdict, report.Verdict.Why)
	}
	wantFailed := func(what string, looked []trail.Looked) {
		t.Helper()
		if !slices.ContainsFunc(looked, func(l trail.Looked) bool { return l.Connection == "bad" && l.Outcome == trail.Failed && l.Detail != "" }) {
			t.Errorf("%s does not say that bad was not looked in: %+v", what, looked)
		}
	}
	wantFailed("a trace", report.Looked)
	report = trace(t, o, trail.TraceQuery{Message: deadID})
	if report.Verdict.Verdict != verdict.DeadLettered {
		t.Errorf("%s: %s", report.Verdict.Verdict, report.Verdict.Why)
	}
	wantFailed("a trace that found something", report.Looked)
	found, err := o.Find(t.Context(), trail.FindQuery{Key: "PAYMENT-1"})
	if err != nil {
		t.Fatal(err)
	}
	wantFailed("find", found.Looked)
	if len(found.Messages) != 1 || !strings.Contains(strings.Join(found.Incomplete, " "), "bad") {
		t.Errorf("%d messages; incomplete: %q", len(found.Messages), found.Incomplete)
	}
	listed, err := o.List(t.Context(), trail.ListQuery{Kind: "topic"})
	if err != nil {
		t.Fatal(err)
	}
	wantFailed("a list", listed.Looked)
	lags, err := o.Lag(t.Context(), trail.LagQuery{})
	if err != nil {
		t.Fatal(err)
	}
	wantFailed("lag", lags.Looked)
	plans, err := o.Replication(t.Context(), trail.ReplicationQuery{})
	if err != nil {
		t.Fatal(err)
	}
	wantFailed("replication", plans.Looked)
	report = trace(t, o, trail.TraceQuery{Message: deadID, Scope: trail.Scope{Connection: "bad", Instance: "mq-1", Topic: "orders"}})
	if report.Verdict.Verdict != verdict.QueryFailed {
		t.Errorf("over bad alone: %s: %s", report.Verdict.Verdict, report.Verdict.Why)
	}
}

// Whatever cannot be asked, it is not said that a message is nowhere: one connection of each cloud has an endpoint that
// nobody answers at, beside the sandbox.
func TestBrokenEndpoint(t *testing.T) {
	const nowhere = "http://127.0.0.1:9"
	for plugin, settings := range map[string]string{
		"aliyun": `{"endpoint":"` + nowhere + `","region":"cn-hangzhou","access_key_id":"id","access_key_secret":"secret"}`,
		"huawei": `{"endpoint":"` + nowhere + `","region":"cn-north-4","access_key":"id","secret_key":"secret","project_id":"p"}`,
		"ctyun":  `{"endpoint":"` + nowhere + `","kafka_endpoint":"` + nowhere + `","region_id":"r","access_key":"id","secret_key":"secret"}`,
	} {
		t.Run(plugin, func(t *testing.T) {
			o := openTrail(t, built.Dir(t), trail.Options{}, func(manifests []*protocol.Manifest) []config.Connection {
				connections := config.Sandbox(manifests)
				for i := range connections {
					if connections[i].Plugin == plugin {
						broken := connections[i]
						broken.Name, broken.Origin, broken.Settings = "broken", config.OriginFile, []byte(settings)
						connections = append(connections, broken)
						break
					}
				}
				return connections
			})
			for _, query := range []trail.TraceQuery{
				{Message: "no-such-key"}, {Message: "AC110005000B18B4AAC2694B20330001"}, {Message: "0A0003074A2118B4AAC2694DDF530004", As: "key"},
				{Message: "no-such-key", Scope: trail.Scope{Connection: "broken"}},
				{Message: "no-such-key", Scope: trail.Scope{Connection: "broken", Instance: "some", Topic: "orders"}},
			} {
				report := trace(t, o, query)
				if report.Verdict.Verdict != verdict.QueryFailed || len(report.Lives) > 0 {
					t.Errorf("%+v: %s: %s", query, report.Verdict.Verdict, report.Verdict.Why)
				}
				if !slices.ContainsFunc(report.Looked, func(l trail.Looked) bool { return l.Connection == "broken" && l.Outcome == trail.Failed }) {
					t.Errorf("%+v: %+v", query, report.Looked)
				}
			}
		})
	}
}

// It is not said either where any of the calls that a search needs failed, was not answered in time, or is not offered.
func TestNothingIsSaidOfWhatWasNotSeen(t *testing.T) {
	needed := []string{"list_resources", "find_messages", "trace_message"}
	for _, how := range []string{"fail", "hang", "lack"} {
		for subset := 1; subset < 1<<len(needed); subset++ {
			var verbs []string
			for i, verb := range needed {
				if subset&(1<<i) != 0 {
					verbs = append(verbs, verb)
				}
			}
			settings := fmt.Sprintf(`{"anywhere": true, %q: ["%s"]}`, how, strings.Join(verbs, `","`))
			t.Run(how+" "+strings.Join(verbs, " "), func(t *testing.T) {
				t.Parallel()
				o := openShops(t, trail.Options{Patience: 700 * time.Millisecond}, shop{name: "main"}, shop{"other", settings})
				for _, message := range []string{noSuchID, "no-such-key"} {
					if message != noSuchID && slices.Equal(verbs, []string{"trace_message"}) {
						continue // no trace is asked for by a key
					}
					if message == noSuchID && how == "lack" && slices.Equal(verbs, []string{"find_messages"}) {
						continue // the traces are of every message
					}
					report := trace(t, o, trail.TraceQuery{Message: message, Scope: trail.Scope{Instance: "mq-1"}})
					if len(report.Lives) != 0 || report.Verdict.Verdict != verdict.QueryFailed && (how != "lack" || report.Verdict.Verdict != verdict.Unknown) {
						t.Errorf("%s: %s: %s", message, report.Verdict.Verdict, report.Verdict.Why)
					}
					if report.Verdict.Verdict == verdict.QueryFailed && !strings.Contains(report.Verdict.Why, "other") && !strings.Contains(report.Verdict.Why, "failed") {
						t.Errorf("what failed is not named: %s", report.Verdict.Why)
					}
				}
			})
		}
	}
}
