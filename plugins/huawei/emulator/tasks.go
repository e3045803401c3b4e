package emulator

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The user that the shop's work is done as.
const (
	userID   = "5a4d00000000000000000000000000aa"
	userName = "shop-operator"
)

// task is a background task. It has ended: nothing takes time here.
type task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Age  age    `json:"age"`
	at   int64
}

func (t *task) key() string         { return t.ID }
func (t *task) begin(now time.Time) { t.at = t.Age.milliseconds(now) }

func (t *task) view() object {
	return object{
		"id": t.ID, "name": t.Name, "user_name": userName, "user_id": userID, "params": "", "status": "SUCCESS",
		"created_at": stamp(t.at), "updated_at": stamp(t.at),
	}
}

// job is a task that the call starts. It returns its id.
func (i *instance) job(c *call, name string) string {
	made := &task{ID: c.shop.newID(), Name: name, at: c.now.UnixMilli()}
	i.Tasks = append([]*task{made}, i.Tasks...) // the newest comes first
	return made.ID
}

// startsJob answers with the id of a task that does nothing else here.
func startsJob(name string) handler {
	return func(c *call) *sandbox.Answer { return ok(object{"job_id": c.instance.job(c, name)}) }
}

func listTasks(c *call) *sandbox.Answer {
	found := []*task{}
	for _, one := range c.instance.Tasks {
		if c.during(one.at) {
			found = append(found, one)
		}
	}
	return ok(object{"task_count": strconv.Itoa(len(found)), "tasks": views(page(c, found), (*task).view)})
}

// during reports whether a moment is between begin_time and end_time, as far as they are given.
func (c *call) during(milliseconds int64) bool {
	const layout = "20060102150405"
	moment := time.UnixMilli(milliseconds).UTC().Format(layout)
	return (!c.has("begin_time") || moment >= c.Text("begin_time")) && (!c.has("end_time") || moment <= c.Text("end_time"))
}

// withTask finds the task that the path names.
func withTask(handle func(*call, *task) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		one, known := lookUp(c.instance.Tasks, c.Text("task_id"))
		if !known {
			return unknown("task", c.Text("task_id"))
		}
		return handle(c, one)
	}
}

func showTask(_ *call, one *task) *sandbox.Answer {
	return ok(object{"task_count": "1", "tasks": []object{one.view()}})
}

func showTaskProgress(_ *call, one *task) *sandbox.Answer {
	return ok(object{"progress_percentage": 100, "remain_time": 0, "step_list": []object{
		{"name": one.Name, "statue": "SUCCESS", "start_time": stamp(one.at), "end_time": stamp(one.at)},
	}})
}

func deleteTask(c *call, one *task) *sandbox.Answer {
	c.instance.Tasks, _ = without(c.instance.Tasks, one.ID)
	return done()
}
