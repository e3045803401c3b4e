package emulator

import (
	"encoding/json"
	"time"
)

// The instances that calls can name: the shop's, its stand-in, one that nobody needs any more, and those of the vendor's
// documented samples.
const (
	shopInstance    = "rmq-cn-shop0hz0001"
	standbyInstance = "rmq-cn-shop0hz0002"
	retiredInstance = "rmq-cn-shop0hz0009"
	traceInstance   = "rmq-cn-zvp2vtypu05"
	planInstance    = "rmq-cn-7e22ody****"
)

// day is a unit for the ages of things.
const day = 24 * time.Hour

// fill gives the account what it has at the start: a small shop with orders, payments and shipments.
func (c *cloud) fill() {
	shop := c.newInstance(shopInstance, "shop", 200*day)
	shop.tags = []tag{{"env", "prod"}, {"team", "shop"}}
	shop.whitelist = []string{"10.0.0.0/8", "192.168.0.0/16", "203.0.113.7"}
	c.fillAccounts(shop)
	for _, t := range []*topic{
		{Name: "orders", Type: normal, Remark: "Every order, when it is placed."},
		{Name: "payments", Type: transaction, Remark: "Payments, with the shop's own transaction."},
		{Name: "shipments", Type: fifo, Remark: "Parcels; in order for each order."},
		{Name: "reminders", Type: delay, Remark: "Reminders to pay, sent later."},
		{Name: "DLQ_mailer", Type: normal, Remark: "What mailer gave up on."},
		{Name: "samples", Type: normal, Remark: "One message that stays, for examples."},
		{Name: "old-orders", Type: normal, Remark: "Nobody uses it any more."},
	} {
		c.addTopic(shop, t)
	}
	c.addGroup(shop, "billing", concurrently, 2, reads("orders"), reads("payments"))
	c.addGroup(shop, "warehouse", concurrently, 1, behind(7*time.Minute, reads("orders")), reads("shipments"))
	mailer := c.addGroup(shop, "mailer", concurrently, 1, reads("orders"), reads("shipments"), reads("reminders"), reads("samples"))
	mailer.Retry.Max, mailer.Retry.DeadTo = 3, "DLQ_mailer"
	c.addGroup(shop, "courier", orderly, 1, reads("shipments"))
	c.addGroup(shop, "reporting", concurrently, 0, behind(3*time.Hour, reads("orders")), behind(3*time.Hour, reads("payments")))
	c.addGroup(shop, "old-billing", concurrently, 0)

	standby := c.newInstance(standbyInstance, "shop-standby", 90*day)
	standby.tags = []tag{{"env", "prod"}, {"until", "the-move"}}
	for _, t := range []*topic{{Name: "orders", Type: normal}, {Name: "payments", Type: transaction}, {Name: "shipments", Type: fifo}} {
		c.addTopic(standby, t)
	}
	c.addGroup(standby, "billing", concurrently, 1, behind(time.Minute, reads("orders")), behind(3*time.Hour, reads("payments")))
	c.addGroup(standby, "warehouse", concurrently, 0, behind(8*time.Minute, reads("orders")))
	c.addGroup(standby, "courier", orderly, 0, behind(2*time.Hour, reads("shipments")))

	c.newInstance(retiredInstance, "shop-retired", 400*day)
	c.addTopic(c.newInstance(traceInstance, "trace-sample", 900*day), &topic{Name: "linkedcare-image", Type: normal})
	plans := c.newInstance(planInstance, "plan-sample", 900*day)
	c.addTopic(plans, &topic{Name: "topic_test", Type: normal})
	c.addGroup(plans, "GID_TEST", concurrently, 0, reads("topic_test"))

	c.fillSouth()
	c.fillMessages()
	c.fillPlans()
	c.fillMigrations()
}

func (c *cloud) newInstance(id, name string, age time.Duration) *instance {
	i := &instance{
		id: id, name: name, resourceGroup: resourceGroup, series: "standard", subSeries: "cluster_ha", payment: payAsYouGo,
		created: c.now().Add(-age), updated: c.now().Add(-age), ready: c.now().Add(-age), retention: 72, sendRatio: 0.5,
	}
	i.accounts = []*account{{
		Instance: id, Region: region, Name: "default-" + name, Password: "sandbox-password", Status: enabled, Type: defaultAccount,
	}}
	c.instances = append(c.instances, i)
	return i
}

