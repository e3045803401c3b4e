package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// rocketDiagnoses are RocketMQ's operations on reports.
func rocketDiagnoses() map[string]handler {
	return map[string]handler{
		"CreateDiagnosisTaskForRocketMq": func(c *call) *sandbox.Answer {
			group, known := lookUp(c.instance.RocketMQ.Groups, c.Text("group_name"))
			if !known {
				return unknownGroup()
			}
			return ok(object{"report_id": c.instance.newReport(c, group.Name, "")})
		},
		"ListDiagnosisReportsForRocketMq": func(c *call) *sandbox.Answer {
			return ok(object{"total_num": len(c.instance.Reports), "diagnosis_report_list": views(page(c, c.instance.Reports), func(one *report) object {
				return object{
					"report_id": one.ID, "group_name": one.Group, "consumer_nums": len(c.instance.RocketMQ.clients(one.Group)), "status": "finished",
					"created_at": stamp(one.began), "abnormal_item_sum": 0, "faulted_node_sum": 0,
				}
			})})
		},
		"BatchDeleteDiagnosisRecordsForRocketMq": func(c *call) *sandbox.Answer {
			return ok(object{"report_id_list": append([]string{}, c.dropReports()...)})
		},
		"ShowDiagnosisReportForRocketMq": showDiagnosis,
		"ShowDiagnosisStackForRocketMq":  showStack,
	}
}

func (r *rocketmq) clients(group string) []rocketClient {
	if one, known := lookUp(r.Groups, group); known {
		return one.Clients
	}
	return nil
}

// showDiagnosis finds the report in any instance: its path names none.
func showDiagnosis(c *call) *sandbox.Answer {
	for _, instance := range c.shop.instances {
		if one, known := lookUp(instance.Reports, c.Text("report_id")); known && instance.RocketMQ != nil {
			return ok(instance.RocketMQ.diagnosis(one))
		}
	}
	return unknown("report", c.Text("report_id"))
}

// diagnosis looks at the group as it is now.
func (r *rocketmq) diagnosis(one *report) object {
	clients, lag := r.clients(one.Group), int64(0)
	subscriptions := []object{}
	if group, known := lookUp(r.Groups, one.Group); known {
		for _, name := range group.topics() {
			if topic, known := lookUp(r.Topics, name); known {
				lag += group.lag(topic)
			}
			subscriptions = append(subscriptions, object{"topic_name": name, "consumers_in_tags": []object{
				{"tag_name": group.Subscriptions[name], "consumers": views(clients, func(c rocketClient) string { return c.ID })},
			}})
		}
	}
	return object{
		"report_id": one.ID, "group_name": one.Group, "consumer_nums": len(clients), "status": "finished", "created_at": one.began,
		"abnormal_item_sum": 0, "faulted_node_sum": 0, "online": len(clients) > 0, "message_accumulation": lag, "subscription_consistency": true,
		"duplicate_client_id": false, "different_consumer_type": false, "subscriptions": subscriptions,
		"diagnosis_node_report_list": views(clients, func(client rocketClient) object {
			return object{
				"node_id": client.ID, "is_faulted": false, "abnormal_item_sum": 0, "message_accumulation": lag, "dead_lock": false, "deadlock_thread": "",
				"stack_id": stackOf(client), "is_pop": false, "consume_type": "CONSUME_PASSIVELY",
			}
		}),
	}
}

// stackOf is the id under which a client's stack is kept.
func stackOf(client rocketClient) string {
	return "stack-" + strings.NewReplacer("@", "-", ".", "-", "#", "-").Replace(client.ID)
}

func showStack(c *call) *sandbox.Answer {
	for _, instance := range c.shop.instances {
		if instance.RocketMQ == nil {
			continue
		}
		for _, group := range instance.RocketMQ.Groups {
			for _, client := range group.Clients {
				if stackOf(client) == c.Text("stack_id") {
					thread := "ConsumeMessageThread_" + group.Name + "_1"
					return ok(object{"thread_name": thread, "stack": thread + " TID: 41 STATE: WAITING\n" + thread + " sun.misc.Unsafe.park(Native Method)\n"})
				}
			}
		}
	}
	return unknown("stack", c.Text("stack_id"))
}
