package trail_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

// inKafka makes a life in Kafka of one in RocketMQ: no ids, no tags, no schedule, no transaction that shows, no traces.
func inKafka(l *life.Life) {
	l.System, l.ID, l.Transaction, l.DeliverAt, l.Fired, l.Recalled, l.RecallOK = sdktrail.Kafka, "", nil, 0, 0, 0, false
	l.Told.TraceOffered, l.Told.Lost, l.Told.Odd, l.Told.Twice, l.Told.Numbers = false, nil, nil, nil, false
	for i := range l.Groups {
		l.Groups[i].Mode, l.Groups[i].Expression = sdktrail.Clustering, "*"
	}
}

// kafkaTelling is what both vendors tell of Kafka.
type kafkaTelling struct{ *telling }

// made is the time that the producer wrote into the message, which searches go by.
func (k kafkaTelling) made() int64 {
	if len(k.Sends) == 0 {
		return k.Now
	}
	return k.Sends[0].At + k.Told.ProducerSkewMS
}

// found: a search of a window of time finds the message.
func (k kafkaTelling) found(from, to int64) bool {
	return k.there() && !k.absent("timestamp") && k.made() >= from && k.made() <= to
}

func (k kafkaTelling) message() object {
	return object{
		"topic": lifeTopic, "partition": k.Partition, "key": k.Key, "value": "body", "size": int64(11), "timestamp": k.made(), "offset": k.Offset,
		"huge_message": false, "message_offset": k.Offset, "message_id": "", "app_id": "", "tag": "",
	}
}

// another is one whose key only contains that of the message.
func (k kafkaTelling) another(n int64) object {
	one := k.message()
	one["key"], one["offset"], one["message_offset"], one["timestamp"] = k.Key+strconv.FormatInt(n, 10), k.Offset+1000+n, k.Offset+1000+n, k.Now
	return one
}

func (k kafkaTelling) ms(r *http.Request, name string) int64 {
	ms, _ := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
	return ms
}

func (k kafkaTelling) subscribed() []any {
	names := []any{}
	for _, g := range k.Groups {
		if g.Subscribed {
			names = append(names, g.Name)
		}
	}
	return k.listed(names)
}

// position is the group, with whether its position is told, which notes that it is.
func (k kafkaTelling) position(name string) (g life.Group, told bool) {
	at := k.group(name)
	if at < 0 {
		return g, false
	}
	g = k.Groups[at]
	told = k.Told.Positions && k.Stored != 0
	if told && !k.absent("lag") {
		k.waits(g.Name, &g.Waiting)
	}
	if told {
		k.places(g.Name)
	}
	return g, told
}

func huaweiKafkaLife() *lifeVendor {
	const own = "GET /v2/{project}/instances/{instance}"
	return &lifeVendor{
		plugin: "huawei", system: sdktrail.Kafka, ways: []string{"key", "position"}, settings: huaweiSettings, refuse: huaweiRefuses,
		envelope:   func(answer any) any { return answer },
		operations: []string{"messages", "group", "subscriptions", "topics", "instances", "instance"},
		fields: []string{
			"timestamp", "key", "partition", "value", "total", "lag", "message_current_offset", "message_log_end_offset", "state", "members", "retention_time",
			"group_subscribed", "size",
		},
		adapt: inKafka,
		answers: func(s *telling) map[string]answerer {
			k := huaweiKafkaTelling{kafkaTelling{s}}
			return map[string]answerer{
				"GET /v2/{project}/instances":      {"instances", k.instances},
				own:                                {"instance", k.instance},
				own + "/topics":                    {"topics", k.topics},
				own + "/messages":                  {"messages", k.messages},
				own + "/management/topics/{topic}": {"subscriptions", k.topic},
				own + "/management/groups/{group}": {"group", k.group},
			}
		},
	}
}

func TestHuaweiKafkaLives(t *testing.T) { checkLives(t, huaweiKafkaLife()) }

// huaweiKafkaTelling renders lives as Huawei Cloud's DMS for Kafka.
type huaweiKafkaTelling struct{ kafkaTelling }

func (k huaweiKafkaTelling) unknown(r *http.Request) *lifeFailure {
	if r.PathValue("instance") != lifeInstance {
		return &lifeFailure{http.StatusNotFound, "DMS.00404022"}
	}
	return nil
}

func (k huaweiKafkaTelling) one() object {
	return object{"instance_id": lifeInstance, "name": lifeName, "engine": "kafka", "status": "RUNNING"}
}

