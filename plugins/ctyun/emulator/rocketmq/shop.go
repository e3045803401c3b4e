package rocketmq

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The broker that every instance has, where it is, and the application that sends.
const (
	broker        = "broker-a"
	brokerAddress = "192.168.71.188:8422"
	branchAddress = "192.168.72.188:8422"
	producers     = "shop-producers"
	bornHost      = "192.168.71.1:55492"
)

// firstInstance is the id of the documented sample, which the shop's instance has.
const firstInstance int64 = 70687660456281088

// shop is the account at the start. Instances after the first are there to be ordered for, renamed, given up and
// destroyed.
func (s *Service) shop() []*instance {
	names := []string{"shop", "staging", "loadtest", "retired", "branch"}
	instances := make([]*instance, len(names))
	for n, name := range names {
		instances[n] = s.newInstance(strconv.FormatInt(firstInstance+16*int64(n), 10), name)
	}
	instances[3].state = unsubscribed
	instances[0].open(shelves, desks)
	instances[0].storeSample()
	instances[0].fill(parcels, 0, s.now())
	instances[4].address = branchAddress // else ids of its messages would be those of the shop's
	instances[4].open(branchShelves, branchDesks)
	instances[4].fill(branchParcels, len(parcels), s.now())
	return instances
}

func (s *Service) newInstance(id, name string) *instance {
	now := s.now()
	return &instance{
		id: id, name: name, address: brokerAddress, state: running, nodes: 3, disk: 300, cpu: 4, memory: 8,
		created: now.AddDate(0, -6, 0), until: now.AddDate(0, 6, 0), changed: now.AddDate(0, -1, 0), log: log{next: 17918},
	}
}

// shelf is a topic, and the offset of the first message in each of its queues.
type shelf struct {
	name   string
	remark string
	queues int
	first  int64
}

// desk is a consumer group: what it takes, and who is online.
type desk struct {
	name    string
	remark  string
	filters map[string]string
	clients []client
	// retries is how often it tries again; 0 for the usual number.
	retries   int
	broadcast bool
}

// shelves are the shop's topics. The documented sample's message has offset 7 in its queue.
var shelves = []shelf{
	{"test", "the documented sample", 4, 7},
	{"orders", "an event a step of an order", 4, 10410},
	{"payments", "what the bank said", 4, 5200},
	{"shipments", "parcels on their way", 2, 3100},
	{"newsletter", "no longer sent", 2, 0},
	{"surveys", "no longer sent", 2, 0},
}

// desks are the shop's consumer groups.
var desks = []desk{
	{name: "test_group", remark: "reads the documented sample", filters: map[string]string{"test": "*"}},
	{name: "billing", remark: "charges and refunds", filters: map[string]string{"orders": "created || cancelled", "payments": "*"},
		clients: []client{{"192.168.71.21@4711#0", "192.168.71.21:40112", "JAVA", 437}, {"192.168.71.22@4711#0", "192.168.71.22:40118", "JAVA", 437}}},
	{name: "warehouse", remark: "packs and sends", filters: map[string]string{"orders": "*", "shipments": "*"},
		clients: []client{{"192.168.71.31@812#0", "192.168.71.31:51220", "GO", 437}}},
	{name: "mailer", remark: "writes to customers; stopped for now", filters: map[string]string{"orders": "*", "shipments": "*"}},
	{name: "audit", remark: "no longer used"},
	{name: "reports", remark: "no longer used"},
}

// parcel is a message of the shop's. Adding one at the end leaves the ids of the others as they are.
type parcel struct {
	topic, keys, tag, body string
	age                    time.Duration // since it was sent
	handled                []handling
}

// handling is what one group made of a parcel: failures, then at most one success. The group has not got to a parcel
// without one.
type handling struct {
	group    string
	after    time.Duration // since it was stored, to the first attempt
	failures int
	success  bool
	// twice: a second client consumed it too, for the first one's acknowledgement was lost.
	twice bool
	// lost: after the last failure no dead letter was stored.
	lost bool
	// skipped: the group's position was moved past it.
	skipped bool
	// word is the trace's for the last attempt, instead of the usual one; "null" for none.
	word string
}

