package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// migration is a task that brought topics and groups from elsewhere.
type migration struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Age  age    `json:"age"`
	at   int64
}

func (m *migration) key() string { return m.ID }

func (m *migration) view() object {
	return object{"id": m.ID, "name": m.Name, "start_date": time.UnixMilli(m.at).UTC().Format(time.RFC3339), "status": "finished", "type": m.Type}
}

// rocketMigrations are the operations on migrations.
func rocketMigrations() map[string]handler {
	return map[string]handler{
		"CreateRocketMqMigrationTask": createMigration, "ListRocketMqMigrationTask": listMigrations, "BatchDeleteRocketMqMigrationTask": deleteMigrations,
	}
}

// createMigration makes the topics and groups that the tables name, and that are not there yet.
func createMigration(c *call) *sandbox.Answer {
	type topic struct {
		Queues whole `json:"write_queue_nums"`
	}
	type group struct {
		Retries whole `json:"retry_max_times"`
	}
	r := c.instance.RocketMQ
	for name, wanted := range given[map[string]topic](c, "topic_config_table") {
		if _, known := lookUp(r.Topics, name); !known {
			made := &rocketTopic{Name: name, Type: "NORMAL", Permission: "all", created: c.now.UnixMilli()}
			made.grow(max(int64(wanted.Queues), 1))
			r.Topics = append(r.Topics, made)
		}
	}
	for name, wanted := range given[map[string]group](c, "subscription_group_table") {
		if _, known := lookUp(r.Groups, name); !known {
			made := &rocketGroup{Name: name, Retries: cmp.Or(int64(wanted.Retries), maxRetries), created: c.now.UnixMilli(), positions: map[string][]int64{}}
			r.Groups = append(r.Groups, made)
		}
	}
	made := &migration{ID: c.shop.newID(), Name: c.Text("name"), Type: c.Text("type"), at: c.now.UnixMilli()}
	r.Migrations = append(r.Migrations, made)
	return ok(object{"task_id": made.ID})
}

func listMigrations(c *call) *sandbox.Answer {
	found := slices.DeleteFunc(slices.Clone(c.instance.RocketMQ.Migrations), func(one *migration) bool {
		return c.has("id") && one.ID != c.Text("id") || !contains(one.Name, c.Text("name"))
	})
	return ok(object{"total": len(found), "task": views(page(c, found), (*migration).view)})
}

func deleteMigrations(c *call) *sandbox.Answer {
	r, dropped := c.instance.RocketMQ, []string{}
	for _, id := range given[[]string](c, "task_ids") {
		if rest, known := without(r.Migrations, id); known {
			r.Migrations, dropped = rest, append(dropped, id)
		}
	}
	return ok(object{"success_task_list": dropped})
}
