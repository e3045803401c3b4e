package verdict_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Few values of each kind, so that they meet; and now and then a number that nobody expects.

func moment() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64Range(1700000000000, 1700000000000+600_000), rapid.Just(int64(0)), rapid.Int64())
}

func word(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(append(words, "")) }

func at() *rapid.Generator[*trail.Time] {
	return rapid.Ptr(rapid.Custom(func(t *rapid.T) trail.Time {
		ms := moment().Draw(t, "ms")
		return trail.Time{
			UnixMS: ms, ISO: time.UnixMilli(ms % (1 << 45)).UTC().Format(time.RFC3339),
			ZoneSource:   rapid.SampledFrom([]trail.ZoneSource{trail.ZoneVendor, trail.ZoneAssumed, trail.ZoneProven}).Draw(t, "zone"),
			ResolutionMS: rapid.SampledFrom([]int64{0, 1, 1000}).Draw(t, "resolution"),
		}
	}), true)
}

func evidence() *rapid.Generator[trail.Evidence] {
	return rapid.Custom(func(t *rapid.T) trail.Evidence {
		return trail.Evidence{Operation: word("vendor_rocketmq_get_trace", "aliyun_rocketmq_get_trace").Draw(t, "operation"), Pointer: word("/0", "/1").Draw(t, "pointer")}
	})
}

