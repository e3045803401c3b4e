package life

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	second int64 = 1000
	minute       = 60 * second
	hour         = 60 * minute
	day          = 24 * hour
)

// epoch is when ids of version 1 begin to count, in UTC.
var epoch = time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// Lives makes up lives: everything that may happen to a message, told as well or badly as vendors do.
func Lives() *rapid.Generator[Life] {
	return rapid.Custom(func(t *rapid.T) Life {
		l := live(t)
		l.tell(t)
		return l
	})
}

// Whole makes up lives that are told whole: every event, every group, every number, by one clock.
func Whole() *rapid.Generator[Life] {
	return rapid.Custom(func(t *rapid.T) Life {
		l := live(t)
		recording := true
		l.Told = Told{
			ResolutionMS: 1, TraceOffered: true, Recording: &recording, DeadLetters: true, Window: trail.Window{FromMS: l.Now - 40*day, ToMS: l.Now},
			Subscriptions: true, Positions: true, Partition: true, Max: true, Invisible: true, Mode: true, Numbers: true, Receipts: true, Retention: true, TagShown: true,
		}
		return l
	})
}

// ms draws a span from 0 to at most, short ones more often.
func ms(t *rapid.T, label string, most int64) int64 {
	scale := rapid.SampledFrom([]int64{10, second, minute, most}).Draw(t, label+" scale")
	return rapid.Int64Range(0, min(scale, most)).Draw(t, label)
}

// chance draws from 0 to 127, all alike: ranges of rapid prefer small numbers.
var chance = rapid.Custom(func(t *rapid.T) (n int) {
	for range 7 {
		n *= 2
		if rapid.Bool().Draw(t, "bit") {
			n++
		}
	}
	return n
})

func sometimes(t *rapid.T, label string, percent int) bool {
	return chance.Draw(t, label)*100 >= 128*(100-percent)
}

func live(t *rapid.T) Life {
	born := 1700000000000 + rapid.Int64Range(0, day).Draw(t, "born")
	l := Life{
		Now: born + ms(t, "age", 6*day), RetentionMS: rapid.SampledFrom([]int64{day, 3 * day}).Draw(t, "retention"), Key: "order-1",
		Tag: rapid.SampledFrom([]string{"paid", "shipped"}).Draw(t, "tag"), System: trail.RocketMQ,
		Partition: rapid.Int64Range(0, 2).Draw(t, "partition"), Offset: rapid.Int64Range(0, 1<<40).Draw(t, "offset"),
	}
	zone := rapid.Int64Range(-11, 12).Draw(t, "zone of the producer") * hour
	l.ID = rocketmq.V1ID{PID: 1, Seconds: uint32((born + zone - epoch) / second), Sequence: 7}.String() //nolint:gosec // seconds of this century
	if sometimes(t, "never sent", 5) {
		return l
	}
	l.send(t, born)
	if l.Stored != 0 {
		l.hold(t)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
		l.Groups = append(l.Groups, l.group(t, fmt.Sprintf("group-%d", i)))
	}
	return l
}

// send tries until it works or the producer gives up. The last try may time out and be stored all the same.
func (l *Life) send(t *rapid.T, at int64) {
	for range rapid.IntRange(1, 3).Draw(t, "tries") {
		if len(l.Sends) > 0 && at > l.Now {
			return
		}
		ok := sometimes(t, "sent", 80)
		l.Sends = append(l.Sends, Send{At: at, OK: ok})
		if stored := at + ms(t, "send time", second); stored <= l.Now && (ok || sometimes(t, "stored after a timeout", 20)) {
			l.Stored = stored
		}
		if ok {
			if l.Stored == 0 { // it is still on its way, and nobody knows how it ends
				l.Sends[len(l.Sends)-1].OK = false
			}
			return
		}
		at += 3 * second
		if l.Stored != 0 {
			return
		}
	}
}

// hold is what may be between the broker's storing a message and its consumers.
func (l *Life) hold(t *rapid.T) {
	switch rapid.SampledFrom([]string{"normal", "normal", "normal", "delay", "transaction"}).Draw(t, "type") {
	case "transaction":
		l.Transaction = &Transaction{}
		if end := l.Stored + ms(t, "transaction", hour); end <= l.Now && sometimes(t, "ended", 80) {
			l.Transaction.Ended, l.Transaction.Commit = end, sometimes(t, "committed", 70)
		}
	case "delay":
		l.DeliverAt = l.Stored + ms(t, "delay", 2*day)
		if asked := l.Stored + ms(t, "recall after", day); asked <= l.Now && asked < l.DeliverAt && sometimes(t, "recalled", 30) {
			l.Recalled, l.RecallOK = asked, sometimes(t, "recall worked", 60)
		}
		if l.Recalled != 0 && l.RecallOK {
			return
		}
		if fired := l.DeliverAt + ms(t, "late by", 10*minute); fired <= l.Now {
			l.Fired = fired
		}
	}
}

