package render

import (
	"bytes"
	"io"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// tables are one report of each kind, with much that was not told.
func tables() map[string]func(io.Writer, Options) error {
	return map[string]func(io.Writer, Options) error{
		"find":         func(w io.Writer, o Options) error { return Find(w, foundMessages(), o) },
		"find_nothing": func(w io.Writer, o Options) error { return Find(w, foundNothing(), o) },
		"message":      func(w io.Writer, o Options) error { return Message(w, wholeMessage(), o) },
		"message_bare": func(w io.Writer, o Options) error { return Message(w, bareMessage(), o) },
		"lag":          func(w io.Writer, o Options) error { return Lag(w, lags(), o) },
		"lag_group":    func(w io.Writer, o Options) error { return Lag(w, oneLag(), o) },
		"replication":  func(w io.Writer, o Options) error { return Replication(w, plans(), o) },
		"lag_idle":     func(w io.Writer, o Options) error { return Lag(w, idleGroups(), o) },
		"plans":        func(w io.Writer, o Options) error { return Replication(w, severalPlans(), o) },
		"instances":    func(w io.Writer, o Options) error { return List(w, listed("instance"), o) },
		"topics":       func(w io.Writer, o Options) error { return List(w, listed("topic"), o) },
		"groups":       func(w io.Writer, o Options) error { return List(w, listed("group"), o) },
	}
}

func TestTables(t *testing.T) {
	for name, write := range tables() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			for _, part := range []struct {
				title   string
				options Options
			}{
				{"no terminal", Options{Zone: shanghai}},
				{"110 columns", Options{Zone: shanghai, Width: 110}},
				{"ascii, 60 columns", Options{Zone: shanghai, Width: 60, ASCII: true}},
			} {
				out.WriteString("-- " + part.title + " --\n")
				if err := write(&out, part.options); err != nil {
					t.Fatal(err)
				}
			}
			golden(t, "table/"+name+".golden", out.String())
			for _, width := range []int{24, 40, 60, 90, 140} {
				for _, ascii := range []bool{false, true} {
					var fitted bytes.Buffer
					if err := write(&fitted, Options{Width: width, ASCII: ascii}); err != nil {
						t.Fatal(err)
					}
					checkFits(t, name, fitted.String(), width, ascii)
				}
			}
		})
	}
}

func foundMessages() *trail.FindReport {
	return &trail.FindReport{
		Window: trail.Span{From: "2026-11-22T08:00:00+08:00", Note: "The vendor looks back 2 h at most."},
		Messages: []trail.Located{
			{Connection: "prod-hz", Message: model.Message{
				ID: "7F0000010A2B18B4AAC21E1F9F5B0001", Topic: "orders", Keys: []string{"ORDER-4711", "CUST-9"}, Tag: "paid", Stored: at(3),
				BodySize: ptr(int64(512)), Body: model.NewBody([]byte("{\"order\": 4711,\n \"note\": \"\x1b[31mred\u202e\"}"), 0, model.PreviewBody),
			}},
			{Connection: "kafka-north", Message: model.Message{Topic: "payments", Partition: ptr(int64(3)), Offset: ptr(int64(9007199254740993)), Body: model.NewBody([]byte{0xff, 0xfe, 0}, 0, 64)}},
			{Connection: hostileNames[2], Message: model.Message{Topic: "订单", Tag: hostileNames[3], Born: local(0, model.ZoneAssumed)}},
		},
		Next: "cursor-2", Incomplete: []string{"The vendor gives the 64 newest by key."},
		Looked: []trail.Looked{{Connection: "prod-hz", Outcome: trail.Found}, {Connection: "ct", Instance: "i-1", Outcome: trail.Failed, Detail: "no answer in 30 s"}},
	}
}

func foundNothing() *trail.FindReport {
	return &trail.FindReport{Looked: []trail.Looked{{Connection: "prod-hz", Outcome: trail.NotLooked, Detail: "the time was over"}}}
}

