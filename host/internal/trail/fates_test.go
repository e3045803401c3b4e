package trail_test

import (
	"time"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

// fate is a message of the sandbox, and what is to be said of it. The facts are in the plugins' own tests.
type fate struct {
	connection string
	// message is a business key, or the id where a message has no key.
	message  string
	topic    string // where it has to be named
	headline verdict.Name
	groups   map[string]verdict.Name
	// copies are its dead-letter copies.
	copies int
}

// The instances whose messages show every verdict.
const ()

type groups = map[string]verdict.Name

// but is what all consumed, but for some.
func but(all []string, others groups) groups {
	told := groups{}
	for _, name := range all {
		told[name] = verdict.Consumed
	}
	for name, other := range others {
		told[name] = other
	}
	return told
}

var fates = []func() []fate{aliyunFates, huaweiFates, huaweiKafkaFates, ctyunFates, ctyunKafkaFates}

func every() []fate {
	var all []fate
	for _, some := range fates {
		all = append(all, some()...)
	}
	return all
}

func aliyunFates() []fate {
	sold := func(others groups) groups {
		return but([]string{"analytics", "billing", "courier", "mailer", "warehouse"}, others)
	}
	return on("aliyun", []fate{
		{message: "order-7101", headline: verdict.Consumed, groups: sold(nil)},
		{message: "order-7102", headline: verdict.ConsumedRetried, groups: sold(groups{"billing": verdict.ConsumedRetried})},
		{message: "order-7103", headline: verdict.ConsumedTwice, groups: sold(groups{"warehouse": verdict.ConsumedTwice})},
		{message: "order-7104", headline: verdict.DeadLettered, groups: sold(groups{"mailer": verdict.DeadLettered}), copies: 1},
		{message: "order-7105", headline: verdict.RetriesExhausted, groups: sold(groups{"billing": verdict.RetriesExhausted})},
		{message: "order-7106", headline: verdict.Retrying, groups: sold(groups{"warehouse": verdict.Retrying})},
		{message: "order-7107", headline: verdict.InFlight, groups: sold(groups{"warehouse": verdict.InFlight})},
		{message: "order-7108", headline: verdict.AckTimeout, groups: sold(groups{"courier": verdict.AckTimeout})},
		{message: "order-7109", headline: verdict.PartlyConsumed, groups: sold(groups{"courier": verdict.NotConsumed})},
		{message: "order-7110", headline: verdict.Unknown, groups: sold(groups{"billing": verdict.Unknown})},
		{message: "order-7111", headline: verdict.Unknown, groups: sold(groups{"mailer": verdict.Unknown})},
		{message: "order-7112", headline: verdict.Consumed, groups: sold(groups{"analytics": verdict.Filtered})},
		{message: "order-7113", headline: verdict.SendFailed},
		{message: "order-7114", headline: verdict.NotConsumed, groups: groups{"sorting": verdict.NotConsumed, "ledger": verdict.OffsetPassed}},
		{message: "order-7115", headline: verdict.OffsetPassed, groups: groups{"sorting": verdict.Consumed, "ledger": verdict.OffsetPassed}},
		{message: "order-7116", headline: verdict.Unknown, groups: groups{"cash-desks": verdict.Unknown}}, // broadcasting
		{message: "order-7117", headline: verdict.NoSubscribers},
		{message: "order-7118", headline: verdict.TxRolledBack},
		{message: "order-7119", headline: verdict.TxPending},
		{message: "order-7120", headline: verdict.Consumed, groups: groups{"billing": verdict.Consumed}},
		{message: "order-7121", headline: verdict.Delayed},
		{message: "order-7122", headline: verdict.DelayOverdue},
		{message: "order-7123", headline: verdict.Recalled},
		{message: "order-7124", headline: verdict.Consumed, groups: groups{"mailer": verdict.Consumed}}, // taken back too late
	})
}

func huaweiFates() []fate {
	sold := func(others groups) groups { return but([]string{"billing", "mailer", "warehouse"}, others) }
	const id = "C0A8000B1F2A18B4AAC2001B7740"
	return on("huawei", []fate{
		{message: "order-7201", headline: verdict.DeadLettered, groups: sold(groups{"warehouse": verdict.DeadLettered}), copies: 1},
		{message: "order-7202", headline: verdict.Consumed, groups: sold(nil)},
		{message: "order-7203", headline: verdict.ConsumedRetried, groups: sold(groups{"warehouse": verdict.ConsumedRetried})},
		{message: "order-7204", headline: verdict.ConsumedTwice, groups: sold(groups{"billing": verdict.ConsumedTwice})},
		{message: "order-7205", headline: verdict.RetriesExhausted, groups: sold(groups{"warehouse": verdict.RetriesExhausted})},
		{message: "order-7206", headline: verdict.Unknown, groups: sold(groups{"billing": verdict.Unknown})},
		{message: "order-7207", headline: verdict.Retrying, groups: groups{"billing": verdict.Retrying}},
		{message: "order-7208", headline: verdict.InFlight, groups: groups{"billing": verdict.InFlight}},
		{message: "order-7209", headline: verdict.AckTimeout, groups: groups{"billing": verdict.AckTimeout}},
		{message: "order-7210", headline: verdict.ProducedOnly, groups: groups{"ledger": verdict.NotConsumed}},
		{message: "order-7211", headline: verdict.ProducedOnly, groups: groups{"auditor": verdict.NotConsumed}},
		{message: "order-7212", headline: verdict.OffsetPassed, groups: groups{"billing": verdict.OffsetPassed, "mailer": verdict.OffsetPassed, "warehouse": verdict.OffsetPassed}},
		{message: "order-7213", headline: verdict.Consumed, groups: sold(groups{"warehouse": verdict.Filtered})},
		{message: "order-7214", headline: verdict.Delayed},
		{message: "order-7215", headline: verdict.Consumed, groups: groups{"ledger": verdict.Consumed}},
		{message: id + "7216", headline: verdict.TxRolledBack},
		{message: id + "7217", headline: verdict.TxPending},
		{message: "order-7218", headline: verdict.NoSubscribers},
		{message: "order-7219", headline: verdict.Unknown, groups: groups{"screens": verdict.Unknown}}, // broadcasting
		{message: id + "7220", headline: verdict.SendFailed},
	})
}

func huaweiKafkaFates() []fate {
	return on("huawei", []fate{
		{message: "order-7301", headline: verdict.OffsetPassed, groups: groups{"billing": verdict.OffsetPassed, "mailer": verdict.OffsetPassed, "warehouse": verdict.OffsetPassed}},
		{message: "order-7302", headline: verdict.ProducedOnly, groups: groups{"ledger": verdict.NotConsumed}},
		{message: "order-7303", headline: verdict.ProducedOnly, groups: groups{"auditor": verdict.NotConsumed}},
		{message: "order-7304", headline: verdict.NoSubscribers},
		{message: "0:0", topic: "imports", headline: verdict.OffsetPassed, groups: groups{"ledger": verdict.OffsetPassed}}, // order-7305, which no search by key finds
	})
}

func ctyunFates() []fate {
	sold := func(others groups) groups { return but([]string{"billing", "mailer", "warehouse"}, others) }
	return on("ctyun", []fate{
		{message: "order-7401", headline: verdict.Consumed, groups: sold(nil)},
		{message: "order-7402", headline: verdict.ConsumedRetried, groups: sold(groups{"billing": verdict.ConsumedRetried})},
		{message: "order-7403", headline: verdict.DeadLettered, groups: sold(groups{"billing": verdict.DeadLettered}), copies: 1},
		{message: "order-7404", headline: verdict.ConsumedTwice, groups: sold(groups{"warehouse": verdict.ConsumedTwice})},
		{message: "order-7405", headline: verdict.Retrying, groups: sold(groups{"mailer": verdict.Filtered, "warehouse": verdict.Retrying})},
		{message: "order-7406", headline: verdict.RetriesExhausted, groups: sold(groups{"mailer": verdict.RetriesExhausted})},
		{message: "order-7407", headline: verdict.PartlyConsumed, groups: sold(groups{"mailer": verdict.NotConsumed})},
		{message: "order-7408", headline: verdict.PartlyConsumed, groups: sold(groups{"billing": verdict.NotConsumed, "mailer": verdict.Filtered})},
		{message: "order-7409", headline: verdict.OffsetPassed, groups: sold(groups{"warehouse": verdict.OffsetPassed})},
		{message: "order-7410", headline: verdict.Consumed, groups: sold(groups{"billing": verdict.Filtered, "mailer": verdict.Filtered})},
		{message: "order-7411", headline: verdict.Unknown, groups: sold(groups{"billing": verdict.Unknown})},
		{message: "order-7412", headline: verdict.Unknown, groups: sold(groups{"warehouse": verdict.Unknown})},
		{message: "order-7413", headline: verdict.NoSubscribers},
		{message: "order-7414", headline: verdict.Unknown, groups: groups{"displays": verdict.Unknown}}, // broadcasting
		{message: "order-7415", headline: verdict.ProducedOnly, groups: groups{"counter": verdict.NotConsumed}},
	})
}

func ctyunKafkaFates() []fate {
	passed := groups{"billing": verdict.OffsetPassed, "mailer": verdict.OffsetPassed, "warehouse": verdict.OffsetPassed}
	waits := func(name string) groups {
		told := groups{}
		for group, one := range passed {
			told[group] = one
		}
		told[name] = verdict.NotConsumed
		return told
	}
	return on("ctyun", []fate{
		{message: "order-7501", headline: verdict.OffsetPassed, groups: passed},
		{message: "order-7502", headline: verdict.NotConsumed, groups: waits("warehouse")},
		{message: "order-7503", headline: verdict.NotConsumed, groups: waits("mailer")},
		{message: "order-7504", headline: verdict.NoSubscribers},
	})
}

// plans are the replication plans of the sandbox whose groups differ.
var plans = map[string]verdict.Name{
	"1300000111 stock-fine":    verdict.ReplicationOK,
	"1300000112 stock-lagging": verdict.ReplicationLagging,
	"1300000113 stock-ahead":   verdict.TargetAhead,
	"1300000114 stock-stopped": verdict.NotSyncing,
	"1300000115 stock-stale":   verdict.Stale,
	"1300000116 stock-new":     verdict.Unknown,
}

// absence is a search that finds nothing.
type absence struct {
	query    trail.TraceQuery
	headline verdict.Name
}

func absences() map[string]absence {
	made := func(ago time.Duration) string {
		epoch := time.Date(2021, 1, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
		return rocketmq.V1ID{PID: 5, Seconds: uint32(time.Since(epoch).Seconds() - ago.Seconds()), Sequence: 9}.String()
	}
	in := func(connection, instance string) trail.Scope {
		return trail.Scope{Connection: connection, Instance: instance}
	}
	return map[string]absence{
		"aliyun, no such id":      {trail.TraceQuery{Message: made(time.Hour), Scope: in("aliyun", "rmq-cn-shop0hz0003")}, verdict.NotFound},
		"aliyun, no such key":     {trail.TraceQuery{Message: "order-0", Scope: in("aliyun", "rmq-cn-shop0hz0003")}, verdict.Unknown},
		"aliyun, an old id":       {trail.TraceQuery{Message: made(30 * 24 * time.Hour), Scope: in("aliyun", "rmq-cn-shop0hz0003")}, verdict.OutOfWindow},
		"huawei, no such id":      {trail.TraceQuery{Message: made(time.Hour), Scope: in("huawei", "5e2a9d14-7c3b-4f80-8d26-1b9c0e4f6a32")}, verdict.Unknown},
		"huawei's Kafka, no such": {trail.TraceQuery{Message: "order-7305", Scope: in("huawei", "d0b7e2c4-3c5a-4d53-9a3e-6f1c2f1b7a10")}, verdict.Unknown},
		"ctyun, no such id":       {trail.TraceQuery{Message: made(time.Hour), Scope: in("ctyun", "70687660456281152")}, verdict.Unknown},
	}
}

func on(connection string, fates []fate) []fate {
	for i := range fates {
		fates[i].connection = connection
	}
	return fates
}

func (f fate) query() trail.TraceQuery {
	return trail.TraceQuery{Message: f.message, Scope: trail.Scope{Connection: f.connection, Topic: f.topic}}
}
