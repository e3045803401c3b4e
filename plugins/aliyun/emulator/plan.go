package emulator

import (
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// plan is a replication plan and its topic mappings.
type plan struct {
	ID       int64             `json:"planId"`
	Name     string            `json:"planName"`
	Text     string            `json:"planDesc"`
	Type     string            `json:"planType"`
	Status   string            `json:"planStatus"`
	AutoSync bool              `json:"autoSyncCheckpoint"`
	Sync     bool              `json:"syncCheckpointEnabled"`
	Ends     []map[string]any  `json:"instances"` // as they were given
	Ext      map[string]string `json:"extInfo"`
	Created  stamp             `json:"createTime"`
	Updated  stamp             `json:"updateTime"`

	items []*item
}

// The types and roles of plans that are acted on.
const (
	oneWay = "ACTIVE_PASSIVE"
	twoWay = "ACTIVE_ACTIVE"
)

func (c *cloud) planOperations() map[string]operation {
	return map[string]operation{
		"ListDisasterRecoveryPlans": c.listPlans, "GetDisasterRecoveryPlan": c.getPlan, "CreateDisasterRecoveryPlan": c.createPlan,
		"UpdateDisasterRecoveryPlan": c.updatePlan, "DeleteDisasterRecoveryPlan": c.deletePlan,
	}
}

// planOf is the plan that a call is about. The code for an unknown one is assumed; the vendor's codes for the status of
// plans and mappings begin with these words.
func (c *cloud) planOf(call *sandbox.Call) (*plan, error) {
	id, err := number(call, "planId")
	if err != nil {
		return nil, err
	}
	if found, ok := find(c.plans, func(p *plan) bool { return p.ID == id }); ok {
		return found, nil
	}
	return nil, notFound("DisasterRecoveryPlan", "planId")
}

// number is an id of digits.
func number(call *sandbox.Call, name string) (int64, error) {
	id, err := strconv.ParseInt(call.Text(name), 10, 64)
	if err != nil {
		return 0, invalid(name, "it is no 64-bit number.")
	}
	return id, nil
}

// has reports whether an instance takes part in the plan.
func (p *plan) has(instance string) bool {
	for _, end := range p.Ends {
		if end["instanceId"] == instance {
			return true
		}
	}
	return false
}

func (c *cloud) listPlans(call *sandbox.Call) (any, error) {
	answer, err := paged(call, without(c.plans, func(p *plan) bool {
		wanted := call.Text("instanceId")
		return !strings.Contains(p.Name+" "+p.Text, call.Text("filter")) || wanted != "" && !p.has(wanted)
	}))
	if err != nil {
		return nil, err
	}
	return struct {
		*page[*plan]
		ScrollID string `json:"scrollId"`
	}{answer, scrollID(call)}, nil
}

func (c *cloud) getPlan(call *sandbox.Call) (any, error) { return c.planOf(call) }

// planWish is what a call says of a plan.
type planWish struct {
	PlanName, PlanDesc, PlanType              *string
	AutoSyncCheckpoint, SyncCheckpointEnabled *bool
	Instances                                 *[]map[string]any
}

func (w planWish) change(p *plan) {
	set(&p.Name, w.PlanName)
	set(&p.Text, w.PlanDesc)
	set(&p.AutoSync, w.AutoSyncCheckpoint)
	set(&p.Sync, w.SyncCheckpointEnabled)
	set(&p.Ends, w.Instances)
}

func (c *cloud) createPlan(call *sandbox.Call) (any, error) {
	wish, err := arguments[planWish](call)
	switch {
	case err != nil:
		return nil, err
	case wish.PlanName == nil:
		return nil, missing("planName")
	case wish.PlanType == nil:
		return nil, missing("planType")
	case wish.Instances == nil || len(*wish.Instances) == 0:
		return nil, missing("instances")
	case len(c.plans) >= maxEach:
		return nil, full("planName")
	}
	made := &plan{ID: c.next(), Type: *wish.PlanType, Status: "RUNNING", Ext: map[string]string{}, Created: stamp{c.now()}, Updated: stamp{c.now()}}
	wish.change(made)
	c.plans = append(c.plans, made)
	return made.ID, nil
}

// updatePlan changes all but the type, which stays.
func (c *cloud) updatePlan(call *sandbox.Call) (any, error) {
	p, err := c.planOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[planWish](call)
	if err != nil {
		return nil, err
	}
	if wish.PlanType != nil && *wish.PlanType != p.Type {
		return nil, &failure{400, "DisasterRecoveryPlanStatus.Error", "The type of a plan cannot be changed.", "planType"}
	}
	wish.change(p)
	p.Updated = stamp{c.now()}
	return true, nil
}

// deletePlan refuses a plan that has mappings. The code is the vendor's; that it stands for this is assumed.
func (c *cloud) deletePlan(call *sandbox.Call) (any, error) {
	p, err := c.planOf(call)
	if err != nil {
		return nil, err
	}
	if len(p.items) > 0 {
		return nil, &failure{400, "DisasterRecoveryPlanStatus.Error", "The plan still has topic mappings.", "planId"}
	}
	c.plans = without(c.plans, func(other *plan) bool { return other == p })
	return true, nil
}