func wholeMessage() *trail.MessageReport {
	return &trail.MessageReport{
		Message: trail.Located{Connection: "prod-hz", Message: model.Message{
			ID: "7F0000010A2B18B4AAC21E1F9F5B0001", BrokerID: "0A00010100002A9F0000000000000001", Instance: "rmq-shop", Topic: "orders",
			Keys: []string{"ORDER-4711"}, Tag: "paid", Type: "delay", Born: at(0), Stored: local(0, model.ZoneAssumed), DeliverAt: at(60_000),
			Partition: ptr(int64(2)), Offset: ptr(int64(77)), BornHost: "10.0.0.5:4012", Retries: ptr(int64(0)),
			Props: map[string]string{"trace": "on", "x\u202ey": "a\x1b[2Jb"}, Raw: map[string]string{"status": "NORMAL"}, BodyCheck: "intact",
			Body: model.NewBody([]byte("{\n  \"order\": 4711,\n  \"note\": \"\x1b[31mred\u202e, and a long line that a narrow terminal has to fold somewhere\"\n}\n"), 0, 64<<10),
		}},
		Calls: []model.Call{{Operation: "acme_get_message"}}, NotOffered: []string{"body_crc"},
	}
}

func bareMessage() *trail.MessageReport {
	return &trail.MessageReport{
		Message:    trail.Located{Connection: "prod-hz", Message: model.Message{Topic: "orders", Body: model.NewBody([]byte{0xff, 0xfe, 0, 1, 2, 3}, 0, 4)}},
		NotOffered: []string{"stored", "tag"},
	}
}

func lags() *trail.LagReport {
	return &trail.LagReport{Groups: []trail.GroupLag{
		{Connection: "prod-hz", GroupState: model.GroupState{Group: "audit"}, Problem: "the vendor did not answer in 30 s"},
		{Connection: "prod-hz", GroupState: model.GroupState{Group: "billing", Online: ptr(false), Lags: []model.Lag{
			{Topic: "orders", Messages: ptr(int64(9007199254740993)), Ready: ptr(int64(0)), DelayMS: ptr(int64(86_400_000)), ConsumedTo: at(0)},
			{Topic: "refunds", Messages: ptr(int64(0)), DelayMS: ptr(int64(0))},
		}}},
	}, Incomplete: []string{"100 of 140 groups were asked."}}
}

func oneLag() *trail.LagReport {
	report := lags()
	report.Groups = report.Groups[1:]
	report.Groups[0].Lags[0].Partitions = []model.PartitionLag{
		{Partition: 0, Committed: ptr(int64(100)), End: ptr(int64(180)), Messages: ptr(int64(80)), Client: "worker-1"}, {Partition: 1, End: ptr(int64(7))},
	}
	return report
}

func plans() *trail.ReplicationReport {
	return &trail.ReplicationReport{
		Caveat: "This is skew of consumer progress, not what data a loss of the source would lose.",
		Plans: []trail.Plan{{
			Connection: "prod-hz",
			ReplicationPlan: model.ReplicationPlan{
				ID: "plan-1", Name: "shop", Kind: "one_way", Running: ptr(true), Source: model.Site{Region: "cn-hangzhou", Instance: "rmq-a"},
				Target: model.Site{Region: "cn-shanghai", Instance: "rmq-b"},
				Items:  []model.ReplicationItem{{ID: "item-1", Source: model.Site{Topic: "orders"}, DataBehindMS: ptr(int64(1200))}},
			},
			Result: verdict.Replication{
				Verdict: verdict.Verdict{Verdict: verdict.ReplicationLagging, Confidence: verdict.Inferred, Why: "billing is 12 minutes behind at the target."},
				Repeats: ptr(int64(720_000)),
				Groups: []verdict.ReplicatedGroup{
					{Item: "item-1", Topic: "orders", Group: "billing", Verdict: verdict.Verdict{Verdict: verdict.ReplicationLagging, Confidence: verdict.Inferred}, DeltaMS: ptr(int64(720_000)), StalenessMS: ptr(int64(4_000))},
					{Item: "item-1", Topic: "orders", Group: "audit", Verdict: verdict.Verdict{Verdict: verdict.Unknown, Confidence: verdict.Unproven, Why: "No progress was told."}},
				},
			},
		}},
	}
}

