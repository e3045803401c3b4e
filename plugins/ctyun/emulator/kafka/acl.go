package kafka

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// rule is a user's access to one topic or group.
type rule struct {
	user, kind, name, operation string
}

func ruleOf(in given.Arguments) rule {
	return rule{in.Text("username"), in.Text("resourceType"), in.Text("resourceName"), in.Text("operationType")}
}

func (s *Service) addRule(i *instance, in given.Arguments) (any, error) {
	r := ruleOf(in)
	switch {
	case r.kind == "TOPIC" && i.topic(r.name) == nil:
		return nil, fmt.Errorf("topic %s does not exist", r.name)
	case r.kind == "GROUP" && i.group(r.name) == nil:
		return nil, fmt.Errorf("group %s does not exist", r.name)
	case slices.Contains(i.rules, r):
		return nil, fmt.Errorf("the rule of user %s for %s already exists", r.user, r.name)
	}
	i.rules = append(i.rules, r)
	return done(), nil
}

func (s *Service) deleteRule(i *instance, in given.Arguments) (any, error) {
	r := ruleOf(in)
	rules, err := remove(i.rules, "the rule for", r.name, func(one rule) bool { return one == r })
	if err != nil {
		return nil, err
	}
	i.rules = rules
	return done(), nil
}

func (s *Service) rules(i *instance, in given.Arguments) (any, error) {
	rows := []any{}
	wanted := ruleOf(in)
	for _, r := range i.rules {
		if r.user == wanted.user && r.kind == wanted.kind && r.name == wanted.name {
			rows = append(rows, map[string]any{
				"resource": map[string]string{"resourceType": r.kind, "name": r.name},
				"entry":    map[string]any{"data": map[string]string{"principal": "User:" + r.user, "host": "*", "operation": r.operation}},
			})
		}
	}
	return data(rows), nil
}

// policy is a set of rules under a name. The documents show no shape of a rule: what was given is kept.
type policy struct {
	Name      string          `json:"name"`
	Rules     json.RawMessage `json:"rules,omitempty"`
	NewTopics bool            `json:"useNewTopic"`
}

func (i *instance) policy(name string) (*policy, error) {
	at := slices.IndexFunc(i.policies, func(p *policy) bool { return p.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("policy %s does not exist", name)
	}
	return i.policies[at], nil
}

func (s *Service) createPolicy(i *instance, in given.Arguments) (any, error) {
	if p, err := i.policy(in.Text("name")); err == nil {
		return nil, fmt.Errorf("policy %s already exists", p.Name)
	}
	i.policies = append(i.policies, &policy{in.Text("name"), in["rules"], in.Switch("useNewTopic")})
	return done(), nil
}

func (s *Service) deletePolicy(i *instance, in given.Arguments) (any, error) {
	gone, err := i.policy(in.Text("name"))
	if err != nil {
		return nil, err
	}
	i.policies = slices.DeleteFunc(i.policies, func(p *policy) bool { return p == gone })
	return done(), nil
}

func (s *Service) policyDetail(i *instance, in given.Arguments) (any, error) {
	p, err := i.policy(in.Text("name"))
	return data(p), err
}

func (s *Service) listPolicies(i *instance, in given.Arguments) (any, error) {
	var found []*policy
	for _, p := range i.policies {
		if strings.Contains(p.Name, in.Text("name")) {
			found = append(found, p)
		}
	}
	return pageOf(in, found), nil
}

func (s *Service) matchNewTopics(i *instance, in given.Arguments) (any, error) {
	p, err := i.policy(in.Text("name"))
	if err != nil {
		return nil, err
	}
	p.NewTopics = in.Switch("useNewTopic")
	return done(), nil
}