func (k huaweiKafkaTelling) instances(r *http.Request) (any, *lifeFailure) {
	if r.URL.Query().Get("engine") != "kafka" {
		return object{"instances": []any{}, "instance_num": int64(0)}, nil
	}
	return object{"instances": []any{k.one()}, "instance_num": int64(1)}, nil
}

func (k huaweiKafkaTelling) instance(r *http.Request) (any, *lifeFailure) {
	return k.one(), k.unknown(r)
}

func (k huaweiKafkaTelling) topics(r *http.Request) (any, *lifeFailure) {
	topic := object{"name": lifeTopic, "partition": int64(3)}
	if k.Told.Retention {
		topic["retention_time"] = k.RetentionMS / time.Hour.Milliseconds()
	}
	return k.paged(r, "topics", []any{topic}), k.unknown(r)
}

func (k huaweiKafkaTelling) messages(r *http.Request) (any, *lifeFailure) {
	var found []any
	query := r.URL.Query()
	switch {
	case k.unknown(r) != nil:
		return nil, k.unknown(r)
	case query.Has("message_offset"): // the first from there on, which may be another
		offset := k.ms(r, "message_offset")
		switch {
		case k.there() && query.Get("partition") == strconv.FormatInt(k.Partition, 10) && offset <= k.Offset:
			found = []any{k.message()}
		case k.Quirks.Form == 1 && k.Stored != 0:
			found = []any{k.another(1)}
		}
	case k.Quirks.Flooded: // as many hits as the vendor gives
		k.cuts("messages")
		for n := range int64(10) {
			found = append(found, k.another(n))
		}
	case k.Quirks.Form == 3: // it read all that it reads, and did not come to the message
		k.cuts("messages")
	default:
		if k.found(k.ms(r, "start_time"), k.ms(r, "end_time")) {
			found = append(found, k.message())
		}
		if k.Quirks.Form == 1 && k.Stored != 0 {
			found = append(found, k.another(1))
		}
	}
	found = k.listed(found)
	return object{"messages": found, "total": int64(len(found))}, nil
}

func (k huaweiKafkaTelling) topic(r *http.Request) (any, *lifeFailure) {
	return object{"topic": lifeTopic, "group_subscribed": k.subscribed()}, k.unknown(r)
}

func (k huaweiKafkaTelling) group(r *http.Request) (any, *lifeFailure) {
	g, told := k.position(r.PathValue("group"))
	offsets, members := []any{}, []any{}
	if told {
		offsets = append(offsets, object{
			"topic": lifeTopic, "partition": k.Partition, "lag": g.Waiting, "message_current_offset": g.Committed, "message_log_end_offset": g.Committed + g.Waiting,
		}, object{"topic": lifeTopic, "partition": k.Partition + 1, "lag": int64(0), "message_current_offset": int64(5), "message_log_end_offset": int64(5)})
	}
	state := "Empty"
	if g.Online {
		state, members = "Stable", append(members, object{"member_id": "m-1", "client_id": "client-1", "host": "10.0.0.11", "assignment": []any{}})
	}
	if k.Quirks.Form == 2 {
		state = "Napping"
	}
	return object{"group": object{"group_id": g.Name, "state": state, "members": members, "group_message_offsets": k.listed(offsets)}}, k.unknown(r)
}

func ctyunKafkaLife() *lifeVendor {
	return &lifeVendor{
		plugin: "ctyun", system: sdktrail.Kafka, ways: []string{"key", "position"}, settings: ctyunSettings, refuse: ctyunRefuses, envelope: ctyunEnvelope,
		operations: []string{"messages", "message", "topic_status", "subscriptions", "group", "members", "topics", "instances", "queue_instances"},
		fields: []string{
			"timestamp", "offset", "partition", "value", "messagesCount", "begin", "end", "current", "lag", "groupSubscribed", "configs", "total", "status",
		},
		adapt: inKafka,
		answers: func(s *telling) map[string]answerer {
			k := ctyunKafkaTelling{kafkaTelling{s}, ctyunTelling{s}}
			return map[string]answerer{
				"GET /v3/instance/list":              {"queue_instances", func(*http.Request) (any, *lifeFailure) { return k.rocket.obj(object{"prodInstList": []any{}}), nil }},
				"GET /v3/instance/baseInfo":          {"queue_instance", func(*http.Request) (any, *lifeFailure) { return nil, &lifeFailure{http.StatusOK, "NoInstance"} }},
				"GET /v3/instances/query":            {"instances", k.instances},
				"GET /v3/topic/query":                {"topics", k.topics},
				"GET /v3/topic/status":               {"topic_status", k.status},
				"GET /v3/topic/message":              {"messages", k.messages},
				"GET /v3/topic/queryMessageByOffset": {"message", k.atOffset},
				"GET /v3/topic/getDetails":           {"subscriptions", k.details},
				"GET /v3/consumerGroup/status":       {"group", k.progress},
				"GET /v3/consumerGroup/instances":    {"members", k.members},
			}
		},
	}
}

