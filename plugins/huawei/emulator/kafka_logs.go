package emulator

import (
	"strconv"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// rebalanceLog is the type of log that has operations of its own.
const rebalanceLog = "REBALANCE"

// kafkaLog is a log that the instance writes into the log service.
type kafkaLog struct {
	ID      string `json:"id"`
	File    string `json:"file"`
	created int64
	running bool
}

// kafkaLogs are the operations on logs.
func kafkaLogs() map[string]handler {
	rebalance := func(*call) string { return rebalanceLog }
	named := func(c *call) string { return c.Text("log_type") }
	return map[string]handler{
		"CreateKafkaRebalanceLogTask": startLog(rebalance), "StopKafkaRebalanceLogTask": stopLog(rebalance),
		"StartKafkaLogTask": startLog(named), "StopKafkaLogTask": stopLog(named),
		"ShowKafkaRebalanceLog": func(c *call) *sandbox.Answer {
			one := c.log(rebalanceLog)
			return ok(object{
				"id": one.ID, "instanceId": c.instance.ID, "status": one.status(), "logStreamId": one.ID + "-stream", "logGroupId": one.ID + "-group",
				"dashboardId": one.ID + "-board", "createAt": strconv.FormatInt(one.created, 10), "updateAt": strconv.FormatInt(one.created, 10),
			})
		},
		"ShowKafkaLogTask": func(c *call) *sandbox.Answer {
			one := c.log(named(c))
			return ok(object{"log_response_list": []object{{
				"id": one.ID, "instance_id": c.instance.ID, "log_group_id": one.ID + "-group", "log_stream_id": one.ID + "-stream",
				"dashboard_id": one.ID + "-board", "status": one.status(), "log_type": named(c), "log_file_name": one.File,
				"created_at": one.created, "updated_at": one.created,
			}}})
		},
	}
}

func (l *kafkaLog) status() string {
	if l.running {
		return "OPEN"
	}
	return "CLOSED"
}

// log is the instance's log of a type. One that never ran is closed.
func (c *call) log(kind string) *kafkaLog {
	one, known := c.instance.Kafka.Logs[kind]
	if !known {
		one = &kafkaLog{ID: c.shop.newID(), created: c.now.UnixMilli()}
		c.instance.Kafka.Logs[kind] = one
	}
	return one
}

func startLog(kind func(*call) string) handler {
	type wanted struct {
		File string `json:"log_file_name"`
	}
	return func(c *call) *sandbox.Answer {
		one := c.log(kind(c))
		one.running = true
		for _, log := range given[[]wanted](c, "log_task_list") {
			one.File = log.File
		}
		return ok(object{"job_id": c.instance.job(c, "openLog")})
	}
}

func stopLog(kind func(*call) string) handler {
	return func(c *call) *sandbox.Answer {
		c.log(kind(c)).running = false
		return ok(object{"job_id": c.instance.job(c, "closeLog")})
	}
}
