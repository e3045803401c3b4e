package trail_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

func huaweiLife() *lifeVendor {
	const (
		instances = "GET /v2/{project}/instances"
		own       = instances + "/{instance}"
		rocket    = "GET /v2/{project}/rocketmq/instances/{instance}"
	)
	return &lifeVendor{
		plugin: "huawei", system: sdktrail.RocketMQ, ways: []string{"id", "key"}, settings: huaweiSettings, refuse: huaweiRefuses, envelope: func(answer any) any { return answer },
		operations: []string{"messages", "get_trace", "subscriptions", "groups", "group", "clients", "progress", "topics", "configs", "instances"},
		fields: []string{
			"store_timestamp", "born_timestamp", "queue_id", "queue_offset", "body", "property_list", "timestamp", "request_id", "consume_status", "retry_times",
			"client_host", "offset_msg_id", "msg_type", "transaction_state", "success", "broadcast", "retry_max_time", "group_online", "online", "lag",
			"consumer_offset", "last_message_time", "brokers", "expression", "clients", "total", "rocketmq_configs", "cost_time",
		},
		adapt: func(l *life.Life) { older(l); withoutRecording(l) },
		answers: func(s *telling) map[string]answerer {
			h := huaweiTelling{s}
			return map[string]answerer{
				instances:                          {"instances", h.instances},
				own:                                {"instance", h.instance},
				own + "/topics":                    {"topics", h.topics},
				own + "/topics/{topic}/groups":     {"subscriptions", h.groupNames},
				own + "/groups":                    {"groups", h.groups},
				own + "/groups/{group}":            {"group", h.group},
				own + "/groups/{group}/topics":     {"progress", h.progress},
				rocket + "/groups/{group}/clients": {"clients", h.clients},
				rocket + "/configs":                {"configs", h.configs},
				rocket + "/messages":               {"messages", h.messages},
				rocket + "/trace":                  {"get_trace", h.trace},
			}
		},
	}
}

func TestHuaweiLives(t *testing.T) { checkLives(t, huaweiLife()) }

func huaweiSettings(endpoint string) string {
	return fmt.Sprintf(`{"endpoint": %q, "region": "cn-north-4", "project_id": "0123456789abcdef0123456789abcdef", "access_key": "life", "secret_key": "life-secret"}`, endpoint)
}

func huaweiRefuses(w http.ResponseWriter, failure lifeFailure) {
	w.WriteHeader(failure.Status)
	_ = json.NewEncoder(w).Encode(object{"error_code": failure.Code, "error_msg": "It was refused."})
}

// older gives half of the lives an id of a client of version 4, which counts in UTC+8.
func older(l *life.Life) {
	if l.Offset%2 == 0 || len(l.Sends) == 0 {
		return
	}
	born := time.UnixMilli(l.Sends[0].At).In(zone)
	month := time.Date(born.Year(), born.Month(), 1, 0, 0, 0, 0, zone)
	l.ID = rocketmq.UniqueID{
		Host: netip.MustParseAddr("10.0.0.1"), PID: 4711, LoaderHash: 0x18B4AAC2, MonthMillis: uint32(born.Sub(month).Milliseconds()), Counter: 7,
	}.String()
}

// withoutRecording: whether traces are written is each client's setting.
func withoutRecording(l *life.Life) { l.Told.Recording = nil }

// brokerID is the id that the broker has for the message.
func brokerID(l *life.Life) string {
	return rocketmq.OffsetID{Broker: netip.MustParseAddrPort("10.0.0.9:10911"), Offset: l.Offset*100 + 42}.String()
}

// huaweiTelling renders lives as Huawei Cloud's DMS for RocketMQ.
type huaweiTelling struct{ *telling }

func (h huaweiTelling) unknown(r *http.Request) *lifeFailure {
	if r.PathValue("instance") != lifeInstance {
		return &lifeFailure{http.StatusNotFound, "DMS.00404022"}
	}
	return nil
}

