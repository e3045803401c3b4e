package emulator

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// maxRocketGroups is the instance's.
const maxRocketGroups = 4000

// rocketGroup is a consumer group.
type rocketGroup struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Broadcast   bool           `json:"broadcast"`
	Stopped     bool           `json:"stopped"`
	Orderly     bool           `json:"orderly"`
	Retries     int64          `json:"retries"`
	Age         age            `json:"age"`
	Clients     []rocketClient `json:"clients"`
	// Subscriptions are the topics that clients read, each with an expression over tags.
	Subscriptions map[string]string `json:"subscriptions"`
	// Lag is how far the group is behind, by topic and queue.
	Lag map[string][]int64 `json:"lag"`

	created   int64
	positions map[string][]int64
}

// rocketClient is a consumer that is connected.
type rocketClient struct {
	ID      string `json:"id"`
	Address string `json:"address"`
}

func (g *rocketGroup) key() string { return g.Name }

func (g *rocketGroup) begin(now time.Time, r *rocketmq) error {
	g.created, g.positions = g.Age.milliseconds(now), map[string][]int64{}
	if g.Retries == 0 {
		g.Retries = maxRetries
	}
	for name, lags := range g.Lag {
		topic, known := lookUp(r.Topics, name)
		if !known || len(lags) != len(topic.queues) {
			return fmt.Errorf("group %s has another number of queues of %s", g.Name, name)
		}
		for i, lag := range lags {
			g.positions[name] = append(g.positions[name], topic.queues[i].end()-lag)
		}
	}
	return nil
}

func (g *rocketGroup) view(r *rocketmq) object {
	return object{
		"name": g.Name, "group_desc": g.Description, "enabled": !g.Stopped, "broadcast": g.Broadcast, "brokers": r.Brokers, "retry_max_time": g.Retries,
		"created_at": g.created, "permissions": []string{"all"}, "consume_orderly": g.Orderly, "group_online": len(g.Clients) > 0,
		"topic_subscription_count": len(g.positions),
	}
}

// topics are those that the group has read.
func (g *rocketGroup) topics() []string { return slices.Sorted(maps.Keys(g.positions)) }

// rocketGroups are the operations on groups; progress has its own.
func rocketGroups() map[string]handler {
	return map[string]handler{
		"CreateConsumerGroupOrBatchDeleteConsumerGroup": createOrDeleteGroups, "ListInstanceConsumerGroups": listRocketGroups,
		"BatchUpdateConsumerGroup": updateRocketGroups,
		"ShowGroup":                withRocketGroup(func(c *call, g *rocketGroup) *sandbox.Answer { return ok(g.view(c.instance.RocketMQ)) }),
		"UpdateConsumerGroup":      withRocketGroup(updateRocketGroup),
		"DeleteConsumerGroup": withRocketGroup(func(c *call, g *rocketGroup) *sandbox.Answer {
			c.instance.RocketMQ.dropGroup(g.Name)
			return done()
		}),
		"ShowConsumerConnectionsForRocketMq":      withRocketGroup(showConnections),
		"ListConsumeGroupAccessPolicyForRocketMq": withRocketGroup(listGroupPolicies),
		"ShowConsumerListOrDetails":               withRocketGroup(showRocketProgress),
		"ResetConsumeOffsetForRocketMq":           withRocketGroup(resetRocketOffset),
	}
}

func withRocketGroup(handle func(*call, *rocketGroup) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		group, known := lookUp(c.instance.RocketMQ.Groups, c.Text("group"))
		if !known {
			return unknownGroup()
		}
		return handle(c, group)
	}
}

// createOrDeleteGroups creates one, or with action delete deletes those that groups names.
func createOrDeleteGroups(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	if c.Text("action") == "delete" {
		names := given[[]string](c, "groups")
		for _, name := range names {
			if _, known := lookUp(r.Groups, name); !known {
				return unknownGroup()
			}
		}
		for _, name := range names {
			r.dropGroup(name)
		}
		return ok(object{"job_id": c.instance.job(c, "deleteConsumerGroup")})
	}
	name := c.Text("name")
	if _, taken := lookUp(r.Groups, name); taken {
		return groupExists()
	}
	if len(name) < 3 || len(name) > 64 {
		return invalid("name", "want 3 to 64 characters")
	}
	made := &rocketGroup{Name: name, created: c.now.UnixMilli(), Retries: maxRetries, positions: map[string][]int64{}}
	made.set(c)
	r.Groups = append(r.Groups, made)
	return ok(object{"name": made.Name})
}

