package verbs

import (
	"context"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// opConnections is the tool's name of the call whose error is an answer.
const opConnections = "huawei_rocketmq_show_connections"

// connections are a group's consumers now.
type connections struct {
	Online     *bool `json:"online"`
	Consistent *bool `json:"subscription_consistency"`
	Clients    []struct {
		ID            string `json:"client_id"`
		Address       string `json:"client_addr"`
		Language      string `json:"language"`
		Version       string `json:"version"`
		Subscriptions []struct {
			Topic      string `json:"topic"`
			Type       string `json:"type"`
			Expression string `json:"expression"`
		} `json:"subscriptions"`
	} `json:"clients"`
	Total number `json:"total"`

	evidence trail.Evidence
}

// connections asks for a group's consumers. That it has none comes as an error, and is an answer.
func (i *inquiry) connections(ctx context.Context, group string) (*connections, error) {
	found := &connections{}
	reply, err := i.do(ctx, "rocketmq/show_connections", map[string]any{"group": group, "limit": pageSize, "is_detail": true}, found)
	if says(err, codeOffline) {
		offline := false
		return &connections{Online: &offline, evidence: saidBy(opConnections, sdk.AsProblem(err))}, nil
	}
	if err != nil {
		return nil, err
	}
	found.evidence = reply.Evidence("")
	if found.Online == nil && found.Clients != nil {
		connected := len(found.Clients) > 0
		found.Online = &connected
	}
	if found.Total.known && found.Total.value > int64(len(found.Clients)) {
		i.lacks("The group %s has %d consumers, and %d were read.", group, found.Total.value, len(found.Clients))
	}
	return found, nil
}

func (c *connections) clients() (clients []trail.Client) {
	for _, one := range c.Clients {
		clients = append(clients, trail.Client{ID: one.ID, Host: one.Address, Language: one.Language, Version: one.Version})
	}
	return clients
}

// complete adds to a subscription what the group's consumers say. Consumers that filter in different ways leave no one
// expression.
func (c *connections) complete(s *trail.Subscription) {
	if c.Online != nil {
		s.Online = c.Online
	}
	s.Consistent = c.Consistent
	var told [][2]string
	for _, client := range c.Clients {
		for _, one := range client.Subscriptions {
			if filter := [2]string{filterType(one.Type), one.Expression}; one.Topic == s.Topic && !slices.Contains(told, filter) {
				told = append(told, filter)
			}
		}
	}
	switch {
	case len(told) == 1:
		s.ExpressionType, s.Expression = told[0][0], told[0][1]
	case len(told) > 1:
		differ := false
		s.Consistent = &differ
	}
}

func filterType(word string) string {
	if known := strings.ToLower(word); known == "tag" || known == "sql92" {
		return known
	}
	return word
}