// paged is the part of a list that a call asks for.
func (s *telling) paged(r *http.Request, name string, items []any) object {
	items = s.listed(items)
	total := len(items)
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = total
	}
	items = items[min(offset, total):]
	return object{name: items[:min(limit, len(items))], "total": int64(total)}
}

func (h huaweiTelling) instances(r *http.Request) (any, *lifeFailure) {
	if r.URL.Query().Get("engine") == "kafka" {
		return object{"instances": []any{}, "instance_num": int64(0)}, nil
	}
	return object{"instances": []any{h.one()}, "instance_num": int64(1)}, nil
}

func (h huaweiTelling) one() object {
	return object{"instance_id": lifeInstance, "name": lifeName, "engine": "reliability", "status": "RUNNING"}
}

func (h huaweiTelling) instance(r *http.Request) (any, *lifeFailure) { return h.one(), h.unknown(r) }

func (h huaweiTelling) topics(r *http.Request) (any, *lifeFailure) {
	return h.paged(r, "topics", []any{object{"name": lifeTopic, "total_write_queue_num": int64(3)}}), h.unknown(r)
}

func (h huaweiTelling) configs(r *http.Request) (any, *lifeFailure) {
	var configs []any
	if h.Told.Retention {
		configs = append(configs, object{"name": "fileReservedTime", "value": strconv.FormatInt(h.RetentionMS/time.Hour.Milliseconds(), 10)})
	}
	return h.paged(r, "rocketmq_configs", configs), h.unknown(r)
}

// messages are found by the broker's id, by key and by time; those of dead-letter queues, too.
func (h huaweiTelling) messages(r *http.Request) (any, *lifeFailure) {
	query := r.URL.Query()
	if of, ok := rocketmq.ParseGroupTopic(query.Get("topic")); ok {
		return h.deadLetters(r, of.Group)
	}
	within := func(name string, otherwise int64) int64 {
		ms, err := strconv.ParseInt(query.Get(name), 10, 64)
		if err != nil {
			return otherwise
		}
		return ms
	}
	byID := query.Get("msg_id")
	in := h.Stored >= within("start_time", 0) && h.Stored <= within("end_time", h.Now)
	switch {
	case h.unknown(r) != nil:
		return nil, h.unknown(r)
	case byID == "" && h.Quirks.Flooded:
		return h.flood(r), nil
	case h.there() && (byID == brokerID(&h.Life) || byID == "" && in && (query.Get("key") == h.Key || !query.Has("key"))):
		return h.paged(r, "messages", []any{h.message(lifeTopic, brokerID(&h.Life))}), nil
	}
	return h.paged(r, "messages", nil), nil
}

// flood are more messages of the window, or with the key, than anybody reads.
func (h huaweiTelling) flood(r *http.Request) object {
	h.cuts("messages")
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	var others []any
	for n := range limit {
		others = append(others, object{
			"msg_id": fmt.Sprintf("0A00000900002A9F%016X", offset+n), "topic": lifeTopic, "store_timestamp": h.Now, "born_timestamp": h.Now,
			"property_list": []any{object{"name": "UNIQ_KEY", "value": fmt.Sprintf("02%032X", offset+n)}},
		})
	}
	return object{"messages": others, "total": int64(1000)}
}

func (h huaweiTelling) message(topic, id string, more ...any) object {
	properties := append([]any{object{"name": "UNIQ_KEY", "value": h.ID}, object{"name": "KEYS", "value": h.Key}, object{"name": "TAGS", "value": h.Tag}}, more...)
	if h.Transaction != nil {
		properties = append(properties, object{"name": "TRAN_MSG", "value": "true"})
	}
	if h.DeliverAt != 0 {
		properties = append(properties, object{"name": "TIMER_DELIVER_MS", "value": strconv.FormatInt(h.DeliverAt, 10)})
	}
	told := object{
		"msg_id": id, "topic": topic, "store_timestamp": h.Stored, "born_timestamp": h.Sends[0].At + h.Told.ProducerSkewMS, "body": "body", "property_list": properties,
		"reconsume_times": int64(0),
	}
	if h.Told.Partition && topic == lifeTopic {
		told["queue_id"], told["queue_offset"] = h.Partition, h.Offset
	}
	return told
}

