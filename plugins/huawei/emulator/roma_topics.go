package emulator

import (
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func listROMATopics(c *call) *sandbox.Answer {
	found, used := []*romaTopic{}, 0
	for _, topic := range c.instance.ROMA.Topics {
		used += topic.Partitions * int(topic.Replication)
		if contains(topic.Name, c.Text("name")) && contains(topic.AppName, c.Text("app_name")) && topic.allows(c.Text("access_policy")) {
			found = append(found, topic)
		}
	}
	shown := page(c, found)
	return ok(object{
		"total": len(found), "size": len(shown), "permissions": []string{"all"}, "topics": views(shown, (*romaTopic).view),
		"max_partitions": maxPartitions, "remain_partitions": maxPartitions - used,
	})
}

func (t *romaTopic) allows(access string) bool {
	return access == "" || slices.ContainsFunc(t.Policies, func(p romaPolicy) bool { return p.Access == access })
}

func createROMATopic(c *call) *sandbox.Answer {
	r := c.instance.ROMA
	if _, taken := lookUp(r.Topics, c.Text("name")); taken {
		return topicExists()
	}
	made := &romaTopic{
		Name: c.Text("name"), Description: c.Text("description"), AppID: c.Text("app_id"), AppName: c.Text("app_id"), Sensitive: c.Text("sensitive_word"),
		Partitions: int(c.whole("partition", 3)), Replication: c.whole("replication", 3), Retention: c.whole("retention_time", 72),
		Synchronous: given[bool](c, "sync_replication"), Flush: given[bool](c, "sync_message_flush"),
	}
	made.Policies = []romaPolicy{{Owner: true, AppID: made.AppID, AppName: made.AppName, Access: c.Text("access_policy"), Tag: c.Text("tag")}}
	r.Topics = append(r.Topics, made)
	return ok(object{"name": made.Name})
}

func updateROMATopics(c *call) *sandbox.Answer {
	type change struct {
		Name        string  `json:"name"`
		Description *string `json:"description"`
		Sensitive   *string `json:"sensitive_word"`
		Retention   *whole  `json:"retention_time"`
		Synchronous *bool   `json:"sync_replication"`
		Flush       *bool   `json:"sync_message_flush"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.ROMA.Topics, one.Name); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.ROMA.Topics, one.Name)
		replace(&topic.Description, one.Description)
		replace(&topic.Sensitive, one.Sensitive)
		replace(&topic.Synchronous, one.Synchronous)
		replace(&topic.Flush, one.Flush)
		if one.Retention != nil {
			topic.Retention = int64(*one.Retention)
		}
	}
	return done()
}

func deleteROMATopics(c *call, names []string) *sandbox.Answer {
	r := c.instance.ROMA
	return ok(object{"topics": views(names, func(name string) object {
		rest, known := without(r.Topics, name)
		r.Topics = rest
		return object{"id": name, "success": known}
	})})
}

func showROMAPolicies(c *call) *sandbox.Answer {
	topic, known := lookUp(c.instance.ROMA.Topics, c.Text("topic_name"))
	if !known {
		return unknownTopic()
	}
	shown := page(c, topic.Policies)
	return ok(object{"name": topic.Name, "policies": shown, "total": len(topic.Policies), "size": len(shown), "operation": "all"})
}

func updateROMAPolicies(c *call) *sandbox.Answer {
	type change struct {
		Name     string       `json:"name"`
		Policies []romaPolicy `json:"policies"`
	}
	changes := given[[]change](c, "topics")
	for _, one := range changes {
		if _, known := lookUp(c.instance.ROMA.Topics, one.Name); !known {
			return unknownTopic()
		}
	}
	for _, one := range changes {
		topic, _ := lookUp(c.instance.ROMA.Topics, one.Name)
		topic.Policies = one.Policies
	}
	return done()
}
