package emulator

import (
	"maps"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// maxConnectorTasks is how many tasks an instance's connector runs.
const maxConnectorTasks = 18

// connectorTask copies topics to another cluster or to a bucket.
type connectorTask struct {
	ID     string `json:"id"`
	Age    age    `json:"age"`
	Fields object `json:"fields"`
	Status string `json:"status"`

	created int64
}

func (t *connectorTask) key() string { return t.ID }

func (t *connectorTask) view() object {
	view := maps.Clone(t.Fields)
	view["id"], view["status"], view["create_time"] = t.ID, t.Status, t.created
	return view
}

// kafkaConnectors are the operations on Smart Connect.
func kafkaConnectors() map[string]handler {
	return map[string]handler{
		"CreateConnector": createConnector, "DeleteConnector": deleteConnector,
		"CreateConnectorTask": createConnectorTask, "ListConnectorTasks": listConnectorTasks,
		"ShowConnectorTask": withConnectorTask(func(_ *call, one *connectorTask) *sandbox.Answer { return ok(one.view()) }),
		"ModifyConnectorTask": withConnectorTask(func(c *call, one *connectorTask) *sandbox.Answer {
			one.set(c)
			return ok(one.view())
		}),
		"DeleteConnectorTask": withConnectorTask(func(c *call, one *connectorTask) *sandbox.Answer {
			c.instance.Kafka.Connectors, _ = without(c.instance.Kafka.Connectors, one.ID)
			return done()
		}),
		"PauseConnectorTask":  withConnectorTask(turns("RUNNING", "PAUSED")),
		"ResumeConnectorTask": withConnectorTask(turns("PAUSED", "RUNNING")),
		// A task that was left for later is started with a restart.
		"RestartConnectorTask":      withConnectorTask(turns("", "RUNNING")),
		"RestartSmartConnectorTask": withConnectorTask(turns("", "RUNNING")),
		"ValidateConnectorConnectivity": func(c *call) *sandbox.Answer {
			if !c.connected() {
				return noConnector()
			}
			return done()
		},
	}
}

func (c *call) connected() bool {
	on, _ := c.instance.Fields["connector_enable"].(bool)
	return on
}

func noConnector() *sandbox.Answer {
	return failure(http.StatusNotFound, "DMS.00404024", "Connector does not exist.")
}

// turns changes the status of a task that has the other one; any, when that is empty.
func turns(from, to string) func(*call, *connectorTask) *sandbox.Answer {
	return func(_ *call, one *connectorTask) *sandbox.Answer {
		if from != "" && one.Status != from {
			return invalid("task_id", "the task is "+one.Status)
		}
		one.Status = to
		return done()
	}
}

func withConnectorTask(handle func(*call, *connectorTask) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		one, known := lookUp(c.instance.Kafka.Connectors, c.Text("task_id"))
		if !known {
			return failure(http.StatusNotFound, "DMS.00404026", "The dumping task does not exist.")
		}
		return handle(c, one)
	}
}

func createConnector(c *call) *sandbox.Answer {
	if c.connected() {
		return failure(http.StatusNotFound, "DMS.00404027", "Connector already exists.")
	}
	id := c.shop.newID()
	c.instance.Fields["connector_enable"], c.instance.Fields["connector_id"] = true, id
	return ok(object{"job_id": c.instance.job(c, "createConnector"), "connector_id": id})
}

func deleteConnector(c *call) *sandbox.Answer {
	switch {
	case !c.connected():
		return noConnector()
	case len(c.instance.Kafka.Connectors) > 0:
		return failure(http.StatusInternalServerError, "DMS.00501012", "Smart Connect tasks exist.")
	}
	c.instance.Fields["connector_enable"], c.instance.Fields["connector_id"] = false, ""
	return ok(object{"job_id": c.instance.job(c, "deleteConnector")})
}

func createConnectorTask(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	switch {
	case !c.connected():
		return noConnector()
	case len(k.Connectors) >= maxConnectorTasks:
		return failure(http.StatusNotFound, "DMS.00404029", "The dumping task quota has been reached.")
	}
	made := &connectorTask{ID: c.shop.newUUID(), Status: "RUNNING", Fields: object{}, created: c.now.UnixMilli()}
	if given[bool](c, "start_later") {
		made.Status = "WAITING"
	}
	made.set(c)
	k.Connectors = append(k.Connectors, made)
	return ok(made.view())
}

// set takes the task's settings over, without the passwords and keys in them.
func (t *connectorTask) set(c *call) {
	for _, name := range []string{"task_name", "topics", "topics_regex", "source_type", "sink_type"} {
		if c.has(name) {
			t.Fields[name] = c.value(name)
		}
	}
	for _, name := range []string{"source_task", "sink_task"} {
		if !c.has(name) {
			continue
		}
		settings := given[object](c, name)
		for _, secret := range []string{"password", "access_key", "secret_key"} {
			delete(settings, secret)
		}
		t.Fields[name] = settings
	}
}

func listConnectorTasks(c *call) *sandbox.Answer {
	tasks := c.instance.Kafka.Connectors
	return ok(object{
		"tasks": views(page(c, tasks), (*connectorTask).view), "total_number": len(tasks),
		"max_tasks": maxConnectorTasks, "quota_tasks": maxConnectorTasks - len(tasks),
	})
}
