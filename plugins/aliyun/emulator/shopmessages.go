package emulator

import (
	"fmt"
	"slices"
	"time"
)

// sent is a message of the shop's, or several alike.
type sent struct {
	instance, topic string
	// age is how long ago it was sent; at, when it was sent, for one that never changes.
	age time.Duration
	at  time.Time
	// body has the key as %s. With copies, key has their number as %d.
	key, tag, body string
	group          string        // the order group
	after          time.Duration // of a scheduled message: when it is due
	copies         int
	every          time.Duration
	failed         []failing
}

// failing is a group that fails on a message, at first or for good.
type failing struct {
	group    string
	attempts int
	every    time.Duration
	// gaveUp: the message went to the group's dead-letter topic, or was dropped when it has none. Otherwise the attempt
	// after these succeeded.
	gaveUp bool
}

const (
	// firstOfMany is the number of the first of several messages alike.
	firstOfMany = 2001
	// consumerDelay is how long after a message is there the shop's consumers begin with it.
	consumerDelay = 200 * time.Millisecond
)

// messages are the shop's. Their times move with the clock that the sandbox starts at, and so do their ids; the first,
// of the topic samples, is always the same, so that an example can name it.
func messages() []sent {
	const order = `{"order":"%s","currency":"EUR","total":"49.90"}`
	const payment = `{"payment":"%s","method":"card","total":"49.90"}`
	const parcel = `{"order":"%s","parcel":1,"carrier":"by-bike"}`
	return []sent{
		{instance: shopInstance, topic: "samples", at: time.Date(2025, 6, 2, 10, 15, 30, 0, beijing()), key: "ORDER-EXAMPLE", tag: "created", body: order},
		{instance: shopInstance, topic: "orders", age: 26 * time.Hour, key: "ORDER-1001", tag: "created", body: order},
		{instance: shopInstance, topic: "orders", age: 25 * time.Hour, key: "ORDER-1001", tag: "paid", body: order},
		{instance: shopInstance, topic: "orders", age: 20 * time.Hour, key: "ORDER-1002", tag: "created", body: order,
			failed: []failing{{group: "billing", attempts: 2, every: 10 * time.Second}}},
		{instance: shopInstance, topic: "orders", age: 4 * time.Hour, key: "ORDER-1003", tag: "created", body: order,
			failed: []failing{{group: "mailer", attempts: 4, every: 30 * time.Second, gaveUp: true}}},
		{instance: shopInstance, topic: "orders", age: 10 * time.Minute, copies: 48, every: 12 * time.Second, key: "ORDER-%d", tag: "created", body: order},
		{instance: shopInstance, topic: "payments", age: 25 * time.Hour, key: "PAY-1001", tag: "captured", body: payment},
		{instance: shopInstance, topic: "payments", age: 2 * time.Hour, key: "PAY-1003", tag: "captured", body: payment},
		{instance: shopInstance, topic: "shipments", age: 24 * time.Hour, key: "ORDER-1001", tag: "packed", body: parcel, group: "ORDER-1001"},
		{instance: shopInstance, topic: "shipments", age: 22 * time.Hour, key: "ORDER-1001", tag: "handed-over", body: parcel, group: "ORDER-1001"},
		{instance: shopInstance, topic: "reminders", age: 24 * time.Hour, after: 23 * time.Hour, key: "ORDER-1002", tag: "pay", body: order},
		{instance: shopInstance, topic: "reminders", age: 2 * time.Hour, after: 24 * time.Hour, key: "ORDER-1003", tag: "pay", body: order},

		{instance: standbyInstance, topic: "orders", age: 26 * time.Hour, key: "ORDER-1001", tag: "created", body: order},
		{instance: standbyInstance, topic: "orders", age: 10*time.Minute - time.Second, copies: 48, every: 12 * time.Second, key: "ORDER-%d", tag: "created", body: order},
		{instance: standbyInstance, topic: "payments", age: 25 * time.Hour, key: "PAY-1001", tag: "captured", body: payment},
		{instance: standbyInstance, topic: "payments", age: 2*time.Hour - time.Second, key: "PAY-1003", tag: "captured", body: payment},
		{instance: standbyInstance, topic: "shipments", age: 24 * time.Hour, key: "ORDER-1001", tag: "packed", body: parcel, group: "ORDER-1001"},
		{instance: planInstance, topic: "topic_test", age: time.Hour, key: "TEST-1", tag: "test", body: order},
	}
}

