package emulator

import (
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// instance is one instance of any product.
type instance struct {
	ID      string `json:"id"`
	Product string `json:"product"`
	Age     age    `json:"age"`
	// Fields are answered about the instance; calls change some.
	Fields    object       `json:"fields"`
	Tags      []tag        `json:"tags"`
	Tasks     []*task      `json:"tasks"`
	Scheduled []*scheduled `json:"scheduled"`
	Configs   []*config    `json:"configs"`
	Expansion expansion    `json:"expansion"`
	Reports   []*report    `json:"reports"`
	// One of these, by Product.
	Kafka    *kafka    `json:"kafka"`
	RocketMQ *rocketmq `json:"rocketmq"`
	ROMA     *roma     `json:"roma"`
}

func (i *instance) key() string { return i.ID }

// engine is the vendor's name of the product.
func (i *instance) engine() string {
	if i.Product == rocketmqProduct {
		return "reliability"
	}
	return kafkaProduct
}

// begin makes the instance what its data say.
func (i *instance) begin(now time.Time, usual object) error {
	fields := object{
		"instance_id": i.ID, "engine": i.engine(), "status": "RUNNING", "created_at": strconv.FormatInt(i.Age.milliseconds(now), 10),
	}
	maps.Copy(fields, usual)
	maps.Copy(fields, i.Fields)
	i.Fields = fields
	for _, one := range i.Tasks {
		one.begin(now)
	}
	for _, one := range i.Scheduled {
		one.begin(now)
	}
	for _, one := range i.Reports {
		one.began = one.Age.milliseconds(now)
	}
	switch {
	case i.Kafka != nil:
		return i.Kafka.begin(now)
	case i.RocketMQ != nil:
		return i.RocketMQ.begin(now)
	case i.ROMA != nil:
		return i.ROMA.begin(now)
	}
	return nil
}

func (i *instance) view() object {
	view := maps.Clone(i.Fields)
	view["tags"] = i.Tags
	return view
}

func (i *instance) name() string {
	name, _ := i.Fields["name"].(string)
	return name
}

func showInstance(c *call) *sandbox.Answer { return ok(c.instance.view()) }

// listInstances filters as the documents say. The name is a part of the instance's unless the call wants it exactly.
func listInstances(product string) handler {
	return func(c *call) *sandbox.Answer {
		if c.has("engine") && productOf(c.Text("engine")) != product {
			return invalid("engine", "want kafka, rocketmq or reliability")
		}
		found := []*instance{}
		for _, one := range c.shop.instances {
			if one.Product == product && one.listed(c) {
				found = append(found, one)
			}
		}
		return ok(object{"instances": views(page(c, found), (*instance).view), "instance_num": len(found)})
	}
}

func (i *instance) listed(c *call) bool {
	name := c.Text("name")
	if c.Text("exact_match_name") == "true" {
		return i.selected(c) && (name == "" || name == i.name())
	}
	return i.selected(c) && contains(i.name(), name)
}

func (i *instance) selected(c *call) bool {
	for _, filter := range []string{"instance_id", "status", "enterprise_project_id"} {
		if wanted := c.Text(filter); wanted != "" && i.Fields[filter] != wanted {
			return false
		}
	}
	return true
}

// settable are the fields that creating and updating an instance may give.
var settable = []string{
	"name", "description", "engine_version", "vpc_id", "subnet_id", "security_group_id", "available_zones", "product_id",
	"storage_space", "storage_spec_code", "broker_num", "maintain_begin", "maintain_end", "enable_publicip", "publicip_id",
	"ssl_enable", "kafka_security_protocol", "sasl_enabled_mechanisms", "retention_policy", "ipv6_enable", "enable_auto_topic",
	"enterprise_project_id", "connector_enable", "access_user", "vpc_client_plain", "enable_acl", "arch_type", "tls_mode",
}

func (i *instance) set(c *call) {
	for _, name := range settable {
		if c.has(name) {
			i.Fields[name] = c.value(name)
		}
	}
}

// createInstance makes an instance that runs at once; at the vendor that takes minutes.
func createInstance(product string) handler {
	return func(c *call) *sandbox.Answer {
		if _, taken := c.shop.instanceNamed(c.Text("name")); taken {
			return failure(http.StatusBadRequest, "DMS.00400060", "This instance name already exists.")
		}
		for _, argument := range []string{"engine", "engine_body"} {
			if c.has(argument) && productOf(c.Text(argument)) != product {
				return invalid("engine", "want the product's own")
			}
		}
		made := &instance{ID: c.shop.newUUID(), Product: product, Fields: object{}, Tags: []tag{}}
		if c.has("tags") {
			made.Tags = given[[]tag](c, "tags")
		}
		made.set(c)
		switch product {
		case kafkaProduct:
			made.Kafka = &kafka{}
		case rocketmqProduct:
			made.RocketMQ = &rocketmq{Brokers: []string{"broker-0"}, Log: firstLog}
		}
		if err := made.begin(c.now, nil); err != nil {
			return failure(http.StatusInternalServerError, "DMS.00500000", err.Error())
		}
		c.shop.instances = append(c.shop.instances, made)
		return ok(object{"instance_id": made.ID})
	}
}

func (s *shop) instanceNamed(name string) (*instance, bool) {
	for _, one := range s.instances {
		if one.name() == name {
			return one, true
		}
	}
	return nil, false
}

func updateInstance(c *call) *sandbox.Answer {
	if other, taken := c.shop.instanceNamed(c.Text("name")); taken && other != c.instance {
		return failure(http.StatusBadRequest, "DMS.00400060", "This instance name already exists.")
	}
	c.instance.set(c)
	return done()
}

func deleteInstance(c *call) *sandbox.Answer {
	c.shop.remove(c.instance, c.shop.recycle.on, c.now)
	return done()
}

// deleteInstances deletes or restarts several, and says of each how that went.
func deleteInstances(product string) handler {
	return func(c *call) *sandbox.Answer {
		ids := given[[]string](c, "instances")
		if len(ids) == 0 && !c.has("all_failure") { // nothing failed to be created here
			return failure(http.StatusBadRequest, "DMS.00400065", "The instances parameter in the request is empty.")
		}
		results := []object{}
		for _, id := range ids {
			result := "failed"
			if one, known := lookUp(c.shop.instances, id); known && one.Product == product {
				result = "success"
				if c.Text("action") == "delete" {
					c.shop.remove(one, c.shop.recycle.on && !given[bool](c, "force_delete"), c.now)
				} else {
					one.job(c, "restartInstance")
				}
			}
			results = append(results, object{"instance": id, "result": result})
		}
		return ok(object{"results": results})
	}
}

// remove takes an instance away, into the recycle bin or for good.
func (s *shop) remove(one *instance, keep bool, now time.Time) {
	s.instances, _ = without(s.instances, one.ID)
	if keep {
		s.recycle.put(one, now)
	}
}
