package emulator

import "time"

// scenes are what the south's messages come to, one for each end.
func scenes() []scene {
	const order = `{"order":"%s","currency":"EUR","total":"19.90"}`
	plain := func(topic, key string, age time.Duration) sent {
		return sent{topic: topic, key: key, tag: "paid", body: order, age: age}
	}
	tagged := func(tag string, of sent) sent {
		of.tag = tag
		return of
	}
	later := func(after time.Duration, of sent) sent {
		of.after = after
		return of
	}
	hard := func(of sent, f failing) sent {
		of.failed = append(of.failed, f)
		return of
	}
	return []scene{
		{plain("orders", "order-7101", 30*time.Hour), nil},
		{hard(plain("orders", "order-7102", 28*time.Hour), failing{group: "billing", attempts: 2, every: 10 * time.Second}), nil},
		{plain("orders", "order-7103", 26*time.Hour), twice("warehouse")},
		{hard(plain("orders", "order-7104", 24*time.Hour), failing{group: "mailer", attempts: 4, every: 30 * time.Second, gaveUp: true}), nil},
		{hard(plain("orders", "order-7105", 22*time.Hour), failing{group: "billing", attempts: 6, every: time.Minute, gaveUp: true}), nil},
		{plain("orders", "order-7106", 95*time.Minute), struggling("warehouse", pace, false)},
		{plain("orders", "order-7107", 150*time.Minute), struggling("warehouse", 6*time.Hour, true)},
		{plain("orders", "order-7108", 2*time.Hour), delivered("courier", "")},
		{plain("orders", "order-7109", 20*time.Minute), nil},
		{plain("orders", "order-7110", 20*time.Hour), delivered("billing", "PARKED", acked)},
		{plain("orders", "order-7111", 18*time.Hour), delivered("mailer", "", acked)},
		{tagged("created", plain("orders", "order-7112", 16*time.Hour)), nil},
		{plain("orders", "order-7113", 14*time.Hour), unsent},
		{plain("parcels", "order-7114", 30*time.Minute), nil},
		{plain("parcels", "order-7115", 3*time.Hour), nil},
		{plain("prices", "order-7116", 5*time.Hour), nil},
		{plain("drafts", "order-7117", 6*time.Hour), nil},
		{plain("payments", "order-7118", 4*time.Hour), ended("ROLLBACK")},
		{plain("payments", "order-7119", 15*time.Minute), open},
		{plain("payments", "order-7120", 5*time.Hour), ended("COMMIT")},
		{later(24*time.Hour, plain("reminders", "order-7121", time.Hour)), nil},
		{later(150*time.Minute, plain("reminders", "order-7122", 3*time.Hour)), stick},
		{later(20*time.Hour, plain("reminders", "order-7123", 2*time.Hour)), recalled("RECALL_OK", 10*time.Minute)},
		{later(time.Hour, plain("reminders", "order-7124", 10*time.Hour)), recalled("RECALL_FAIL", 2*time.Hour)},
	}
}

func (i *instance) must(id string) *group {
	g, _ := find(i.groups, func(g *group) bool { return g.ID == id })
	return g
}

// twice: two consumers of a group handled it.
func twice(group string) func(*cloud, *instance, *message) {
	return func(_ *cloud, i *instance, m *message) {
		g := i.must(group)
		m.consume(g, g.clients[0], m.available().Add(consumerDelay))
		m.consume(g, g.clients[0], m.available().Add(5*time.Minute))
	}
}

func struggling(group string, every time.Duration, hangs bool) func(*cloud, *instance, *message) {
	return func(_ *cloud, i *instance, m *message) {
		m.struggles = append(m.struggles, struggle{group: i.must(group), first: m.available().Add(consumerDelay), every: every, hangs: hangs})
	}
}

// delivered: a consumer got it, and this is all that is known of how that ended.
func delivered(group, status string, done ...string) func(*cloud, *instance, *message) {
	return func(_ *cloud, i *instance, m *message) {
		at := m.available().Add(consumerDelay)
		var events []event
		for _, kind := range done {
			events = append(events, event{kind: kind, at: at.Add(2 * time.Second)})
		}
		m.attempt(i.must(group), consumerHost, status, at, events...)
	}
}

// unsent: the producer tried twice, and no broker took it.
func unsent(_ *cloud, _ *instance, m *message) {
	m.withheld, m.stored, m.storeHost, m.broker.events = true, time.Time{}, "", nil
	again := m.produced[0]
	again.at = again.at.Add(3 * time.Second)
	m.produced = append(m.produced, again)
	for n := range m.produced {
		m.produced[n].status, m.produced[n].took = failed, 3*time.Second
	}
}

// ended: the producer decided about its transaction. The words are assumed.
func ended(how string) func(*cloud, *instance, *message) {
	return func(_ *cloud, _ *instance, m *message) {
		m.uncommitted = how != "COMMIT"
		m.broker.events = append(m.broker.events, event{kind: how, at: m.stored.Add(2 * time.Second)})
	}
}

// open: the producer has not decided yet.
func open(_ *cloud, _ *instance, m *message) { m.uncommitted = true }

// stick: the broker does not let go of what is due.
func stick(_ *cloud, _ *instance, m *message) { m.withheld = true }

// recalled: the producer wanted it back some time after it was sent.
func recalled(result string, after time.Duration) func(*cloud, *instance, *message) {
	return func(_ *cloud, _ *instance, m *message) {
		at := m.born.Add(after)
		m.withheld, m.broker.recallResult = result == "RECALL_OK", result
		m.produced = append(m.produced, production{user: "shop-producer", host: producerHost, at: at, took: 4 * time.Millisecond, status: succeeded, source: "recall", recalled: at})
	}
}
