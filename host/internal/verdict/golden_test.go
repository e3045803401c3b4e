package verdict_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

var update = flag.Bool("update", false, "write the golden files")

// TestCases judges the cases of testdata/cases: a file for each rule, each vendor and each trap.
func TestCases(t *testing.T) {
	judged := map[verdict.Name]bool{}
	golden(t, "testdata/cases", 120, func(t *testing.T, data []byte) any {
		result := verdict.Judge(read[verdict.Case](t, data))
		judged[result.Verdict.Verdict] = true
		for _, g := range result.Groups {
			judged[g.Verdict.Verdict] = true
		}
		return result
	})
	for _, name := range []verdict.Name{
		verdict.QueryFailed, verdict.NotFound, verdict.OutOfWindow, verdict.Unknown, verdict.SendFailed, verdict.Recalled,
		verdict.TxRolledBack, verdict.TxPending, verdict.Delayed, verdict.DelayOverdue, verdict.NoSubscribers,
		verdict.PartlyConsumed, verdict.ProducedOnly, verdict.DeadLettered, verdict.RetriesExhausted, verdict.AckTimeout,
		verdict.NotConsumed, verdict.Retrying, verdict.InFlight, verdict.ConsumedTwice, verdict.OffsetPassed,
		verdict.Filtered, verdict.ConsumedRetried, verdict.Consumed,
	} {
		if !judged[name] {
			t.Errorf("no case comes to %s", name)
		}
	}
}

// TestReplicationCases judges the plans of testdata/replication.
func TestReplicationCases(t *testing.T) {
	golden(t, "testdata/replication", 18, func(t *testing.T, data []byte) any {
		c := read[struct {
			Now         int64                 `json:"now"`
			ThresholdMS int64                 `json:"threshold_ms"`
			Plan        trail.ReplicationPlan `json:"plan"`
		}](t, data)
		return verdict.JudgeReplication(c.Plan, c.Now, c.ThresholdMS)
	})
}

func golden(t *testing.T, folder string, least int, judge func(*testing.T, []byte) any) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, file := range files {
		name, isGolden := strings.CutSuffix(file, ".golden.json")
		if isGolden {
			if _, err := os.Stat(name + ".json"); err != nil {
				t.Errorf("%s belongs to no case: %v", file, err)
			}
			continue
		}
		cases++
		name = strings.TrimSuffix(file, ".json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := pretty(t, judge(t, data))
			if *update {
				if err := os.WriteFile(name+".golden.json", got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name + ".golden.json")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("another verdict (-want +got):\n%s", diff)
			}
		})
	}
	if cases < least {
		t.Errorf("%s has %d cases, and there were %d", folder, cases, least)
	}
}

// read refuses what a case does not have: a misspelt field would test nothing.
func read[T any](t *testing.T, data []byte) T {
	t.Helper()
	var value T
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func pretty(t *testing.T, value any) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