// fillMessages stores the shop's messages and lets the groups consume those that they have come past.
func (c *cloud) fillMessages() {
	sequence := int64(0)
	for _, s := range messages() {
		for n := range max(1, s.copies) {
			sequence++
			c.send(s, n, sequence)
		}
	}
	c.fillSouthMessages()
	for _, i := range c.instances {
		for _, g := range i.groups {
			c.catchUp(i, g)
		}
		for _, t := range i.topics {
			slices.SortStableFunc(t.messages, func(a, b *message) int { return a.stored.Compare(b.stored) })
		}
	}
}

// send stores one of the shop's messages, the nth of those alike.
func (c *cloud) send(s sent, n int, sequence int64) *message {
	i, _ := find(c.instances, func(i *instance) bool { return i.id == s.instance })
	t, _ := find(i.topics, func(t *topic) bool { return t.Name == s.topic })
	born := s.at
	if born.IsZero() {
		born = c.now().Add(-s.age + time.Duration(n)*s.every)
	}
	key := s.key
	if s.copies > 0 {
		key = fmt.Sprintf(s.key, firstOfMany+n)
	}
	m := &message{
		id: messageID(born, sequence), topic: t.Name, body: fmt.Sprintf(s.body, key), tag: s.tag, keys: []string{key}, kind: t.Type, group: s.group,
		properties: map[string]string{"shop": "main"}, born: born, stored: born.Add(5 * time.Millisecond), bornHost: producerHost, storeHost: brokerHost,
		produced: []production{{user: "shop-producer", host: producerHost, at: born, took: 5 * time.Millisecond, status: succeeded, source: "SDK"}},
	}
	m.broker.events = []event{{kind: added, at: m.stored}}
	if t.Type == transaction {
		m.transaction = m.id
	}
	if s.after > 0 {
		m.due = born.Add(s.after)
	}
	for _, f := range s.failed {
		c.fail(i, m, f)
	}
	t.messages = append(t.messages, m)
	return m
}

// fail records a group's attempts that came to nothing.
func (c *cloud) fail(i *instance, m *message, f failing) {
	g, _ := find(i.groups, func(g *group) bool { return g.ID == f.group })
	for n := range f.attempts {
		at := m.available().Add(consumerDelay + time.Duration(n)*f.every)
		given := f.gaveUp && n == f.attempts-1
		of := m.attempt(g, consumerHost, failed, at, event{kind: changedInvisible, at: at.Add(time.Second), invisible: f.every, dead: given && g.Retry.DeadTo != ""})
		if given && g.Retry.DeadTo != "" {
			of.dead = c.bury(i, m, g, at.Add(time.Second))
		}
	}
	if !f.gaveUp {
		m.consume(g, g.clients[0], m.available().Add(consumerDelay+time.Duration(f.attempts)*f.every))
	}
}

// bury stores a dead-letter copy of a message: a message of its own, made by the broker.
func (c *cloud) bury(i *instance, m *message, g *group, at time.Time) *deadLetter {
	t, _ := find(i.topics, func(t *topic) bool { return t.Name == g.Retry.DeadTo })
	dead := *m
	dead.id, dead.topic, dead.kind = messageID(at, c.next()), t.Name, t.Type
	dead.born, dead.stored, dead.bornHost, dead.consumed = at, at, brokerHost, nil
	dead.broker.events = []event{{kind: added, at: at}}
	dead.produced = []production{{host: brokerHost, at: at, status: succeeded, source: "DLQ", originTopic: m.topic, originID: m.id}}
	t.messages = append(t.messages, &dead)
	return &deadLetter{t.Name, dead.id, stamp{at}}
}

// catchUp lets a group consume what its positions say that it has.
func (c *cloud) catchUp(i *instance, g *group) {
	for _, s := range g.subscriptions {
		t, _ := find(i.topics, func(t *topic) bool { return t.Name == s.topic })
		for _, m := range t.messages {
			_, acted := find(m.consumed, func(of *consumption) bool { return of.group == g.ID })
			struggling := slices.ContainsFunc(m.struggles, func(st struggle) bool { return st.group == g })
			if m.available().After(s.position) || !s.wants(m) || !m.deliverable(c.now()) || struggling {
				continue
			}
			at := m.available().Add(consumerDelay)
			if !acted && !s.silent {
				m.attempt(g, consumerHost, succeeded, at, event{kind: acked, at: at.Add(20 * time.Millisecond)})
			}
			if at.After(s.last) {
				s.last = at
			}
		}
	}
}