func (c *cloud) fillAccounts(i *instance) {
	for _, name := range []string{"shop-producer", "shop-consumer", "auditor", "former-colleague"} {
		i.accounts = append(i.accounts, &account{
			Instance: i.id, Region: region, Name: name, Password: "sandbox-password", Status: enabled, Type: customAccount,
		})
	}
	for _, r := range []rule{
		{User: "shop-producer", ResourceType: "Topic", Resource: "orders", Actions: []string{"Pub"}, Decision: "Allow"},
		{User: "shop-consumer", ResourceType: "Topic", Resource: "orders", Actions: []string{"Sub"}, Decision: "Allow"},
		{User: "shop-consumer", ResourceType: "Group", Resource: "billing", Actions: []string{"Sub"}, Decision: "Allow"},
		{User: "auditor", ResourceType: "Topic", Resource: "orders", Actions: []string{"Sub"}, Decision: "Allow"},
		{User: "auditor", ResourceType: "Topic", Resource: "payments", Actions: []string{"Pub"}, Decision: "Deny"},
	} {
		r.Instance, r.Region, r.Type, r.Addresses = i.id, region, "APACHE", []string{"10.0.0.0/8"}
		i.rules = append(i.rules, &r)
	}
}

func (c *cloud) addTopic(i *instance, t *topic) {
	t.Instance, t.Region, t.Status, t.MaxSendTPS = i.id, region, "RUNNING", 1000
	t.Created, t.Updated = stamp{i.created.Add(time.Hour)}, stamp{i.created.Add(time.Hour)}
	i.topics = append(i.topics, t)
}

// reading is a subscription of the shop's, and how far the group is behind.
type reading struct {
	topic  string
	behind time.Duration
}

func reads(topic string) reading { return reading{topic: topic} }

func behind(by time.Duration, of reading) reading {
	of.behind = by
	return of
}

// addGroup adds a group with so many clients; with none it is offline.
func (c *cloud) addGroup(i *instance, id, order string, clients int, of ...reading) *group {
	at := stamp{i.created.Add(2 * time.Hour)}
	g := &group{
		Instance: i.id, Region: region, ID: id, Order: order, Model: clustering, MaxReceiveTPS: 1000, Status: "RUNNING",
		Retry: usualRetry(), Created: at, Updated: at,
	}
	for n := range clients {
		host := id + "-" + string(rune('a'+n))
		g.clients = append(g.clients, &client{ID: host + "@1@0@sandbox", Host: host, Address: consumerHost, Language: "JAVA", Version: "5.0.7", Model: clustering})
	}
	for _, r := range of {
		g.subscriptions = append(g.subscriptions, &subscription{group: g.ID, topic: r.topic, filter: "*", filterType: "TAG", position: c.now().Add(-r.behind)})
	}
	i.groups = append(i.groups, g)
	return g
}