func ok(group string) handling {
	return handling{group: group, after: 30 * time.Millisecond, success: true}
}

func okAfter(group string, failures int) handling {
	return handling{group: group, after: 30 * time.Millisecond, failures: failures, success: true}
}

func gaveUp(group string) handling {
	return handling{group: group, after: 30 * time.Millisecond, failures: 17}
}

var parcels = []parcel{
	{"orders", "order-1001", "created", `{"order":"order-1001","customer":"c-17","total":"249.00"}`, 26 * time.Hour, []handling{ok("billing"), ok("warehouse"), ok("mailer")}},
	{"payments", "order-1001 pay-9001", "captured", `{"payment":"pay-9001","order":"order-1001","amount":"249.00"}`, 25 * time.Hour, []handling{ok("billing")}},
	{"orders", "order-1002", "created", `{"order":"order-1002","customer":"c-20","total":"18.50"}`, 25 * time.Hour, []handling{okAfter("billing", 2), ok("warehouse"), ok("mailer")}},
	{"payments", "order-1002 pay-9002", "captured", `{"payment":"pay-9002","order":"order-1002","amount":"18.50"}`, 24 * time.Hour, []handling{ok("billing")}},
	{"orders", "order-1003", "created", `{"order":"order-1003","customer":"c-99","total":"-1"}`, 24 * time.Hour, []handling{gaveUp("billing"), ok("warehouse"), ok("mailer")}},
	{"shipments", "order-1001 box-501", "sent", `{"box":"box-501","order":"order-1001","carrier":"sea"}`, 5 * time.Hour, []handling{ok("warehouse")}},
	{"orders", "order-1004", "created", `{"order":"order-1004","customer":"c-17","total":"77.00"}`, 3 * time.Hour, []handling{ok("billing"), ok("warehouse")}},
	{"orders", "order-1002", "cancelled", `{"order":"order-1002","reason":"changed mind"}`, 2 * time.Hour, []handling{ok("billing"), ok("warehouse")}},
	{"payments", "order-1004 pay-9003", "declined", `{"payment":"pay-9003","order":"order-1004","amount":"77.00"}`, 2 * time.Hour, []handling{ok("billing")}},
	{"shipments", "order-1004 box-502", "packed", `{"box":"box-502","order":"order-1004","carrier":"road"}`, 20 * time.Minute, nil},
	{"orders", "order-1005", "created", `{"order":"order-1005","customer":"c-31","total":"5.20"}`, 4 * time.Minute, nil},
}

// retryDelays are the waits before the attempts after the first; the last repeats.
var retryDelays = []time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 4 * time.Minute, 5 * time.Minute,
	6 * time.Minute, 7 * time.Minute, 8 * time.Minute, 9 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
}

// open sets up topics and groups.
func (i *instance) open(shelves []shelf, desks []desk) {
	for _, shelf := range shelves {
		t := newTopic(shelf.name, shelf.queues)
		t.remark = shelf.remark
		for queue := range t.first {
			t.first[queue] = shelf.first
		}
		i.topics = append(i.topics, t)
	}
	for _, desk := range desks {
		g := i.addGroup(desk.name)
		g.remark, g.clients, g.broadcast = desk.remark, desk.clients, desk.broadcast
		if desk.retries > 0 {
			g.maxRetries = desk.retries
		}
		for name, filter := range desk.filters {
			g.filters[name] = filter
		}
	}
}

// fill stores parcels, numbered from a number on, and puts every group where they leave it.
func (i *instance) fill(parcels []parcel, number int, now time.Time) {
	for n, p := range parcels {
		i.send(p, now.Add(-p.age), number+n)
	}
	for _, g := range i.groups {
		for name := range g.filters {
			g.positions[name] = i.position(g, i.topic(name))
		}
	}
}