func (h huaweiTelling) deadLetters(r *http.Request, group string) (any, *lifeFailure) {
	at := h.telling.group(group)
	if at < 0 || h.Groups[at].Dead == 0 {
		if h.Quirks.Form%2 == 0 {
			return nil, &lifeFailure{http.StatusBadRequest, "DMS.00400876"}
		}
		return h.paged(r, "messages", nil), nil
	}
	copied := h.message(rocketmq.DeadLetterTopic(group), fmt.Sprintf("0A00000900002A9F%016X", 7), object{"name": "ORIGIN_MESSAGE_ID", "value": brokerID(&h.Life)})
	copied["store_timestamp"], copied["queue_id"], copied["queue_offset"] = h.Groups[at].Dead, int64(0), int64(7)
	return h.paged(r, "messages", []any{copied}), nil
}

// trace is what the clients wrote: nothing of the broker.
func (h huaweiTelling) trace(r *http.Request) (any, *lifeFailure) {
	if h.unknown(r) != nil {
		return nil, h.unknown(r)
	}
	var steps []any
	if h.Told.TraceOffered && r.URL.Query().Get("msg_id") == h.ID {
		h.tells()
		steps = append(h.sending(), h.consuming()...)
	}
	page := h.paged(r, "trace", steps)
	if h.Quirks.Form%2 == 1 { // the older form
		return page["trace"], nil
	}
	return page, nil
}

func (h huaweiTelling) step(kind string, at int64) object {
	return object{"trace_type": kind, "timestamp": at, "msg_id": h.ID, "topic": lifeTopic, "keys": h.Key, "tags": h.tag(), "success": true}
}

func (h huaweiTelling) tag() any {
	if h.Told.TagShown {
		return h.Tag
	}
	return nil
}

func (h huaweiTelling) sending() []any {
	var steps []any
	for i, send := range h.Sends {
		for range h.fates.sends[i].times() {
			step := h.step("Pub", send.At+h.Told.ProducerSkewMS)
			step["success"], step["msg_type"], step["client_host"], step["cost_time"] = send.OK, h.kind(), "10.0.0.1", int64(3)
			if send.OK {
				step["offset_msg_id"] = brokerID(&h.Life)
			}
			if h.fates.sends[i].Odd {
				step["success"] = nil
			}
			steps = append(steps, step)
		}
	}
	if tx := h.Transaction; tx != nil && tx.Ended != 0 {
		for range h.fates.end.times() {
			step := h.step("EndTransaction", tx.Ended+h.Told.ProducerSkewMS)
			step["transaction_state"] = map[bool]string{true: "COMMIT_MESSAGE", false: "ROLLBACK_MESSAGE"}[tx.Commit]
			if h.fates.end.Odd {
				step["transaction_state"] = "UNKNOW"
			}
			steps = append(steps, step)
		}
	}
	return steps
}

func (h huaweiTelling) kind() string {
	switch {
	case h.Transaction != nil:
		return "Trans_Msg_Half"
	case h.DeliverAt != 0:
		return "Delay_Msg"
	}
	return "Normal_Msg"
}

func (h huaweiTelling) consuming() []any {
	var steps []any
	for i, g := range h.Groups {
		for n, d := range g.Deliveries {
			step := func(kind string, at int64) object {
				step := h.step(kind, at+h.skew(d))
				step["group_name"], step["client_host"] = g.Name, host(d)
				if h.Told.Receipts {
					step["request_id"] = d.Receipt
				}
				return step
			}
			begun, ended := h.fates.groups[i].begun[n], h.fates.groups[i].ended[n]
			for range begun.times() {
				before := step("SubBefore", d.At)
				if h.Told.Numbers {
					before["retry_times"] = d.Number - 1
				}
				steps = append(steps, before)
			}
			for range ended.times() {
				after := step("SubAfter", d.Ended)
				after["consume_status"], after["cost_time"] = h.status(ended, d.OK), d.Ended-d.At
				if h.Quirks.Form >= 2 { // the number that nobody wrote
					after["retry_times"] = int64(0)
				}
				if !d.OK {
					after["success"] = h.Quirks.Form%2 == 0 // clients say true of what came back at all
				}
				steps = append(steps, after)
			}
		}
	}
	return steps
}