// idleGroups are groups of one name on two instances, and some of which no topic is told.
func idleGroups() *trail.LagReport {
	billing := func(instance string, waiting int64) trail.GroupLag {
		return trail.GroupLag{Connection: "prod-hz", Instance: instance, GroupState: model.GroupState{Group: "billing", Online: ptr(true), Lags: []model.Lag{{Topic: "orders", Messages: &waiting}}}}
	}
	idle := func(name string, online *bool) trail.GroupLag {
		return trail.GroupLag{Connection: "prod-hz", Instance: "rmq-cn-shop0hz0001", GroupState: model.GroupState{Group: name, Online: online}}
	}
	return &trail.LagReport{
		Groups: []trail.GroupLag{
			idle("old-billing", ptr(false)), idle(hostileNames[2], nil), idle("newcomer", ptr(true)),
			billing("5e2a9d14-7c3b-4f80-8d26-1b9c0e4f6a32", 7), billing("5e2a9d14-7c3b-4f80-8d26-1b9c0e4f6a33", 0),
		},
		Incomplete: []string{
			"orders of hz/1: Only the newest were read.", "payments of hz/1: Only the newest were read.", "stock of hz/1: Only the newest were read.",
			"returns of hz/1: Only the newest were read.", "More may be missing.",
		},
		Looked: []trail.Looked{
			{Connection: "prod-hz", Instance: "i-1", Outcome: trail.NotFound, Detail: "It has no group."}, {Connection: "prod-hz", Instance: "i-2", Outcome: trail.NotFound, Detail: "It has no group."},
			{Connection: "prod-hz", Instance: "i-3", Outcome: trail.Failed, Detail: "no answer in 30 s"},
		},
	}
}

// severalPlans are one of each mood, the worst last.
func severalPlans() *trail.ReplicationReport {
	report := plans()
	fine := trail.Plan{Connection: "prod-hz", ReplicationPlan: model.ReplicationPlan{ID: "plan-2", Name: "stock"}, Result: verdict.Replication{
		Verdict: verdict.Verdict{Verdict: verdict.ReplicationOK, Confidence: verdict.Proven, Why: "All is well. " + verdict.Caveat}, Repeats: ptr(int64(1000)), Skips: ptr(int64(0)),
	}}
	unknown := trail.Plan{Connection: "prod-hz", ReplicationPlan: model.ReplicationPlan{ID: "plan-3"}, Result: verdict.Replication{
		Verdict: verdict.Verdict{Verdict: verdict.Unknown, Confidence: verdict.Unproven, Why: "Nothing is told. " + verdict.Caveat, Missing: []string{"When progress was carried over is not told."}},
	}}
	report.Plans = append([]trail.Plan{fine, unknown}, report.Plans...)
	return report
}

func listed(kind string) *trail.ListReport {
	return &trail.ListReport{
		Query: trail.ListQuery{Kind: kind},
		Resources: []trail.Listed{
			{Connection: "prod-hz", Resource: model.Resource{Kind: model.Kind(kind), ID: "orders", Name: "Orders", Instance: "rmq-shop", System: model.RocketMQ, Region: "cn-hangzhou", Status: "RUNNING", Usable: ptr(true), Type: "normal", Partitions: ptr(int64(8)), RetentionMS: ptr(int64(259_200_000))}},
			{Connection: "prod-hz", Resource: model.Resource{Kind: model.Kind(kind), ID: hostileNames[2]}},
		},
		Next: "cursor-2",
	}
}