func event() *rapid.Generator[trail.Event] {
	return rapid.Custom(func(t *rapid.T) trail.Event {
		return trail.Event{
			Stage: rapid.SampledFrom([]trail.Stage{
				trail.StageProduced, trail.StageTxEnd, trail.StageStored, trail.StageDelaySet, trail.StageDelayFired, trail.StageRecalled, trail.StageDelivered,
				trail.StageDelivered, trail.StageConsumed, trail.StageFailed, trail.StageDeadLettered, trail.StageFromDLQ, "NEW",
			}).Draw(t, "stage"),
			Time: at().Draw(t, "time"), End: at().Draw(t, "end"),
			Actor:   trail.Actor{Group: word("a", "b").Draw(t, "group"), Client: word("1", "2").Draw(t, "client")},
			Outcome: rapid.SampledFrom([]trail.Outcome{trail.OK, trail.Failed, trail.Unknown, ""}).Draw(t, "outcome"),
			Attempt: rapid.Int64Range(-1, 3).Draw(t, "attempt"), Receipt: word("r", "s").Draw(t, "receipt"),
			InvisibleMS: rapid.Ptr(rapid.Int64Range(-1, 600_000), true).Draw(t, "invisible"),
			Raw:         word("SUCCESS", "ROLLBACK", "COMMIT", "NEW").Draw(t, "raw"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
}

func message() *rapid.Generator[trail.Message] {
	return rapid.Custom(func(t *rapid.T) trail.Message {
		return trail.Message{
			System: rapid.SampledFrom([]trail.System{trail.RocketMQ, trail.Kafka, ""}).Draw(t, "system"), ID: word("id").Draw(t, "id"),
			Topic: word("orders", "%DLQ%a").Draw(t, "topic"), Tag: word("paid").Draw(t, "tag"), Keys: rapid.SliceOfN(word("key"), 0, 2).Draw(t, "keys"),
			Partition: rapid.Ptr(rapid.Int64Range(0, 2), true).Draw(t, "partition"), Offset: rapid.Ptr(rapid.Int64Range(0, 5), true).Draw(t, "offset"),
			Born: at().Draw(t, "born"), Stored: at().Draw(t, "stored"), DeliverAt: at().Draw(t, "deliver at"), Type: word("transaction", "delay").Draw(t, "type"),
			DeadLetterGroup: word("a", "").Draw(t, "dead"), OriginID: word("origin", "").Draw(t, "origin"), BodyCheck: word("damaged: cut", "intact").Draw(t, "body"),
			Evidence: evidence().Draw(t, "evidence"),
		}
	})
}

func subscription() *rapid.Generator[trail.Subscription] {
	return rapid.Custom(func(t *rapid.T) trail.Subscription {
		return trail.Subscription{
			Group: word("a", "b", "c").Draw(t, "group"), Topic: word("orders", "other").Draw(t, "topic"), ExpressionType: word("tag", "sql92").Draw(t, "type"),
			Expression: word("*", "paid", "paid || sent", "a > 1").Draw(t, "expression"), Mode: mode().Draw(t, "mode"),
			Online: rapid.Ptr(rapid.Bool(), true).Draw(t, "online"), Consistent: rapid.Ptr(rapid.Bool(), true).Draw(t, "consistent"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
}

func mode() *rapid.Generator[trail.Mode] {
	return rapid.SampledFrom([]trail.Mode{trail.Clustering, trail.Broadcasting, ""})
}

func standing() *rapid.Generator[trail.Standing] {
	return rapid.Custom(func(t *rapid.T) trail.Standing {
		flag := rapid.Ptr(rapid.Bool(), true)
		return trail.Standing{
			Group: word("a", "b", "c").Draw(t, "group"), Passed: flag.Draw(t, "passed"), Filtered: flag.Draw(t, "filtered"), Online: flag.Draw(t, "online"),
			Raw: word("CONSUMED", "null").Draw(t, "raw"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
}

func groupState() *rapid.Generator[trail.GroupState] {
	return rapid.Custom(func(t *rapid.T) trail.GroupState {
		number := rapid.Ptr(rapid.Int64Range(-1, 5), true)
		partition := rapid.Custom(func(t *rapid.T) trail.PartitionLag {
			return trail.PartitionLag{Partition: rapid.Int64Range(0, 2).Draw(t, "partition"), Committed: number.Draw(t, "committed"), ConsumedTo: at().Draw(t, "to")}
		})
		lag := rapid.Custom(func(t *rapid.T) trail.Lag {
			return trail.Lag{
				Topic: word("orders", "other").Draw(t, "topic"), Messages: number.Draw(t, "messages"), ConsumedTo: at().Draw(t, "to"),
				Partitions: rapid.SliceOfN(partition, 0, 3).Draw(t, "partitions"), Evidence: evidence().Draw(t, "evidence"),
			}
		})
		return trail.GroupState{
			Group: word("a", "b", "c", "d").Draw(t, "group"), Online: rapid.Ptr(rapid.Bool(), true).Draw(t, "online"), Mode: mode().Draw(t, "mode"),
			MaxAttempts: number.Draw(t, "maximum"), Lags: rapid.SliceOfN(lag, 0, 2).Draw(t, "lags"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
}

func call() *rapid.Generator[trail.Call] {
	return rapid.Custom(func(t *rapid.T) trail.Call {
		c := trail.Call{Operation: word("vendor_rocketmq_list_messages").Draw(t, "operation")}
		if rapid.Bool().Draw(t, "problem") {
			c.Problem = &trail.Failure{Code: "timeout", Message: "It took too long.", Hint: word("Wait.").Draw(t, "hint")}
		}
		return c
	})
}

func randomCase() *rapid.Generator[verdict.Case] {
	return rapid.Custom(func(t *rapid.T) verdict.Case {
		c := verdict.Case{
			Now: moment().Draw(t, "now"), Topic: word("orders", "%DLQ%b").Draw(t, "topic"), System: rapid.SampledFrom([]trail.System{trail.RocketMQ, trail.Kafka, ""}).Draw(t, "system"),
			MessageID: word("id", "012A5AB0BBEC8A000104C6342B00001ECF", "050562443C7018B4AAC2996FB3DE0000").Draw(t, "id"), Key: word("key").Draw(t, "key"),
			RetentionMS:  rapid.Ptr(rapid.Int64Range(0, 1<<33), true).Draw(t, "retention"),
			MessageAsked: rapid.Bool().Draw(t, "asked"), MessageOffered: rapid.Bool().Draw(t, "offered"), TraceOffered: rapid.Bool().Draw(t, "traces"),
			Message: rapid.Ptr(message(), true).Draw(t, "message"), States: rapid.SliceOfN(groupState(), 0, 3).Draw(t, "states"),
			DeadLetters: rapid.SliceOfN(message(), 0, 1).Draw(t, "dead letters"), DeadLettersAsked: rapid.SliceOfN(word("a", "b"), 0, 2).Draw(t, "searched"),
			Calls: rapid.SliceOfN(call(), 0, 2).Draw(t, "calls"),
		}
		if rapid.Bool().Draw(t, "windowed") {
			c.Window = trail.Window{FromMS: moment().Draw(t, "from"), ToMS: moment().Draw(t, "to")}
		}
		if rapid.Bool().Draw(t, "traced") {
			c.Trace = &trail.Trace{
				Found: rapid.Bool().Draw(t, "found"), Recording: rapid.Ptr(rapid.Bool(), true).Draw(t, "recording"),
				Message: rapid.Ptr(message(), true).Draw(t, "traced message"), Events: rapid.SliceOfN(event(), 0, 8).Draw(t, "events"),
				Standings: rapid.SliceOfN(standing(), 0, 3).Draw(t, "standings"),
			}
		}
		if rapid.Bool().Draw(t, "subscribed") {
			c.Subscriptions = rapid.SliceOfN(subscription(), 0, 3).Draw(t, "subscriptions")
		}
		if rapid.IntRange(0, 3).Draw(t, "cut") == 0 {
			c.Failures, c.Incomplete = rapid.SliceOfN(call(), 0, 2).Draw(t, "failures"), rapid.SliceOfN(word("Cut off."), 0, 2).Draw(t, "incomplete")
		}
		return c
	})
}

func plan(t *rapid.T) trail.ReplicationPlan {
	flag := rapid.Ptr(rapid.Bool(), true)
	checkpoint := rapid.Custom(func(t *rapid.T) trail.ReplicationCheckpoint {
		return trail.ReplicationCheckpoint{
			ID: word("1", "2").Draw(t, "id"), SourceConsumed: at().Draw(t, "source"), TargetConsumed: at().Draw(t, "target"), SourceFetched: at().Draw(t, "source fetched"),
			TargetFetched: at().Draw(t, "target fetched"), LastSync: at().Draw(t, "sync"), TargetOnline: flag.Draw(t, "online"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
	item := rapid.Custom(func(t *rapid.T) trail.ReplicationItem {
		return trail.ReplicationItem{
			ID: word("1", "2").Draw(t, "id"), Running: flag.Draw(t, "running"), Checkpoints: rapid.SliceOfN(checkpoint, 0, 3).Draw(t, "checkpoints"),
			DataBehindMS: rapid.Ptr(rapid.Int64(), true).Draw(t, "behind"), Evidence: evidence().Draw(t, "evidence"),
		}
	})
	return trail.ReplicationPlan{
		ID: "7", Kind: word("one_way", "two_way").Draw(t, "kind"), Running: flag.Draw(t, "running"), AutoSync: flag.Draw(t, "auto"),
		SyncPeriodMS: rapid.Ptr(rapid.Int64(), true).Draw(t, "period"), Items: rapid.SliceOfN(item, 0, 3).Draw(t, "items"), Evidence: evidence().Draw(t, "evidence"),
	}
}