func (l *Life) group(t *rapid.T, name string) Group {
	g := Group{
		Name: name, Mode: rapid.SampledFrom([]trail.Mode{trail.Clustering, trail.Clustering, trail.Broadcasting}).Draw(t, "mode"),
		Expression: rapid.SampledFrom([]string{"*", "*", "paid", "shipped"}).Draw(t, "expression"), Subscribed: sometimes(t, "subscribed", 85),
		Online: rapid.Bool().Draw(t, "online"), MaxAttempts: rapid.SampledFrom([]int64{1, 2, 3, 17}).Draw(t, "maximum"),
	}
	if released := l.Released(); released != 0 && g.wants(l.Tag) && sometimes(t, "reached", 80) {
		if g.Mode == trail.Broadcasting {
			g.broadcast(t, released, l.Now)
		} else {
			g.consume(t, released, l.Now)
		}
	}
	g.place(t, l)
	return g
}

func (g *Group) broadcast(t *rapid.T, at, now int64) {
	for i := range rapid.IntRange(0, 3).Draw(t, "consumers") {
		if begun := at + ms(t, "delivered after", hour); begun <= now {
			g.Deliveries = append(g.Deliveries, delivery(t, g, 1, i, begun, now))
		}
	}
}

func delivery(t *rapid.T, g *Group, number int64, client int, at, now int64) Delivery {
	d := Delivery{
		Number: number, Client: fmt.Sprintf("%s-client-%d", g.Name, client), Receipt: fmt.Sprintf("%s-%d-%d-%d", g.Name, number, client, len(g.Deliveries)),
		At: at, InvisibleMS: rapid.SampledFrom([]int64{30 * second, 15 * minute}).Draw(t, "invisible"),
	}
	if end := at + ms(t, "handled in", d.InvisibleMS); end <= now && sometimes(t, "handled", 85) {
		d.Ended, d.OK = end, sometimes(t, "succeeded", 50)
	}
	return d
}

// consume delivers until one succeeds or the attempts are over; a success whose report is lost on its way to the
// broker is delivered again.
func (g *Group) consume(t *rapid.T, at, now int64) {
	at += ms(t, "delivered after", hour)
	for number := int64(1); number <= g.MaxAttempts && at <= now; number++ {
		d := delivery(t, g, number, rapid.IntRange(0, 1).Draw(t, "client"), at, now)
		g.Deliveries = append(g.Deliveries, d)
		switch {
		case d.Ended == 0:
			at += d.InvisibleMS + 1
		case d.OK && !sometimes(t, "report lost", 15):
			return
		default:
			at = d.Ended + ms(t, "again after", 2*hour)
		}
		if number == g.MaxAttempts && d.Ended != 0 && !d.OK && at <= now {
			g.Dead = at
		}
	}
}

// place says where the group's position is: past what it got, else anywhere, for positions are reset and filtered
// messages are passed.
func (g *Group) place(t *rapid.T, l *Life) {
	passed := len(g.Deliveries) > 1 || sometimes(t, "passed", 50)
	by := rapid.Int64Range(0, 100).Draw(t, "by")
	if passed {
		g.Committed, g.ConsumedTo, g.Waiting = l.Offset+1+by, l.Stored+by, rapid.Int64Range(0, 3).Draw(t, "waiting")
		return
	}
	g.Committed, g.ConsumedTo, g.Waiting = max(l.Offset-by, 0), l.Stored-by*second, by+1
}

func (l *Life) tell(t *rapid.T) {
	yes := func(label string) bool { return sometimes(t, label, 70) }
	l.Told = Told{
		ResolutionMS:   rapid.SampledFrom([]int64{1, 1000}).Draw(t, "resolution"),
		ProducerSkewMS: rapid.Int64Range(-10*minute, 10*minute).Draw(t, "producer's clock"),
		ConsumerSkewMS: rapid.Int64Range(-10*minute, 10*minute).Draw(t, "consumers' clock"),
		TraceOffered:   sometimes(t, "traces", 85), TraceFails: sometimes(t, "trace fails", 10), ByKey: sometimes(t, "by key", 30),
		Subscriptions: yes("subscriptions"), Positions: yes("positions"), Partition: yes("partition"), Max: yes("maximum told"),
		Invisible: yes("invisible told"), Mode: yes("mode told"), Numbers: yes("numbers"), Receipts: yes("receipts"),
		Retention: yes("retention told"), TagShown: yes("tag told"), DeadLetters: yes("dead letters"),
		Backlog: sometimes(t, "backlog only", 30), Standings: sometimes(t, "standings", 30),
	}
	l.Told.Window = rapid.SampledFrom([]trail.Window{
		{}, {FromMS: l.Now - 10*day, ToMS: l.Now}, {FromMS: l.Now - l.RetentionMS}, {FromMS: l.Now - 2*hour, ToMS: l.Now}, {FromMS: l.Now - 5*day, ToMS: l.Now - 30*hour},
	}).Draw(t, "window")
	if sometimes(t, "cut off", 15) {
		l.Told.Incomplete = []string{"Only 5 pages were read."}
	}
	steps := len(l.Events())
	some := func(label string, percent int) (those []int) {
		for i := range steps {
			if sometimes(t, label, percent) {
				those = append(those, i)
			}
		}
		return those
	}
	l.Told.Odd, l.Told.Twice = some("odd", 5), some("twice", 5)
	if sometimes(t, "recording", 50) {
		recording := true
		l.Told.Recording = &recording
	}
	if l.Told.Recording == nil || len(l.Told.Incomplete) > 0 {
		l.Told.Lost = some("lost", 25)
	}
}
