package kafka

import "time"

// The branch has a message for each thing that Kafka can tell of one, by an order's number.

var branchParcels = []parcel{
	{"orders", "order-7501", `{"order":"order-7501","step":"created","total":"31.00"}`, 26 * time.Hour},
	{"stocktakes", "order-7504", `{"order":"order-7504","step":"counted"}`, 50 * time.Minute},
	{"orders", "order-7502", `{"order":"order-7502","step":"created","total":"64.00"}`, 4 * time.Minute},
	{"orders", "order-7503", `{"order":"order-7503","step":"created","total":"2.50"}`, 2 * time.Minute},
}

// waiting are the messages that each group of the branch has not got to.
var waiting = []struct {
	group, description string
	keys               map[string]bool
	members            []member
}{
	{"billing", "charges and refunds", nil, []member{{"billing-1-91aa", "billing-1", "/192.168.72.21"}}},
	{"warehouse", "packs and sends", map[string]bool{"order-7502": true}, []member{{"warehouse-1-02bd", "warehouse-1", "/192.168.72.31"}}},
	{"mailer", "writes to customers; has just stopped", map[string]bool{"order-7503": true}, nil},
}

func (i *instance) fillBranch(now time.Time) {
	orders := i.addTopic("orders", 3, 3)
	i.addTopic("stocktakes", 1, 3)
	for _, p := range orders.partitions {
		p.first = 700
	}
	for _, p := range branchParcels {
		t := i.topic(p.topic)
		t.append(t.choose(p.key), p.key, p.value, now.Add(-p.age))
	}
	for _, desk := range waiting {
		g := i.addGroup(desk.group, desk.description, i.created)
		g.topics, g.members = []string{orders.name}, desk.members
		offsets := g.committed(orders)
		for n, p := range orders.partitions {
			for _, m := range p.messages {
				if desk.keys[m.Key] {
					offsets[n] = min(offsets[n], m.Offset)
				}
			}
		}
	}
}
