package verbs

import (
	"cmp"
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// checkpoint compares a group's progress at both ends. Times are milliseconds; null and 0 are none.
type checkpoint struct {
	CheckpointID   identity  `json:"checkpointId"`
	LastSyncTime   *count    `json:"lastSyncTime"`
	SourceProgress *progress `json:"sourceProgress"`
	TargetProgress *progress `json:"targetProgress"`
}

type progress struct {
	RegionID        string `json:"regionId"`
	InstanceID      string `json:"instanceId"`
	InstanceType    string `json:"instanceType"`
	ConsumerGroupID string `json:"consumerGroupId"`
	TopicName       string `json:"topicName"`
	LastFetchTime   *count `json:"lastFetchTime"`
	ProgressData    struct {
		ConsumeTimestamp *count `json:"consumeTimestamp"`
	} `json:"progressData"`
}

func (p *progress) site() trail.Site {
	if p == nil {
		return trail.Site{}
	}
	return trail.Site{Region: p.RegionID, Instance: p.InstanceID, Kind: p.InstanceType, Topic: p.TopicName, Group: p.ConsumerGroupID}
}

func (p *progress) consumed() *trail.Time {
	if p == nil {
		return nil
	}
	return trail.AtMS(p.ProgressData.ConsumeTimestamp.or(0))
}

func (p *progress) fetched() *trail.Time {
	if p == nil {
		return nil
	}
	return trail.AtMS(p.LastFetchTime.or(0))
}

// items are a plan's mappings with what is known of each.
func (r *replication) items(ctx context.Context, plan string, source, target *end) []trail.ReplicationItem {
	found, err := list(ctx, r.calls, "list_dr_items", map[string]any{"planId": plan}, position{Size: usualPage}, maxPages*usualPage, all[item])
	if err != nil {
		r.failed("What plan "+plan+" copies", err)
		return nil
	}
	taken := r.take(len(found.entries))
	if taken < len(found.entries) || found.next != nil {
		r.lacks("%d of %d mappings of plan %s were looked into; ask for the plan alone.", taken, found.total, plan)
	}
	items := make([]trail.ReplicationItem, taken)
	var wait errgroup.Group
	for i := range items {
		wait.Go(func() error {
			m := &mapping{replication: r, plan: plan, source: source, item: mapped(found.entries[i], source, target)}
			m.ask(ctx)
			items[i] = m.item
			return nil
		})
	}
	_ = wait.Wait() // no error is returned
	if r.request.Filter == "" {
		return items
	}
	var wanted []trail.ReplicationItem
	for _, one := range items {
		if len(one.Checkpoints) > 0 || r.wants(one.Source.Topic, one.Target.Topic) {
			wanted = append(wanted, one)
		}
	}
	return wanted
}

// mapped is a mapping with its ends: the side on the source's instance is the source.
func mapped(one entry[item], source, target *end) trail.ReplicationItem {
	told := trail.ReplicationItem{
		ID: string(one.of.ItemID), Status: one.of.ItemStatus, Running: running(one.of.ItemStatus), Source: source.site(), Target: target.site(), Evidence: one.evidence,
	}
	for i, side := range one.of.Topics {
		if side == nil {
			continue
		}
		site := trail.Site{Region: side.RegionID, Instance: side.InstanceID, Kind: side.InstanceType, Topic: side.TopicName, Group: side.ConsumerGroupID}
		if side.InstanceID == source.InstanceID && side.InstanceID != "" || side.InstanceID != target.InstanceID && i == 0 {
			told.Source = site
		} else {
			told.Target = site
		}
	}
	return told
}

func (r *replication) wants(names ...string) bool {
	for _, name := range names {
		if strings.Contains(strings.ToLower(name), strings.ToLower(r.request.Filter)) {
			return true
		}
	}
	return false
}

// mapping is what is asked of one mapping.
type mapping struct {
	*replication
	plan   string
	source *end
	item   trail.ReplicationItem
}

func (m *mapping) ask(ctx context.Context) {
	online := map[string]*bool{}
	var both errgroup.Group
	both.Go(func() error {
		m.checkpoints(ctx)
		return nil
	})
	if m.reaches(m.item.Target, m.item.Source) {
		both.Go(func() error {
			online = m.online(ctx)
			return nil
		})
	} else {
		m.note("Whether the groups at %s are online is known in %s only.", m.item.Target.Instance, cmp.Or(m.item.Target.Region, "another place"))
	}
	_ = both.Wait() // no error is returned
	for i := range m.item.Checkpoints {
		m.item.Checkpoints[i].TargetOnline = online[m.item.Checkpoints[i].Target.Group]
	}
	m.dataBehind(ctx)
}

// checkpoints asks by the plan's source, as the vendor wants it. Its filter is documented by example only, so names are
// compared here.
func (m *mapping) checkpoints(ctx context.Context) {
	found, err := list(ctx, m.calls, "list_dr_checkpoints", map[string]any{
		"planId": m.plan, "itemId": m.item.ID, "instanceId": m.source.InstanceID,
	}, position{Size: usualPage}, maxPages*usualPage, func(c checkpoint) bool {
		source, target := c.SourceProgress.site(), c.TargetProgress.site()
		return m.wants(source.Topic, source.Group, target.Topic, target.Group)
	})
	if err != nil {
		m.failed("How far the groups of mapping "+m.item.ID+" are", err)
	}
	if found.next != nil {
		m.lacks("%d of %d checkpoints of mapping %s were read.", found.read, found.total, m.item.ID)
	}
	for _, one := range found.entries {
		c := one.of
		m.item.Checkpoints = append(m.item.Checkpoints, trail.ReplicationCheckpoint{
			ID: string(c.CheckpointID), Source: c.SourceProgress.site(), Target: c.TargetProgress.site(),
			SourceConsumed: c.SourceProgress.consumed(), TargetConsumed: c.TargetProgress.consumed(),
			SourceFetched: c.SourceProgress.fetched(), TargetFetched: c.TargetProgress.fetched(),
			LastSync: trail.AtMS(c.LastSyncTime.or(0)), Evidence: one.evidence,
		})
	}
}

// reaches reports whether this connection can ask an end: an instance is seen in its own region only, and the vendor
// does not serve clusters of others. Without a known region, a plan within one region is taken to be in this one.
func (m *mapping) reaches(this, other trail.Site) bool {
	if this.Instance == "" || this.Topic == "" || this.Kind != "" && this.Kind != "ALIYUN_ROCKETMQ" {
		return false
	}
	if m.region != "" && this.Region != "" {
		return this.Region == m.region
	}
	return this.Region == other.Region
}

// online are the groups that read the target's topic, by whether they are online.
func (m *mapping) online(ctx context.Context) map[string]*bool {
	found, err := subscriptions(ctx, m.calls, "list_topic_subscriptions", map[string]any{
		"instanceId": m.item.Target.Instance, "topicName": m.item.Target.Topic,
	})
	if err != nil {
		m.failed("Whether the groups at "+m.item.Target.Instance+" are online", err)
	}
	groups := map[string]*bool{}
	for _, s := range found {
		groups[s.Group] = s.Online
	}
	return groups
}

// dataBehind compares the newest messages of both ends: what a loss of the source would lose. The vendor tells the
// newest message of a topic for a group that reads it; any that has come somewhere at both ends will do.
func (m *mapping) dataBehind(ctx context.Context) {
	if !m.reaches(m.item.Source, m.item.Target) || !m.reaches(m.item.Target, m.item.Source) {
		m.note("How much data a loss of the source of mapping %s would lose is not known: this connection cannot ask both ends.", m.item.ID)
		return
	}
	var by *trail.ReplicationCheckpoint
	for i := range m.item.Checkpoints {
		if c := &m.item.Checkpoints[i]; c.SourceConsumed != nil && c.TargetConsumed != nil {
			by = c
			break
		}
	}
	if by == nil {
		return
	}
	var newest [2]*trail.Time
	var both errgroup.Group
	for i, end := range []struct{ topic, reader trail.Site }{{m.item.Source, by.Source}, {m.item.Target, by.Target}} {
		both.Go(func() error {
			span, err := ask[timespan](ctx, m.calls, "get_consume_timespan", map[string]any{
				"instanceId": end.topic.Instance, "consumerGroupId": end.reader.Group, "topicName": end.topic.Topic,
			})
			if err != nil {
				m.failed("The newest message at "+end.topic.Instance, err)
				return nil
			}
			newest[i] = trail.AtMS(span.data.MaxTimestamp.or(0))
			return nil
		})
	}
	_ = both.Wait() // no error is returned
	if newest[0] != nil && newest[1] != nil {
		behind := max(newest[0].UnixMS-newest[1].UnixMS, 0) // a copy is stored a moment later than its original
		m.item.DataBehindMS = &behind
	}
}