func (c *cloud) fillPlans() {
	end := func(id, role string) map[string]any {
		return map[string]any{
			"instanceId": id, "instanceRole": role, "instanceType": "ALIYUN_ROCKETMQ", "regionId": region, "authType": "ACL_AUTH",
			"username": "replicator", "password": "sandbox-password", "networkType": "TCP_VPC", "consumerGroupId": "",
			"endpointUrl": id + "-vpc." + region + ".rmq.aliyuncs.com:8080", "vpcId": "vpc-shop000000000001", "vSwitchId": "vsw-shop000000000001",
			"securityGroupId": "sg-shop0000000000001", "messageProperty": map[string]any{"propertyKey": "replicated", "propertyValue": "true"},
		}
	}
	added := stamp{c.now().Add(-60 * day)}
	add := func(id int64, name, kind, source, target string, auto bool, items ...*item) {
		for _, i := range items {
			i.Plan, i.Ext, i.Created, i.Updated = id, map[string]string{}, added, added
			for _, side := range []string{source, target} {
				i.Topics = append(i.Topics, mapped{Instance: side, InstanceType: "ALIYUN_ROCKETMQ", Region: region, Topic: i.checkpoints[0].topic, Order: concurrently})
			}
		}
		c.plans = append(c.plans, &plan{
			ID: id, Name: name, Type: kind, Status: running, AutoSync: auto, Sync: true, Ends: []map[string]any{end(source, "ACTIVE"), end(target, "PASSIVE")},
			Ext: map[string]string{}, Created: added, Updated: added, items: items,
		})
	}
	point := func(id int64, topic, group string, age time.Duration) *checkpoint {
		return &checkpoint{id: id, topic: topic, group: group, synced: c.now().Add(-age)}
	}
	mapping := func(id int64, status string, points ...*checkpoint) *item {
		return &item{ID: id, Status: status, checkpoints: points}
	}

	add(1300000016, "plan-sample", oneWay, planInstance, standbyInstance, true, mapping(100070284, running, point(100080001, "topic_test", "GID_TEST", 5*time.Second)))
	add(1300000101, "shop-to-standby", oneWay, shopInstance, standbyInstance, true,
		mapping(100070301, running, point(100080301, "orders", "billing", 5*time.Second), point(100080302, "orders", "warehouse", 5*time.Second)),
		mapping(100070302, running, point(100080303, "payments", "billing", time.Hour)),
		mapping(100070303, stopped, point(100080304, "shipments", "courier", 26*time.Hour)))
	add(1300000102, "shop-both-ways", twoWay, shopInstance, standbyInstance, false,
		mapping(100070304, running, point(100080305, "payments", "billing", 2*time.Hour)),
		mapping(100070305, stopped, point(100080306, "shipments", "courier", 48*time.Hour)))
	add(1300000103, "old-plan", oneWay, retiredInstance, standbyInstance, false)

	stuck := func(p *checkpoint) *checkpoint {
		p.stuck = true
		return p
	}
	south := func(id int64, name, status string, p *checkpoint) {
		add(id, name, oneWay, southInstance, southStandbyInstance, true, mapping(id-1200000000+70200, status, p))
	}
	south(1300000111, "stock-fine", running, point(100080311, "stock", "counting", 5*time.Second))
	south(1300000112, "stock-lagging", running, point(100080312, "stock", "pricing", 5*time.Second))
	south(1300000113, "stock-ahead", running, point(100080313, "stock", "ordering", 5*time.Second))
	south(1300000114, "stock-stopped", stopped, point(100080314, "stock", "returns", 3*time.Hour))
	south(1300000115, "stock-stale", running, stuck(point(100080315, "stock", "forecast", 20*time.Minute)))
	south(1300000116, "stock-new", running, stuck(&checkpoint{id: 100080316, topic: "stock", group: "newcomer"}))
}

func (c *cloud) fillMigrations() {
	began := stamp{c.now().Add(-2 * day)}
	add := func(id int64, name, kind, at string, steps ...*step) {
		for _, s := range steps {
			s.Migration, s.Created, s.Updated = id, began, began
			s.Param, s.Result = json.RawMessage(`{"paramData":{}}`), map[string]any{"resultData": nil}
		}
		c.migrations = append(c.migrations, &migration{
			ID: id, Name: name, Type: kind, Status: "MIGRATING", Stage: stage{Type: at, Status: "DOING", Data: map[string]any{}},
			Source: map[string]any{"sourceType": "EXTERNAL_INSTANCE", "sourceData": map[string]any{}},
			Target: map[string]any{"targetType": "INTERNAL_INSTANCE", "targetData": map[string]any{"instanceId": shopInstance}},
			User:   userID, Created: began, Updated: began, group: resourceGroup, steps: steps,
		})
	}
	todo := func(id int64, stage, kind, key string) *step {
		return &step{ID: id, Stage: stage, Type: kind, Key: key, Status: "DOING", Business: "MIGRATE_WAIT"}
	}
	add(21, "warehouse-import", "RESOURCE_IMPORT", "MIGRATE_METADATA",
		todo(110, "MIGRATE_METADATA", "IMPORT_CONSUMER_GROUP", "stocktaking"),
		todo(111, "MIGRATE_METADATA", "IMPORT_CONSUMER_GROUP", "returns-desk"))
	add(22, "shop-move", "INSTANCE_MIGRATION", "CONNECT_NETWORK", todo(120, "CONNECT_NETWORK", "CONNECT_NETWORK", "shop"))
}
