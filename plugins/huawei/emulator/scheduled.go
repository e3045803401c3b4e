package emulator

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// scheduled is a task that is planned.
type scheduled struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Age  age    `json:"age"`
	// In is how long after the sandbox's begin it runs.
	In     age    `json:"in"`
	Status string `json:"status"`
	at     int64
	due    int64
}

func (s *scheduled) key() string { return s.ID }

func (s *scheduled) begin(now time.Time) {
	s.at, s.due = s.Age.milliseconds(now), now.Add(time.Duration(s.In)).UnixMilli()
}

func (s *scheduled) view() object {
	return object{
		"id": s.ID, "name": s.Name, "user_name": userName, "user_id": userID, "params": "", "status": s.Status,
		"created_at": stamp(s.at), "updated_at": stamp(s.at), "schedule_at": strconv.FormatInt(s.due, 10),
	}
}

func listScheduled(c *call) *sandbox.Answer {
	found := []*scheduled{}
	for _, one := range c.instance.Scheduled {
		if c.during(one.at) {
			found = append(found, one)
		}
	}
	from := min(max(c.whole("start", 0), 0), int64(len(found)))
	shown := found[from:min(from+max(c.whole("limit", defaultPage), 1), int64(len(found)))]
	return ok(object{"job_count": strconv.Itoa(len(found)), "jobs": views(shown, (*scheduled).view)})
}

func withScheduled(handle func(*call, *scheduled) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		one, known := lookUp(c.instance.Scheduled, c.Text("task_id"))
		if !known {
			return unknown("task", c.Text("task_id"))
		}
		return handle(c, one)
	}
}

func updateScheduled(c *call, one *scheduled) *sandbox.Answer {
	if c.has("execute_at") {
		one.due = c.whole("execute_at", one.due)
	}
	if c.Text("status") != "" {
		one.Status = c.Text("status")
	}
	return done()
}

func deleteScheduled(c *call, one *scheduled) *sandbox.Answer {
	c.instance.Scheduled, _ = without(c.instance.Scheduled, one.ID)
	return done()
}
