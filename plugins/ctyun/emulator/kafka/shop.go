package kafka

import (
	"time"
)

// The instances at the start. Those after the shop's are there to be changed, destroyed and given up.
var instances = []struct {
	id, name string
	nodes    int
}{
	{"c3f1a90b5d7e4c18a2b64d0e9f71c835", "shop-events", 3},
	{"c3f1a90b5d7e4c18a2b64d0e9f71c836", "staging-events", 5},
	{"c3f1a90b5d7e4c18a2b64d0e9f71c837", "retired-events", 3},
	{"c3f1a90b5d7e4c18a2b64d0e9f71c838", "trial-events", 3},
	{"c3f1a90b5d7e4c18a2b64d0e9f71c839", "branch-events", 3},
}

// shelves are the shop's topics.
var shelves = []struct {
	name, remark string
	partitions   int
	first        int64
}{
	{"orders", "an event a step of an order", 3, 10410},
	{"payments", "what the bank said", 3, 5200},
	{"shipments", "parcels on their way", 2, 3100},
	{"newsletter", "no longer sent", 1, 0},
	{"surveys", "no longer sent", 1, 0},
	{"polls", "no longer sent", 1, 0},
}

// desks are the shop's consumer groups: what they read, how many of the newest messages of each partition they have
// not got to, and who is online.
var desks = []struct {
	name, description string
	topics            []string
	behind            int64
	members           []member
}{
	{"billing", "charges and refunds", []string{"orders", "payments"}, 0, []member{{"billing-1-8a3f", "billing-1", "/192.168.71.21"}, {"billing-2-77d0", "billing-2", "/192.168.71.22"}}},
	{"warehouse", "packs and sends", []string{"orders", "shipments"}, 1, []member{{"warehouse-1-b21c", "warehouse-1", "/192.168.71.31"}}},
	{"mailer", "writes to customers; stopped for now", []string{"orders", "shipments"}, 2, nil},
	{"audit", "no longer used", nil, 0, nil},
	{"reports", "no longer used", nil, 0, nil},
	{"exports", "no longer used", nil, 0, nil},
}

// parcel is a message of the shop's.
type parcel struct {
	topic, key, value string
	age               time.Duration // since it was sent
}

var parcels = []parcel{
	{"orders", "order-1001", `{"order":"order-1001","step":"created","customer":"c-17","total":"249.00"}`, 26 * time.Hour},
	{"payments", "order-1001", `{"payment":"pay-9001","order":"order-1001","step":"captured","amount":"249.00"}`, 25 * time.Hour},
	{"orders", "order-1002", `{"order":"order-1002","step":"created","customer":"c-20","total":"18.50"}`, 25 * time.Hour},
	{"payments", "order-1002", `{"payment":"pay-9002","order":"order-1002","step":"captured","amount":"18.50"}`, 24 * time.Hour},
	{"orders", "order-1003", `{"order":"order-1003","step":"created","customer":"c-99","total":"-1"}`, 24 * time.Hour},
	{"shipments", "order-1001", `{"box":"box-501","order":"order-1001","step":"sent","carrier":"sea"}`, 5 * time.Hour},
	{"orders", "order-1004", `{"order":"order-1004","step":"created","customer":"c-17","total":"77.00"}`, 3 * time.Hour},
	{"orders", "order-1002", `{"order":"order-1002","step":"cancelled","reason":"changed mind"}`, 2 * time.Hour},
	{"payments", "order-1004", `{"payment":"pay-9003","order":"order-1004","step":"declined","amount":"77.00"}`, 2 * time.Hour},
	{"shipments", "order-1004", `{"box":"box-502","order":"order-1004","step":"packed","carrier":"road"}`, 20 * time.Minute},
	{"orders", "order-1005", `{"order":"order-1005","step":"created","customer":"c-31","total":"5.20"}`, 4 * time.Minute},
}

func (s *Service) open() {
	for _, one := range instances {
		s.instances = append(s.instances, s.newInstance(one.id, one.name, one.nodes))
	}
	shop, staging := s.instances[0], s.instances[1]
	shop.fill(s.now())
	shop.nodes[0].public = "203.0.113.10"
	staging.addTopic("orders", 3, 3)
	s.instances[4].fillBranch(s.now())
	s.label("team-billing", resource{"TOPIC", "payments", shop.id})
	s.label("seasonal", resource{"TOPIC", "shipments", shop.id})
}

func (i *instance) fill(now time.Time) {
	for _, shelf := range shelves {
		t := i.addTopic(shelf.name, shelf.partitions, 3)
		t.remark = shelf.remark
		for _, p := range t.partitions {
			p.first = shelf.first
		}
	}
	for _, p := range parcels {
		t := i.topic(p.topic)
		t.append(t.choose(p.key), p.key, p.value, now.Add(-p.age))
	}
	for _, desk := range desks {
		g := i.addGroup(desk.name, desk.description, i.created)
		g.topics, g.members = append(g.topics, desk.topics...), desk.members
		for _, name := range desk.topics {
			for n, p := range i.topic(name).partitions {
				g.committed(i.topic(name))[n] = max(p.first, p.end()-desk.behind)
			}
		}
	}
	i.admit()
}

// admit adds users with their rights, limits and a drill that runs.
func (i *instance) admit() {
	app := i.addUser("shop-app", "sends everything", i.created)
	app.writes = []string{"orders", "payments", "shipments"}
	biller := i.addUser("biller", "reads for billing", i.created)
	biller.reads = []string{"orders", "payments"}
	i.addUser("intern", "no longer here", i.created)
	i.rules = []rule{{"biller", "GROUP", "billing", "READ"}, {"biller", "TOPIC", "orders", "READ"}}
	i.policies = []*policy{{Name: "readers"}, {Name: "old-readers"}}
	i.broker = &limit{Producers: 104857600, Consumers: 209715200}
	i.limits = []*limit{
		{Topic: "orders", Producers: 10485760, Consumers: 20971520}, {Topic: "shipments", Producers: 1048576},
		{User: "shop-app", Client: "shop-app-1", Producers: 10485760}, {User: "intern", DefaultClient: true, Producers: 1048576},
	}
	i.inject("cpu-fullload", i.changed).request = request{CPU: 80, Duration: 60}
}
