package emulator

import (
	"fmt"
	"time"
)

// The shop's second house, where things go wrong, and its stand-in.
const (
	southInstance        = "rmq-cn-shop0hz0003"
	southStandbyInstance = "rmq-cn-shop0hz0004"
)

// fillSouth adds instances whose messages come to every end that there is.
func (c *cloud) fillSouth() {
	south := c.newInstance(southInstance, "south", 150*day)
	for _, t := range []*topic{
		{Name: "orders", Type: normal, Remark: "Every order of the south, when it is placed."},
		{Name: "payments", Type: transaction, Remark: "Payments, with the shop's own transaction."},
		{Name: "reminders", Type: delay, Remark: "Reminders to pay, sent later."},
		{Name: "parcels", Type: normal, Remark: "Parcels that leave the house."},
		{Name: "prices", Type: normal, Remark: "New prices, for every cash desk."},
		{Name: "drafts", Type: normal, Remark: "Nobody reads them yet."},
		{Name: "stock", Type: normal, Remark: "What is on the shelves; copied to the stand-in."},
		{Name: "DLQ_mailer", Type: normal, Remark: "What mailer gave up on."},
	} {
		c.addTopic(south, t)
	}
	billing := c.addGroup(south, "billing", concurrently, 2, reads("orders"), reads("payments"))
	billing.Retry.Max = 5 // and no dead-letter topic: what fails six times is dropped
	mailer := c.addGroup(south, "mailer", concurrently, 1, reads("orders"), reads("reminders"))
	mailer.Retry.Max, mailer.Retry.DeadTo = 3, "DLQ_mailer"
	halfHour := int(pace / time.Second)
	c.addGroup(south, "warehouse", concurrently, 1, reads("orders")).Retry = retryPolicy{Policy: "FixedRetryPolicy", Max: 100, Interval: &halfHour}
	c.addGroup(south, "analytics", concurrently, 1, reads("orders")).subscriptions[0].filter = "paid || refunded"
	c.addGroup(south, "courier", concurrently, 0, behind(time.Hour, reads("orders")))
	c.addGroup(south, "sorting", concurrently, 1, behind(45*time.Minute, reads("parcels")))
	c.addGroup(south, "ledger", concurrently, 1, reads("parcels")).subscriptions[0].silent = true
	desks := c.addGroup(south, "cash-desks", concurrently, 2, reads("prices"))
	desks.broadcast()

	standby := c.newInstance(southStandbyInstance, "south-standby", 90*day)
	c.addTopic(standby, &topic{Name: "stock", Type: normal})
	for _, g := range []struct {
		id             string
		source, target time.Duration // behind
	}{
		{"counting", 0, 2 * time.Minute},
		{"pricing", 0, 20 * time.Minute},
		{"ordering", 30 * time.Minute, 0},
		{"returns", 0, 3 * time.Minute},
		{"forecast", 0, 2 * time.Minute},
	} {
		c.addGroup(south, g.id, concurrently, 1, behind(g.source, reads("stock")))
		c.addGroup(standby, g.id, concurrently, 1, behind(g.target, reads("stock")))
	}
	c.addGroup(south, "newcomer", concurrently, 1, reads("stock"))
}

// pace is how long warehouse waits before it tries again.
const pace = 30 * time.Minute

// broadcast makes every client of the group get every message. The broker knows no progress of such a group then.
func (g *group) broadcast() {
	g.Model = "BROADCASTING"
	for _, c := range g.clients {
		c.Model = g.Model
	}
	for _, s := range g.subscriptions {
		s.silent, s.local = true, true
	}
}

// scene is a message of the south, and what becomes of it beyond being consumed by everybody.
type scene struct {
	sent
	then func(c *cloud, i *instance, m *message)
}

// fillSouthMessages stores the south's messages. Their keys are order-7101 and so on.
func (c *cloud) fillSouthMessages() {
	i, _ := find(c.instances, func(i *instance) bool { return i.id == southInstance })
	sequence := int64(7100)
	for _, s := range scenes() {
		sequence++
		s.instance = southInstance
		m := c.send(s.sent, 0, sequence)
		if s.then != nil {
			s.then(c, i, m)
		}
	}
	// The newest has not been copied yet.
	for n, instance := range []string{southInstance, southStandbyInstance} {
		for copied := range 120 - n {
			sequence++
			c.send(sent{
				instance: instance, topic: "stock", age: 2*time.Hour - time.Duration(n)*time.Second - time.Duration(copied)*time.Minute,
				key: fmt.Sprintf("STOCK-%d", 1+copied), tag: "counted", body: `{"item":"%s","left":7}`,
			}, 0, sequence)
		}
	}
}