// send stores a parcel and what the groups made of it.
func (i *instance) send(p parcel, born time.Time, number int) {
	stored := born.Add(8 * time.Millisecond)
	m := i.store(i.topic(p.topic), &message{BornTimestamp: born.UnixMilli(), BornHost: bornHost, Body: p.body, Properties: map[string]string{
		"KEYS": p.keys, "TAGS": p.tag, "UNIQ_KEY": uniqueID(bornHost, born, number), "WAIT": "true",
	}}, stored)
	for _, h := range p.handled {
		i.handle(h, m, stored)
	}
}

// handle adds a group's attempts at a message. Those that are yet to come are there as well, and told when their time
// has come.
func (i *instance) handle(h handling, m *message, stored time.Time) {
	g, at := i.group(h.group), stored.Add(h.after)
	if h.skipped {
		m.skipped = append(m.skipped, g.name)
		return
	}
	for n := range h.failures {
		m.attempts = append(m.attempts, attempt{group: g.name, client: g.address(n), at: at, took: 35 * time.Millisecond})
		at = at.Add(retryDelays[min(n, len(retryDelays)-1)])
	}
	switch {
	case h.success:
		m.attempts = append(m.attempts, attempt{group: g.name, client: g.address(h.failures), at: at, took: 42 * time.Millisecond, ok: true, word: h.word})
		if h.twice {
			m.attempts = append(m.attempts, attempt{group: g.name, client: g.address(h.failures + 1), at: at.Add(40 * time.Second), took: 44 * time.Millisecond, ok: true})
		}
	case h.failures > g.maxRetries && !h.lost:
		i.bury(g, m)
	}
}

// address is that of the client that gets the nth attempt.
func (g *group) address(n int) string {
	if len(g.clients) == 0 {
		return "192.168.71.41:33870" // has gone since
	}
	return g.clients[n%len(g.clients)].Address
}

// position is where a group stands on a topic: in each queue before the first message that it takes and has not got
// to.
func (i *instance) position(g *group, t *topic) []int64 {
	offsets := i.log.ends(t)
	for _, m := range i.log.of(t.name) {
		if len(m.of(g.name)) == 0 && !slices.Contains(m.skipped, g.name) && takes(g.filters[t.name], m.Properties["TAGS"]) {
			offsets[m.QueueID] = min(offsets[m.QueueID], m.QueueOffset)
		}
	}
	return offsets
}

// storeSample stores the message of the documented sample, field for field. Its size is the documented one: it has
// properties that the sample does not show.
func (i *instance) storeSample() {
	i.log.messages = append(i.log.messages, &message{
		QueueID: 3, StoreSize: 485, QueueOffset: 7, BornTimestamp: 1661857434591, BornHost: bornHost, StoreTimestamp: 1661857434599,
		StoreHost: brokerAddress, MsgID: offsetID(brokerAddress, 17918), CommitLogOffset: 17918, BodyCRC: 979262990, Topic: "test",
		Properties: map[string]string{"KEYS": "test_key", "UNIQ_KEY": "050562443C7018B4AAC2996FB3DE0000"}, Body: sampleBody,
		attempts: []attempt{{group: "test_group", client: "192.168.71.41:33870", at: time.UnixMilli(1661857434640), took: 35 * time.Millisecond, ok: true}},
	})
	i.log.next = 17918 + 485
}

var sampleBody = strings.Join([]string{
	"D8SQN8VlDr1ZD4r4KVtse9Zczg5A9FA2nT7vu7LwLZ2w6oQnnXSmARpRJgHA8VJ6akEtHcm470kilKhE4pGgTKoXf5fF0kpz",
	"Lc3ek01dafpJsdyZgFjmk18RtqPdk68LVNZ6p5FuE0c8qMxDBZzMv462KdJtJC1FBbbeuKoBVtHb7wYf79uY4uKKZOE9l1dk",
	"LaV0dS4gQSCCQVcRNswNNRbcVZGFP2iYcsxAqkeTENxqhUOEvQm4kIAbbWl4cK9gOMpUnchJSpEd48gv9gcHHB5FGY0umLtb",
	"cUGDM3aR8mfjDEeWAjm8g4o3dl7ptwakDKVIDDTe",
}, "")
