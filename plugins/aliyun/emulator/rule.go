package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// rule says what an account may do with a topic or a group.
type rule struct {
	Instance     string   `json:"instanceId"`
	Region       string   `json:"regionId"`
	Type         string   `json:"aclType"`
	User         string   `json:"username"`
	ResourceType string   `json:"resourceType"`
	Resource     string   `json:"resourceName"`
	Actions      []string `json:"actions"`
	Decision     string   `json:"decision"`
	Addresses    []string `json:"ipWhitelists"`
}

func (c *cloud) ruleOperations() map[string]operation {
	return map[string]operation{
		"ListInstanceAcl": c.listRules, "GetInstanceAcl": c.getRule, "CreateInstanceAcl": c.createRule,
		"UpdateInstanceAcl": c.updateRule, "DeleteInstanceAcl": c.deleteRule,
	}
}

// ruleOf is the rule that a call is about, and its instance. The code for one that is not there is assumed.
func (c *cloud) ruleOf(call *sandbox.Call) (*instance, *rule, error) {
	i, a, err := c.accountOf(call)
	if err != nil {
		return nil, nil, err
	}
	found, ok := find(i.rules, func(r *rule) bool {
		return r.User == a.Name && r.ResourceType == call.Text("resourceType") && r.Resource == call.Text("resourceName")
	})
	if !ok {
		return i, nil, notFound("Acl", "resourceName")
	}
	return i, found, nil
}

func (c *cloud) listRules(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	return paged(call, without(i.rules, func(r *rule) bool { return !strings.Contains(r.User+" "+r.Resource, call.Text("filter")) }))
}

func (c *cloud) getRule(call *sandbox.Call) (any, error) {
	_, r, err := c.ruleOf(call)
	return r, err
}

func (c *cloud) createRule(call *sandbox.Call) (any, error) {
	i, a, err := c.accountOf(call)
	if err != nil {
		return nil, err
	}
	if _, _, err := c.ruleOf(call); err == nil {
		return nil, existed("Acl", "resourceName")
	}
	if len(i.rules) >= maxEach {
		return nil, full("resourceName")
	}
	made := &rule{
		Instance: i.id, Region: region, Type: "APACHE", User: a.Name, ResourceType: call.Text("resourceType"), Resource: call.Text("resourceName"),
		Addresses: []string{},
	}
	if err := change(call, made); err != nil {
		return nil, err
	}
	i.rules = append(i.rules, made)
	return true, nil
}

func (c *cloud) updateRule(call *sandbox.Call) (any, error) {
	_, r, err := c.ruleOf(call)
	if err != nil {
		return nil, err
	}
	return true, change(call, r)
}

func change(call *sandbox.Call, r *rule) error {
	wish, err := arguments[struct {
		Actions, IPWhitelists *[]string
		Decision              *string
	}](call)
	if err != nil {
		return err
	}
	set(&r.Actions, wish.Actions)
	set(&r.Addresses, wish.IPWhitelists)
	set(&r.Decision, wish.Decision)
	return nil
}

func (c *cloud) deleteRule(call *sandbox.Call) (any, error) {
	i, r, err := c.ruleOf(call)
	if err != nil {
		return nil, err
	}
	i.rules = without(i.rules, func(other *rule) bool { return other == r })
	return true, nil
}