func (h huaweiTelling) status(fate told, ok bool) any {
	switch {
	case fate.Odd && h.Quirks.Form%2 == 0:
		return nil
	case fate.Odd:
		return int64(9)
	case ok:
		return int64(0)
	default:
		return []int64{1, 2, 4, 5}[h.Quirks.Form]
	}
}

func (h huaweiTelling) groupNames(r *http.Request) (any, *lifeFailure) {
	var names []any
	for _, g := range h.Groups {
		if g.Subscribed {
			names = append(names, g.Name)
		}
	}
	return h.paged(r, "groups", names), h.unknown(r)
}

func (h huaweiTelling) setting(g life.Group) object {
	told := object{"name": g.Name, "group_online": g.Online}
	if h.Told.Mode {
		told["broadcast"] = g.Mode == sdktrail.Broadcasting
	}
	if h.Told.Max {
		told["retry_max_time"] = g.MaxAttempts - 1
	}
	return told
}

func (h huaweiTelling) groups(r *http.Request) (any, *lifeFailure) {
	var all []any
	for _, g := range h.Groups {
		all = append(all, h.setting(g))
	}
	return h.paged(r, "groups", all), h.unknown(r)
}

// about is the group of a call.
func (h huaweiTelling) about(r *http.Request) (life.Group, *lifeFailure) {
	at := h.telling.group(r.PathValue("group"))
	if at < 0 {
		return life.Group{}, &lifeFailure{http.StatusNotFound, "DMS.00404001"}
	}
	return h.Groups[at], h.unknown(r)
}

func (h huaweiTelling) group(r *http.Request) (any, *lifeFailure) {
	g, failure := h.about(r)
	return h.setting(g), failure
}

func (h huaweiTelling) clients(r *http.Request) (any, *lifeFailure) {
	g, failure := h.about(r)
	switch {
	case failure != nil:
		return nil, failure
	case !g.Online:
		return nil, &lifeFailure{http.StatusBadRequest, "DMS.50050004"}
	}
	subscribes := []any{}
	if g.Subscribed {
		subscribes = append(subscribes, object{"topic": lifeTopic, "type": "TAG", "expression": g.Expression})
	}
	return object{
		"online": true, "subscription_consistency": true, "total": int64(1),
		"clients": []any{object{"client_id": g.Name + "-client-0", "client_addr": "10.0.0.11", "subscriptions": subscribes}},
	}, nil
}

func (h huaweiTelling) progress(r *http.Request) (any, *lifeFailure) {
	g, failure := h.about(r)
	if failure != nil || !h.Told.Positions || g.Mode == sdktrail.Broadcasting || h.Stored == 0 {
		return object{"brokers": []any{}}, failure
	}
	if !h.absent("lag") {
		h.waits(g.Name, &g.Waiting)
	}
	answer := object{"lag": g.Waiting, "max_offset": int64(0), "consumer_offset": int64(0)}
	queue := func(committed, waiting, consumed int64) any {
		return object{"id": h.Partition, "lag": waiting, "broker_offset": committed + waiting, "consumer_offset": committed, "last_message_time": consumed}
	}
	brokers := []any{object{"broker_name": "broker-a", "queues": []any{queue(g.Committed, g.Waiting, g.ConsumedTo)}}}
	switch h.Quirks.Form {
	case 2: // another broker has a queue of this number
		brokers = append(brokers, object{"broker_name": "broker-b", "queues": []any{queue(7, 0, h.Stored-time.Hour.Milliseconds())}})
	case 3:
		return answer, nil
	}
	answer["brokers"] = brokers
	if !h.absent("brokers") {
		h.places(g.Name)
	}
	return answer, nil
}
