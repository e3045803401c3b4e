package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// item is a topic mapping of a plan: the topics that are the same on its instances.
type item struct {
	ID      int64             `json:"itemId"`
	Plan    int64             `json:"planId"`
	Status  string            `json:"itemStatus"`
	Topics  []mapped          `json:"topics"`
	Ext     map[string]string `json:"extInfo"`
	Created stamp             `json:"createTime"`
	Updated stamp             `json:"updateTime"`

	checkpoints []*checkpoint
}

// mapped is one side of a mapping.
type mapped struct {
	Instance     string `json:"instanceId"`
	InstanceType string `json:"instanceType"`
	Region       string `json:"regionId"`
	Topic        string `json:"topicName"`
	Order        string `json:"deliveryOrderType"`
	Group        string `json:"consumerGroupId"`
}

// The documented statuses of a mapping that the sandbox knows.
const (
	running = "RUNNING"
	stopped = "MANUAL_STOPPED"
)

func (c *cloud) itemOperations() map[string]operation {
	return map[string]operation{
		"ListDisasterRecoveryItems": c.listItems, "GetDisasterRecoveryItem": c.getItem, "AddDisasterRecoveryItem": c.addItem,
		"UpdateDisasterRecoveryItem": c.updateItem, "DeleteDisasterRecoveryItem": c.deleteItem,
		"StartDisasterRecoveryItem": c.startItem, "StopDisasterRecoveryItem": c.stopItem,
	}
}

// itemOf is the mapping that a call is about, and its plan.
func (c *cloud) itemOf(call *sandbox.Call) (*plan, *item, error) {
	p, err := c.planOf(call)
	if err != nil {
		return nil, nil, err
	}
	id, err := number(call, "itemId")
	if err != nil {
		return nil, nil, err
	}
	if found, ok := find(p.items, func(i *item) bool { return i.ID == id }); ok {
		return p, found, nil
	}
	return nil, nil, notFound("DisasterRecoveryItem", "itemId")
}

// wrongStatus refuses what a mapping's status does not allow. The code is the vendor's; which operation needs which
// status is assumed.
func wrongStatus(i *item) *failure {
	return &failure{400, "DisasterRecoveryItemStatus.Error", "The topic mapping is " + i.Status + ".", "itemId"}
}

func (c *cloud) listItems(call *sandbox.Call) (any, error) {
	p, err := c.planOf(call)
	if err != nil {
		return nil, err
	}
	has := func(i *item, fits func(topic string) bool) bool {
		for _, side := range i.Topics {
			if fits(side.Topic) {
				return true
			}
		}
		return false
	}
	topic := call.Text("topicName")
	answer, err := paged(call, without(p.items, func(i *item) bool {
		return !has(i, func(name string) bool {
			return strings.Contains(name, call.Text("filter")) && (topic == "" || topic == name)
		})
	}))
	if err != nil {
		return nil, err
	}
	return struct {
		*page[*item]
		ScrollID string `json:"scrollId"`
	}{answer, scrollID(call)}, nil
}

func (c *cloud) getItem(call *sandbox.Call) (any, error) {
	_, i, err := c.itemOf(call)
	return i, err
}

// topicsWish is the sides of a mapping that a call gives.
func topicsWish(call *sandbox.Call) ([]mapped, error) {
	wish, err := arguments[struct{ Topics []mapped }](call)
	if err != nil {
		return nil, err
	}
	if len(wish.Topics) == 0 {
		return nil, missing("topics")
	}
	for _, side := range wish.Topics {
		if side.Topic == "" {
			return nil, missing("topicName")
		}
	}
	return wish.Topics, nil
}

func (c *cloud) addItem(call *sandbox.Call) (any, error) {
	p, err := c.planOf(call)
	if err != nil {
		return nil, err
	}
	topics, err := topicsWish(call)
	if err != nil {
		return nil, err
	}
	if len(p.items) >= maxEach {
		return nil, full("topics")
	}
	made := &item{ID: c.next(), Plan: p.ID, Status: running, Topics: topics, Ext: map[string]string{}, Created: stamp{c.now()}, Updated: stamp{c.now()}}
	p.items = append(p.items, made)
	return made.ID, nil
}

func (c *cloud) updateItem(call *sandbox.Call) (any, error) {
	_, i, err := c.itemOf(call)
	if err != nil {
		return nil, err
	}
	topics, err := topicsWish(call)
	if err != nil {
		return nil, err
	}
	i.Topics, i.Updated = topics, stamp{c.now()}
	return true, nil
}

func (c *cloud) deleteItem(call *sandbox.Call) (any, error) {
	p, i, err := c.itemOf(call)
	if err != nil {
		return nil, err
	}
	if i.Status == running {
		return nil, wrongStatus(i)
	}
	p.items = without(p.items, func(other *item) bool { return other == i })
	return true, nil
}

func (c *cloud) startItem(call *sandbox.Call) (any, error) { return c.turn(call, stopped, running) }

func (c *cloud) stopItem(call *sandbox.Call) (any, error) { return c.turn(call, running, stopped) }

func (c *cloud) turn(call *sandbox.Call, from, to string) (any, error) {
	_, i, err := c.itemOf(call)
	if err != nil {
		return nil, err
	}
	if i.Status != from {
		return nil, wrongStatus(i)
	}
	i.Status, i.Updated = to, stamp{c.now()}
	return true, nil
}