// dropGroup deletes a group with the topics that brokers keep for it.
func (r *rocketmq) dropGroup(name string) {
	r.Groups, _ = without(r.Groups, name)
	r.drop(deadLetters + name)
	r.drop(retries + name)
}

func (g *rocketGroup) set(c *call) {
	if c.has("broadcast") {
		g.Broadcast = given[bool](c, "broadcast")
	}
	if c.has("consume_orderly") {
		g.Orderly = given[bool](c, "consume_orderly")
	}
	if c.has("enabled") {
		g.Stopped = !given[bool](c, "enabled")
	}
	g.Retries = c.whole("retry_max_time", g.Retries)
	if c.has("group_desc") {
		g.Description = c.Text("group_desc")
	}
}

func listRocketGroups(c *call) *sandbox.Answer {
	r, found := c.instance.RocketMQ, []object{}
	for _, group := range r.Groups {
		if contains(group.Name, c.Text("group")) {
			found = append(found, group.view(r))
		}
	}
	shown := rocketmqPage(c, "groups", found)
	shown["max"], shown["remaining"] = maxRocketGroups, maxRocketGroups-len(r.Groups)
	return ok(shown)
}

func updateRocketGroup(c *call, group *rocketGroup) *sandbox.Answer {
	if times := c.whole("retry_max_time", maxRetries); times < 1 || times > 16 {
		return invalid("retry_max_time", "want 1 to 16")
	}
	group.set(c)
	return done()
}

func updateRocketGroups(c *call) *sandbox.Answer {
	type change struct {
		Name        string  `json:"name"`
		Broadcast   *bool   `json:"broadcast"`
		Enabled     *bool   `json:"enabled"`
		Orderly     *bool   `json:"consume_orderly"`
		Retries     *whole  `json:"retry_max_time"`
		Description *string `json:"group_desc"`
	}
	changes := given[[]change](c, "groups")
	for _, one := range changes {
		if _, known := lookUp(c.instance.RocketMQ.Groups, one.Name); !known {
			return unknownGroup()
		}
	}
	for _, one := range changes {
		group, _ := lookUp(c.instance.RocketMQ.Groups, one.Name)
		replace(&group.Broadcast, one.Broadcast)
		replace(&group.Orderly, one.Orderly)
		replace(&group.Description, one.Description)
		if one.Enabled != nil {
			group.Stopped = !*one.Enabled
		}
		if one.Retries != nil {
			group.Retries = int64(*one.Retries)
		}
	}
	return ok(object{"job_id": c.instance.job(c, "updateConsumerGroup")})
}

// showConnections refuses for a group without consumers, as the vendor does.
func showConnections(c *call, group *rocketGroup) *sandbox.Answer {
	if len(group.Clients) == 0 {
		return offline()
	}
	subscriptions := []object{}
	for _, topic := range slices.Sorted(maps.Keys(group.Subscriptions)) {
		subscriptions = append(subscriptions, object{"topic": topic, "type": "TAG", "expression": group.Subscriptions[topic]})
	}
	shown := rocketmqPage(c, "clients", views(group.Clients, func(one rocketClient) object {
		return object{
			"client_id": one.ID, "client_addr": one.Address, "language": "JAVA", "version": "V4_9_8", "consume_type": "CONSUME_PASSIVELY",
			"subscriptions": subscriptions,
		}
	}))
	shown["group_name"], shown["online"], shown["subscription_consistency"] = group.Name, len(group.Clients) > 0, true
	return ok(shown)
}

func listGroupPolicies(c *call, group *rocketGroup) *sandbox.Answer {
	policies := []object{}
	for _, user := range c.instance.RocketMQ.Users {
		policies = append(policies, user.policy(user.Groups, group.Name, user.GroupDefault))
	}
	return ok(object{"name": group.Name, "total": len(policies), "policies": page(c, policies)})
}