func TestCTyunKafkaLives(t *testing.T) { checkLives(t, ctyunKafkaLife()) }

// ctyunKafkaTelling renders lives as CTyun's Kafka.
type ctyunKafkaTelling struct {
	kafkaTelling
	rocket ctyunTelling
}

func (k ctyunKafkaTelling) unknown(r *http.Request) *lifeFailure { return k.rocket.unknown(r) }

// data is a list, which Kafka's answers have one level down.
func (k ctyunKafkaTelling) data(items []any) any {
	items = k.listed(items)
	return object{"data": items, "total": int64(len(items))}
}

func (k ctyunKafkaTelling) instances(r *http.Request) (any, *lifeFailure) {
	if asked := r.URL.Query().Get("prodInstId"); asked != "" && asked != lifeInstance {
		return k.data(nil), nil
	}
	return k.data([]any{object{"prodInstId": lifeInstance, "instanceName": lifeName, "status": int64(1)}}), nil
}

func (k ctyunKafkaTelling) topics(r *http.Request) (any, *lifeFailure) {
	topic := object{"name": lifeTopic, "partitionNum": int64(3), "configs": object{}}
	if k.Told.Retention {
		topic["configs"] = object{"retention.ms": k.RetentionMS}
	}
	return k.data([]any{topic}), k.unknown(r)
}

func (k ctyunKafkaTelling) status(r *http.Request) (any, *lifeFailure) {
	var rows []any
	for partition := range int64(3) {
		row := object{"partitionId": partition, "begin": int64(0), "end": int64(0)}
		if partition == k.Partition && k.Stored != 0 {
			row["begin"], row["end"] = max(k.Offset-100, 0), k.Offset+100
		}
		rows = append(rows, row)
	}
	return k.data(rows), k.unknown(r)
}

func (k ctyunKafkaTelling) messages(r *http.Request) (any, *lifeFailure) {
	var found []any
	count := int64(0)
	if r.URL.Query().Get("partitionId") == strconv.FormatInt(k.Partition, 10) && k.Stored != 0 {
		switch content := r.URL.Query().Get("content"); {
		case content != "": // the key is not in the content
		case k.Quirks.Flooded: // the message is not on the first page
			k.cuts("messages")
			for n := range int64(500) {
				found = append(found, k.another(n))
			}
			count = 10_000
		case k.found(k.ms(r, "startTime"), k.ms(r, "endTime")):
			found = []any{k.message(), k.another(1)}
		}
	}
	return object{"messages": k.listed(found), "messagesCount": max(count, int64(len(found)))}, k.unknown(r)
}

func (k ctyunKafkaTelling) atOffset(r *http.Request) (any, *lifeFailure) {
	if !k.there() || k.ms(r, "offset") != k.Offset || k.ms(r, "partition") != k.Partition {
		return k.data(nil), k.unknown(r)
	}
	return k.data([]any{k.message()}), k.unknown(r)
}

func (k ctyunKafkaTelling) details(r *http.Request) (any, *lifeFailure) {
	return k.data([]any{object{"topicName": lifeTopic, "groupSubscribed": k.subscribed()}}), k.unknown(r)
}

func (k ctyunKafkaTelling) progress(r *http.Request) (any, *lifeFailure) {
	g, told := k.position(r.URL.Query().Get("groupName"))
	if !told {
		return k.data(nil), k.unknown(r)
	}
	return k.data([]any{object{
		"topicName": lifeTopic, "partitionId": k.Partition, "offsets": object{"end": g.Committed + g.Waiting, "current": g.Committed, "lag": g.Waiting},
	}}), k.unknown(r)
}

func (k ctyunKafkaTelling) members(r *http.Request) (any, *lifeFailure) {
	var rows []any
	if at := k.group(r.URL.Query().Get("groupName")); at >= 0 && k.Groups[at].Online {
		rows = append(rows, object{"consumerId": "m-1", "clientId": "client-1", "host": "10.0.0.11", "topicPartitions": object{lifeTopic: []any{k.Partition}}})
	}
	return k.data(rows), k.unknown(r)
}
