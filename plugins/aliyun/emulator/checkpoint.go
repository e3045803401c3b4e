package emulator

import (
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// checkpoint is the progress of one group on both sides of a topic mapping.
type checkpoint struct {
	id           int64
	topic, group string
	synced       time.Time
	// stuck: nothing carries it over, though the plan should.
	stuck bool
}

// syncPeriod is how often a plan that syncs by itself does.
const syncPeriod = 10 * time.Second

func (c *cloud) checkpointOperations() map[string]operation {
	return map[string]operation{"ListDisasterRecoveryCheckpoints": c.listCheckpoints, "SyncDisasterRecoveryCheckpoint": c.syncCheckpoint}
}

// listCheckpoints lists those that the given instance is the source of.
func (c *cloud) listCheckpoints(call *sandbox.Call) (any, error) {
	if _, err := c.instanceOf(call); err != nil {
		return nil, err
	}
	p, i, err := c.itemOf(call)
	if err != nil {
		return nil, err
	}
	source, target, ok := i.sides(call.Text("instanceId"))
	all := []map[string]any{}
	for _, point := range i.checkpoints {
		if ok && strings.Contains(point.group+" "+source.Topic, call.Text("filter")) {
			all = append(all, map[string]any{
				"planId": p.ID, "itemId": i.ID, "checkpointId": point.id, "lastSyncTime": zeroable(c.lastSync(p, i, point)),
				"sourceProgress": c.progress(source, point.group), "targetProgress": c.progress(target, point.group),
			})
		}
	}
	return paged(call, all)
}

// sides are the side of a mapping that has the instance, and the other.
func (i *item) sides(source string) (from, to mapped, ok bool) {
	if len(i.Topics) != 2 {
		return mapped{}, mapped{}, false
	}
	switch source {
	case i.Topics[0].Instance:
		return i.Topics[0], i.Topics[1], true
	case i.Topics[1].Instance:
		return i.Topics[1], i.Topics[0], true
	default:
		return mapped{}, mapped{}, false
	}
}

// lastSync is when progress was carried over. A one-way plan that runs does so every ten seconds; that it did is told
// by the time alone, the groups stay where they are.
func (c *cloud) lastSync(p *plan, i *item, point *checkpoint) time.Time {
	if !point.stuck && p.Type == oneWay && p.AutoSync && p.Sync && i.Status == running {
		return c.now().Truncate(syncPeriod)
	}
	return point.synced
}

// zeroable is a time in milliseconds, 0 for none: of a progress that was never carried over, null and 0 are both known.
func zeroable(at time.Time) any {
	if at.IsZero() {
		return 0
	}
	return milliseconds{at}
}

// progress is a group's on one side; without a time where the sandbox has no such group.
func (c *cloud) progress(side mapped, group string) map[string]any {
	var consumed time.Time
	if s, t, ok := c.reader(side, group); ok {
		consumed = s.consumed(t, c.now())
	}
	return map[string]any{
		"regionId": side.Region, "instanceId": side.Instance, "instanceType": side.InstanceType, "consumerGroupId": group, "topicName": side.Topic,
		"lastFetchTime": milliseconds{c.now().Truncate(time.Second)}, "progressData": map[string]any{"consumeTimestamp": milliseconds{consumed}},
	}
}

// reader is a group's subscription on one side of a mapping, with its topic.
func (c *cloud) reader(side mapped, group string) (*subscription, *topic, bool) {
	i, err := c.instance(side.Instance, "instanceId")
	if err != nil {
		return nil, nil, false
	}
	t, err := i.topic(side.Topic)
	if err != nil {
		return nil, nil, false
	}
	g, err := i.group(group)
	if err != nil {
		return nil, nil, false
	}
	s, err := g.subscription(t.Name)
	return s, t, err == nil
}

// syncCheckpoint moves the group on the target, which is the mapping's second side, to where it is on the source.
func (c *cloud) syncCheckpoint(call *sandbox.Call) (any, error) {
	_, i, err := c.itemOf(call)
	if err != nil {
		return nil, err
	}
	id, err := number(call, "checkpointId")
	if err != nil {
		return nil, err
	}
	point, ok := find(i.checkpoints, func(p *checkpoint) bool { return p.id == id })
	if !ok {
		return nil, notFound("DisasterRecoveryCheckpoint", "checkpointId")
	}
	if i.Status != running || len(i.Topics) != 2 {
		return nil, wrongStatus(i)
	}
	source, _, hasSource := c.reader(i.Topics[0], point.group)
	target, _, hasTarget := c.reader(i.Topics[1], point.group)
	if !hasSource || !hasTarget {
		return nil, notFound("ConsumerGroup", "consumerGroupId")
	}
	target.position, point.synced = source.position, c.now()
	return true, nil
}
