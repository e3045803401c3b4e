package emulator

import (
	"slices"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// report is a diagnosis of a group's consumption.
type report struct {
	ID    string `json:"id"`
	Group string `json:"group"`
	Topic string `json:"topic"`
	Age   age    `json:"age"`
	began int64
}

func (r *report) key() string { return r.ID }

// newReport begins a diagnosis, which is done at once.
func (i *instance) newReport(c *call, group, topic string) string {
	made := &report{ID: c.shop.newID(), Group: group, Topic: topic, began: c.now.UnixMilli()}
	i.Reports = append([]*report{made}, i.Reports...)
	return made.ID
}

// dropReports deletes what of the argument is there, and says which.
func (c *call) dropReports() (dropped []string) {
	for _, id := range given[[]string](c, "report_id_list") {
		if rest, known := without(c.instance.Reports, id); known {
			c.instance.Reports = rest
			dropped = append(dropped, id)
		}
	}
	return dropped
}

// kafkaDiagnoses are Kafka's operations on reports.
func kafkaDiagnoses() map[string]handler {
	return map[string]handler{
		"CreateMessageDiagnosisTask": func(c *call) *sandbox.Answer {
			group, known := lookUp(c.instance.Kafka.Groups, c.Text("group_name"))
			if !known {
				return unknownGroup()
			}
			topic, known := lookUp(c.instance.Kafka.Topics, c.Text("topic_name"))
			if !known {
				return unknownTopic()
			}
			return ok(object{"report_id": c.instance.newReport(c, group.Name, topic.Name)})
		},
		"ListMessageDiagnosisReports": func(c *call) *sandbox.Answer {
			return ok(object{"total_num": len(c.instance.Reports), "report_list": views(page(c, c.instance.Reports), func(r *report) object {
				return object{
					"report_id": r.ID, "status": "finished", "begin_time": stamp(r.began), "end_time": stamp(r.began),
					"group_name": r.Group, "topic_name": r.Topic, "accumulated_partitions": len(c.instance.Kafka.late(r.Group, r.Topic)),
				}
			})})
		},
		"ShowMessageDiagnosisReport": func(c *call) *sandbox.Answer {
			one, known := lookUp(c.instance.Reports, c.Text("report_id"))
			if !known {
				return unknown("report", c.Text("report_id"))
			}
			return ok(c.instance.Kafka.diagnosis(one))
		},
		"BatchDeleteMessageDiagnosisReports": func(c *call) *sandbox.Answer {
			dropped := c.dropReports()
			return ok(object{"results": views(given[[]string](c, "report_id_list"), func(id string) object {
				return object{"id": id, "result": slices.Contains(dropped, id)}
			})})
		},
		"ShowDiagnosisPreCheck": func(c *call) *sandbox.Answer {
			_, group := lookUp(c.instance.Kafka.Groups, c.Text("group"))
			_, topic := lookUp(c.instance.Kafka.Topics, c.Text("topic"))
			return ok([]object{
				{"name": "group", "success": group, "reason": reason(group, "The group does not exist.")},
				{"name": "topic", "success": topic, "reason": reason(topic, "The topic does not exist.")},
			})
		},
	}
}

func reason(success bool, text string) string {
	if success {
		return ""
	}
	return text
}

// diagnosis looks at the lag as it is now.
func (k *kafka) diagnosis(one *report) object {
	late := k.late(one.Group, one.Topic)
	result, abnormal := "normal", 0
	if len(late) > 0 {
		result, abnormal = "abnormal", 1
	}
	return object{
		"abnormal_item_num": abnormal, "failed_item_num": 0, "normal_item_num": 1 - abnormal,
		"diagnosis_dimension_list": []object{{
			"name": "consumer", "abnormal_num": abnormal, "failed_num": 0,
			"diagnosis_item_list": []object{{
				"name": "message_accumulation", "result": result, "cause_ids": []object{}, "advice_ids": []object{},
				"partitions": late, "failed_partitions": []int{}, "broker_ids": []int{},
			}},
		}},
	}
}
