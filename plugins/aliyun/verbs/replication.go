package verbs

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// plan is a replication plan. Its passwords are not read.
type plan struct {
	PlanID                identity `json:"planId"`
	PlanName              string   `json:"planName"`
	PlanType              string   `json:"planType"`
	PlanStatus            string   `json:"planStatus"`
	AutoSyncCheckpoint    truth    `json:"autoSyncCheckpoint"`
	SyncCheckpointEnabled truth    `json:"syncCheckpointEnabled"`
	Instances             []*end   `json:"instances"`
}

type end struct {
	InstanceID   string `json:"instanceId"`
	InstanceRole string `json:"instanceRole"`
	InstanceType string `json:"instanceType"`
	RegionID     string `json:"regionId"`
}

// item is one mapping of topics in a plan.
type item struct {
	ItemID     identity `json:"itemId"`
	ItemStatus string   `json:"itemStatus"`
	Topics     []*struct {
		InstanceID      string `json:"instanceId"`
		InstanceType    string `json:"instanceType"`
		RegionID        string `json:"regionId"`
		TopicName       string `json:"topicName"`
		ConsumerGroupID string `json:"consumerGroupId"`
	} `json:"topics"`
}

// The vendor's types of plans, and how often one that syncs by itself does.
const (
	oneWay     = "ACTIVE_PASSIVE"
	twoWay     = "ACTIVE_ACTIVE"
	syncPeriod = int64(10_000) // ms
)

// Bounds of one answer.
const (
	maxPlans = 100
	maxItems = 40
)

// ReplicationStatus tells how the plans stand, or one of them: an id of digits, or a name. For each mapping it asks at
// once for the checkpoints and for who is online at the target, then for the newest message of both ends.
func (v *Verbs) ReplicationStatus(ctx context.Context, request trail.ReplicationRequest) (*trail.ReplicationAnswer, error) {
	r := &replication{Verbs: v, request: request, calls: v.vendor.Begin(request.Raw)}
	r.left.Store(maxItems)
	plans, err := r.plans(ctx)
	if err != nil {
		return nil, err
	}
	answered := &trail.ReplicationAnswer{Plans: make([]trail.ReplicationPlan, len(plans))}
	all, bounded := errgroup.WithContext(ctx)
	for i, one := range plans {
		all.Go(func() error {
			answered.Plans[i] = r.plan(bounded, one)
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	answered.Gathered = r.gathered(r.calls, nil)
	return answered, nil
}

// replication is one question for plans.
type replication struct {
	*Verbs
	request trail.ReplicationRequest
	calls   *trail.Calls

	told
	left atomic.Int64 // mappings that may still be looked into
}

// take takes as many as there are left of the mappings that may be looked into.
func (r *replication) take(wanted int) int {
	over := max(-r.left.Add(-int64(wanted)), 0)
	return max(wanted-int(over), 0)
}

func (r *replication) plans(ctx context.Context) ([]entry[plan], error) {
	if isNumber(r.request.Plan) {
		found, err := ask[plan](ctx, r.calls, "get_dr_plan", map[string]any{"planId": r.request.Plan})
		if err != nil {
			return nil, err
		}
		return []entry[plan]{{found.data, found.at("")}}, nil
	}
	found, err := list(ctx, r.calls, "list_dr_plans", map[string]any{}, position{Size: usualPage}, maxPlans, func(p plan) bool {
		return r.request.Plan == "" || r.request.Plan == p.PlanName
	})
	switch {
	case err != nil:
		return nil, err
	case found.next != nil:
		r.lacks("%d of %d plans were looked at.", found.read, found.total)
	case len(found.entries) == 0 && r.request.Plan != "":
		return nil, sdk.Problemf(sdk.SourceVendor, sdk.CodeNotFound, "%s has no replication plan of the name %q in this region.", vendorName, r.request.Plan).
			WithHint("Leave the plan out to see all, or give a plan's id.")
	}
	return found.entries, nil
}

func isNumber(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}

func (r *replication) plan(ctx context.Context, one entry[plan]) trail.ReplicationPlan {
	p := one.of
	source, target := p.ends()
	told := trail.ReplicationPlan{
		ID: string(p.PlanID), Name: p.PlanName, Kind: planKind(p.PlanType), Status: p.PlanStatus, Running: running(p.PlanStatus),
		Source: source.site(), Target: target.site(), Evidence: one.evidence,
	}
	told.AutoSync = p.autoSync()
	if told.AutoSync != nil && *told.AutoSync {
		period := syncPeriod
		told.SyncPeriodMS = &period
	}
	if p.PlanType == twoWay {
		r.note("Plan %s is two-way: its progress is told in one direction, and never carried over by itself.", p.PlanID)
	}
	told.Items = r.items(ctx, string(p.PlanID), source, target)
	return told
}

// autoSync: progress is carried over by itself. Both switches are needed, and two-way plans never do.
func (p *plan) autoSync() *bool {
	auto, enabled := p.AutoSyncCheckpoint.plain(), p.SyncCheckpointEnabled.plain()
	if p.PlanType == twoWay {
		no := false
		return &no
	}
	if auto == nil || enabled == nil {
		return nil
	}
	both := *auto && *enabled
	return &both
}

// ends are the source and the target: by their roles, else in their order.
func (p *plan) ends() (source, target *end) {
	source, target = &end{}, &end{}
	var all []*end
	for _, e := range p.Instances {
		if e != nil {
			all = append(all, e)
		}
	}
	if len(all) > 1 && all[0].InstanceRole == "PASSIVE" && all[1].InstanceRole != "PASSIVE" {
		all[0], all[1] = all[1], all[0]
	}
	if len(all) > 0 {
		source = all[0]
	}
	if len(all) > 1 {
		target = all[1]
	}
	return source, target
}

func (e *end) site() trail.Site {
	return trail.Site{Region: e.RegionID, Instance: e.InstanceID, Kind: e.InstanceType}
}

func planKind(word string) string {
	switch word {
	case oneWay:
		return "one_way"
	case twoWay:
		return "two_way"
	default:
		return word
	}
}

// running reads the status of a plan or a mapping; nil for a word that says neither.
func running(status string) *bool {
	yes := status == "RUNNING"
	switch status {
	case "RUNNING", "CREATED", "DELETED", "MANUAL_STOPPED", "OVERDUE_STOPPED":
		return &yes
	default:
		return nil
	}
}
