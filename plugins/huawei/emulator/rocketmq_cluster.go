package emulator

import (
	"fmt"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// rocketClusters are the operations that show brokers.
func rocketClusters() map[string]handler {
	return map[string]handler{"ListBrokers": listBrokers, "ShowInstanceNodes": showNodes, "RestartInstance": restartRocket, "ShowCesHierarchy": showRocketHierarchy}
}

// A broker has a master, 0, and two slaves.
var brokerIDs = []int{0, 1, 2}

type node struct {
	ID      string `json:"id"`
	Broker  string `json:"broker_name"`
	Number  int    `json:"broker_id"`
	Address string `json:"address"`
	Public  string `json:"public_address"`
}

func (r *rocketmq) nodes() []node {
	nodes := []node{}
	for at, broker := range r.Brokers {
		for _, id := range brokerIDs {
			nodes = append(nodes, node{fmt.Sprintf("%s-%d", broker, id), broker, id, fmt.Sprintf("192.168.0.%d:10911", 101+at*len(brokerIDs)+id), ""})
		}
	}
	return nodes
}

func listBrokers(c *call) *sandbox.Answer {
	return ok(rocketmqPage(c, "brokers", views(c.instance.RocketMQ.Brokers, func(name string) object {
		return object{"broker_name": name, "ids": brokerIDs}
	})))
}

func showNodes(c *call) *sandbox.Answer {
	nodes := c.instance.RocketMQ.nodes()
	return ok(object{"nodes": page(c, nodes), "total": len(nodes)})
}

func restartRocket(c *call) *sandbox.Answer {
	c.instance.job(c, "restartInstance")
	return ok(object{"instance_id": c.instance.ID, "result": "success", "nodes": views(c.instance.RocketMQ.nodes(), func(n node) string { return n.ID })})
}

// showRocketHierarchy names what there are metrics of.
func showRocketHierarchy(c *call) *sandbox.Answer {
	r := c.instance.RocketMQ
	topics, dead := []object{}, []object{}
	for _, topic := range r.Topics {
		if topic.own() {
			dead = append(dead, object{"name": topic.Name})
		} else {
			topics = append(topics, object{"name": topic.Name})
		}
	}
	named := func(name string) object { return object{"name": name} }
	return ok(object{
		"dimensions": []object{{
			"name": "reliablemq_instance_id", "metrics": []string{"instance_produce_msg", "instance_consume_msg", "instance_accumulation"},
			"key_name": []string{"instance_ids"}, "dim_router": []string{"reliablemq_instance_id"}, "children": []object{},
		}},
		"instance_ids": []object{{"name": c.instance.ID}}, "topics": topics, "dlq": dead,
		"nodes":  views(r.nodes(), func(n node) object { return object{"name": n.ID, "available_zone": "cn-north-4a"} }),
		"groups": views(r.Groups, func(g *rocketGroup) object { return object{"name": g.Name, "topics": views(g.topics(), named)} }),
	})
}
