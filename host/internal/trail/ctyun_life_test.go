package trail_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

func ctyunLife() *lifeVendor {
	v := &lifeVendor{
		plugin: "ctyun", system: sdktrail.RocketMQ, ways: []string{"id", "key"}, settings: ctyunSettings, refuse: ctyunRefuses,
		operations: []string{
			"messages_by_key", "messages_by_id", "messages_by_time", "get_trace", "standing", "dead_letters", "subscriptions", "backlog", "connection", "times",
			"client", "groups", "topics", "instances", "kafka_instances",
		},
		fields: []string{
			"queueId", "queueOffset", "bornTimestamp", "storeTimestamp", "sysFlag", "bodyCRC", "messageBody", "status", "pubTime", "arrivedServerTime",
			"clientHost", "subTime", "costTime", "msgType", "consumerGroup", "subString", "diff", "retryMaxTimes", "messageModel", "connectionSet",
			"object2", "commitOffset", "total", "fileReservedTime", "reconsumeTimes", "tags",
		},
		adapt: func(l *life.Life) {
			older(l)
			withoutRecording(l)
			l.Told.Invisible, l.Told.Numbers, l.Told.Receipts = false, false, false
		},
	}
	v.envelope = ctyunEnvelope
	v.answers = func(s *telling) map[string]answerer {
		c := ctyunTelling{s}
		return map[string]answerer{
			"GET /v3/instance/list":        {"instances", c.instances},
			"GET /v3/instance/baseInfo":    {"instance", c.instance},
			"GET /v3/instances/query":      {"kafka_instances", func(*http.Request) (any, *lifeFailure) { return object{"data": []any{}, "total": int64(0)}, nil }},
			"GET /v3/topic/list":           {"topics", c.topics},
			"GET /v3/group/list":           {"groups", c.groups},
			"GET /v3/message/queryByKey":   {"messages_by_key", c.byKey},
			"GET /v3/message/queryByMsgId": {"messages_by_id", c.byID},
			"GET /v3/message/queryByTime":  {"messages_by_time", c.byTime},
			"GET /v3/message/getTrace":     {"get_trace", c.trace},
			"GET /v3/message/trace":        {"standing", c.standing},
			"GET /v3/dlq/getByTime":        {"dead_letters", c.deadLetters},
			"GET /v3/topic/subDetail":      {"subscriptions", c.subscriptions},
			"GET /v3/consumer/accumulate":  {"backlog", c.backlog},
			"GET /v3/consumer/connection":  {"connection", c.connection},
			"GET /v3/consumer/timeSpan":    {"times", c.times},
			"GET /v3/consumer/status":      {"client", c.client},
		}
	}
	return v
}

func TestCTyunLives(t *testing.T) { checkLives(t, ctyunLife()) }

func ctyunSettings(endpoint string) string {
	return fmt.Sprintf(`{"endpoint": %[1]q, "kafka_endpoint": %[1]q, "region_id": "200000002368", "access_key": "life", "secret_key": "life-secret"}`, endpoint)
}

// ctyunRefuses: the gateway throttles, the services do everything else.
func ctyunRefuses(w http.ResponseWriter, failure lifeFailure) {
	answer := object{"statusCode": "900", "error": failure.Code, "message": ctyunTexts[failure.Code], "returnObj": object{}}
	if failure.Code == "Throttling" {
		answer = object{"statusCode": "CTAPI_10010", "error": "10010", "message": "too many requests", "returnObj": object{}}
	}
	w.WriteHeader(failure.Status)
	_ = json.NewEncoder(w).Encode(answer)
}

// ctyunTexts are those of refusals by their codes: CTyun documents neither.
var ctyunTexts = map[string]string{
	"NoInstance": "The instance does not exist", "NoMessage": "message not exist", "NotOnline": "the consumer group is not online",
}

func ctyunEnvelope(answer any) any {
	return object{"statusCode": 800, "message": "SUCCESS", "returnObj": answer}
}

// ctyunTelling renders lives as CTyun's RocketMQ, v3.
type ctyunTelling struct{ *telling }

func (c ctyunTelling) unknown(r *http.Request) *lifeFailure {
	if r.URL.Query().Get("prodInstId") != lifeInstance {
		return &lifeFailure{http.StatusOK, "NoInstance"}
	}
	return nil
}

// obj is a payload, in one of the two forms.
func (c ctyunTelling) obj(payload any) any {
	if c.Quirks.Form >= 2 {
		return object{"data": payload}
	}
	return payload
}

func (c ctyunTelling) rows(rows []any) any {
	rows = c.listed(rows)
	return c.obj(object{"rows": rows, "total": int64(len(rows))})
}

func (c ctyunTelling) one() object {
	told := object{"prodInstId": lifeInstance, "prodInstName": lifeName, "state": int64(1)}
	if c.Told.Retention {
		told["fileReservedTime"] = c.RetentionMS / time.Hour.Milliseconds()
	}
	return told
}

func (c ctyunTelling) instances(*http.Request) (any, *lifeFailure) {
	return c.obj(object{"prodInstList": []any{c.one()}, "total": int64(1)}), nil
}

func (c ctyunTelling) instance(r *http.Request) (any, *lifeFailure) {
	return c.obj(c.one()), c.unknown(r)
}

func (c ctyunTelling) topics(r *http.Request) (any, *lifeFailure) {
	return c.rows([]any{object{"topicName": lifeTopic, "readQueueNums": int64(3)}}), c.unknown(r)
}

func (c ctyunTelling) groups(r *http.Request) (any, *lifeFailure) {
	var rows []any
	for _, g := range c.Groups {
		row := object{"groupName": g.Name, "consumeEnable": true}
		if c.Told.Max {
			row["retryMaxTimes"] = g.MaxAttempts - 1
		}
		rows = append(rows, row)
	}
	return c.rows(rows), c.unknown(r)
}

func (c ctyunTelling) message(topic, id string) object {
	properties := object{"UNIQ_KEY": c.ID, "KEYS": c.Key, "TAGS": c.Tag}
	flag := int64(0)
	if c.Transaction != nil {
		flag = 8
	}
	if c.DeliverAt != 0 {
		properties["TIMER_DELIVER_MS"] = strconv.FormatInt(c.DeliverAt, 10)
	}
	told := object{
		"msgId": id, "topic": topic, "bornTimestamp": c.Sends[0].At + c.Told.ProducerSkewMS, "storeTimestamp": c.Stored, "sysFlag": flag,
		"messageBody": "body", "bodyCRC": int64(rocketmq.BodyCRC([]byte("body"))), "reconsumeTimes": int64(0), "status": nil, "properties": properties,
	}
	if c.Told.Partition && topic == lifeTopic {
		told["queueId"], told["queueOffset"] = c.Partition, c.Offset
	}
	return told
}

func (c ctyunTelling) stored(fits bool) any {
	if !fits || !c.there() {
		return c.rows(nil)
	}
	return c.rows([]any{c.message(lifeTopic, brokerID(&c.Life))})
}

// byKey finds by key, and by the producer's id where the broker has it in its index.
func (c ctyunTelling) byKey(r *http.Request) (any, *lifeFailure) {
	key := r.URL.Query().Get("key")
	return c.stored(key == c.Key || key == c.ID && c.Quirks.Form%2 == 0), c.unknown(r)
}

func (c ctyunTelling) byID(r *http.Request) (any, *lifeFailure) {
	switch {
	case c.unknown(r) != nil:
		return nil, c.unknown(r)
	case c.there() && r.URL.Query().Get("msgId") == brokerID(&c.Life):
		return c.obj(c.message(lifeTopic, brokerID(&c.Life))), nil
	}
	return nil, &lifeFailure{http.StatusOK, "NoMessage"}
}

func (c ctyunTelling) byTime(r *http.Request) (any, *lifeFailure) {
	from, to := c.span(r)
	if c.Quirks.Flooded { // more messages than an answer has
		c.cuts("messages_by_time")
		return c.obj(object{"rows": []any{}, "total": int64(10_000)}), c.unknown(r)
	}
	return c.stored(c.Stored >= from && c.Stored <= to), c.unknown(r)
}

func (c ctyunTelling) span(r *http.Request) (from, to int64) {
	from, _ = strconv.ParseInt(r.URL.Query().Get("beginTime"), 10, 64)
	to, _ = strconv.ParseInt(r.URL.Query().Get("endTime"), 10, 64)
	return from, to
}

// at is a time of a trace; null for never.
func (c ctyunTelling) at(ms int64) any {
	if ms == 0 {
		return nil
	}
	moment := time.UnixMilli(ms).In(time.FixedZone("", c.Quirks.Hours*3600))
	switch c.Quirks.Form {
	case 0:
		return moment.Format("2006-01-02 15:04:05.000")
	case 1:
		return ms
	default:
		return moment.Format(time.DateTime)
	}
}

func (c ctyunTelling) trace(r *http.Request) (any, *lifeFailure) {
	id := r.URL.Query().Get("msgId")
	if !c.Told.TraceOffered || len(c.shown()) == 0 || id != c.ID && id != brokerID(&c.Life) {
		switch {
		case c.unknown(r) != nil:
			return nil, c.unknown(r)
		case c.Quirks.Form%2 == 0:
			return nil, &lifeFailure{http.StatusOK, "NoMessage"}
		}
		return object{}, nil
	}
	c.tells()
	told := object{"topic": lifeTopic, "keys": c.Key, "tags": nil, "msgId": id, "msgType": "Normal_Msg", "subTraceList": c.doings()}
	if c.Told.TagShown {
		told["tags"] = c.Tag
	}
	last := len(c.Sends) - 1
	if c.fates.sends[last].Told {
		told["pubTime"], told["clientHost"], told["costTime"] = c.at(c.Sends[last].At+c.Told.ProducerSkewMS), "10.0.0.1", "3"
		told["status"] = c.word(c.fates.sends[last], c.Sends[last].OK, "SEND_OK", "SEND_FAILED")
	}
	if c.fates.stored.Told {
		told["arrivedServerTime"] = c.at(c.Stored)
	}
	return c.obj(told), c.unknown(r)
}

func (c ctyunTelling) word(fate told, ok bool, good, bad string) any {
	switch {
	case fate.Odd && c.Quirks.Form%2 == 0:
		return nil
	case fate.Odd:
		return "SUSPENDED"
	case ok:
		return good
	default:
		return bad
	}
}

func (c ctyunTelling) doings() []any {
	groups := []any{}
	for i, g := range c.Groups {
		var logs []any
		for n, d := range g.Deliveries {
			begun, ended := c.fates.groups[i].begun[n], c.fates.groups[i].ended[n]
			log := object{"msgId": c.ID, "clientHost": host(d), "subTime": c.at(d.At + c.skew(d)), "costTime": nil, "status": nil}
			if ended.Told {
				log["costTime"], log["status"] = strconv.FormatInt(d.Ended-d.At, 10), c.word(ended, d.OK, "CONSUME_SUCCESS", "RECONSUME_LATER")
			}
			if begun.Told || ended.Told {
				logs = append(logs, log)
			}
			if ended.Twice && ended.Told {
				logs = append(logs, log)
			}
		}
		if len(logs) > 0 {
			groups = append(groups, object{"groupName": g.Name, "traceLogList": c.listed(logs)})
		}
	}
	return groups
}

// about is the group of a call, with whether its position is known.
func (c ctyunTelling) about(r *http.Request) (g life.Group, positions bool, failure *lifeFailure) {
	at := c.group(r.URL.Query().Get("groupName"))
	if at < 0 {
		return g, false, &lifeFailure{http.StatusOK, "NoInstance"}
	}
	g = c.Groups[at]
	return g, c.Told.Positions && g.Mode != sdktrail.Broadcasting && c.Stored != 0, c.unknown(r)
}

// standing is how a group's position compares with the message's place, in the words of Apache's brokers.
func (c ctyunTelling) standing(r *http.Request) (any, *lifeFailure) {
	g, positions, failure := c.about(r)
	var word any
	switch {
	case failure != nil:
		return nil, failure
	case !c.Told.Standings || !positions:
	case !g.Online:
		word = "NOT_ONLINE"
	case g.Committed <= c.Offset:
		word = "NOT_CONSUME_YET"
	case g.Expression != "*" && g.Expression != c.Tag:
		word = "CONSUMED_BUT_FILTERED"
	default:
		word = "CONSUMED"
	}
	if word != nil && word != "NOT_ONLINE" && !c.absent("object2") {
		c.places(g.Name)
	}
	return c.obj(object{"consumeStatusList": []any{object{"object1": g.Name, "object2": word}}}), nil
}

func (c ctyunTelling) deadLetters(r *http.Request) (any, *lifeFailure) {
	g, _, failure := c.about(r)
	from, to := c.span(r)
	if failure != nil || g.Dead == 0 || g.Dead < from || g.Dead > to {
		return c.rows(nil), failure
	}
	copied := c.message(rocketmq.DeadLetterTopic(g.Name), fmt.Sprintf("0A00000900002A9F%016X", 7))
	copied["storeTimestamp"] = g.Dead
	copied["properties"].(object)["ORIGIN_MESSAGE_ID"] = brokerID(&c.Life)
	copied["properties"].(object)["REAL_TOPIC"] = lifeTopic
	return c.rows([]any{copied}), nil
}

func (c ctyunTelling) subscriptions(r *http.Request) (any, *lifeFailure) {
	var rows []any
	for _, g := range c.Groups {
		if g.Subscribed {
			rows = append(rows, object{"consumerGroup": g.Name, "subString": g.Expression})
		}
	}
	return c.obj(object{"subscriptionDataList": c.listed(rows)}), c.unknown(r)
}

func (c ctyunTelling) backlog(r *http.Request) (any, *lifeFailure) {
	g, positions, failure := c.about(r)
	if failure != nil || !positions {
		return c.rows(nil), failure
	}
	if !c.absent("diff") {
		c.waits(g.Name, &g.Waiting)
	}
	return c.rows([]any{object{"topicName": lifeTopic, "brokerName": "broker-a", "diff": g.Waiting, "notAckMsgNum": int64(0)}}), nil
}

func (c ctyunTelling) connection(r *http.Request) (any, *lifeFailure) {
	g, _, failure := c.about(r)
	if failure == nil && !g.Online && c.Quirks.Form%2 == 0 {
		failure = &lifeFailure{http.StatusOK, "NotOnline"}
	}
	clients := []any{}
	if g.Online {
		clients = append(clients, object{"clientId": g.Name + "-client-0", "clientAddr": "10.0.0.11"})
	}
	told := object{"connectionSet": clients}
	if c.Told.Mode {
		told["messageModel"] = map[sdktrail.Mode]string{sdktrail.Clustering: "CLUSTERING", sdktrail.Broadcasting: "BROADCASTING"}[g.Mode]
	}
	return c.obj(object{"group": told}), failure
}

func (c ctyunTelling) times(r *http.Request) (any, *lifeFailure) {
	return c.obj(object{"minTimeStamp": c.Stored, "maxTimeStamp": c.Now}), c.unknown(r)
}

// client is a consumer's own state, with the position in its queues.
func (c ctyunTelling) client(r *http.Request) (any, *lifeFailure) {
	g, positions, failure := c.about(r)
	queues := object{}
	if positions {
		queues[fmt.Sprintf("MessageQueue [topic=%s, brokerName=broker-a, queueId=%d]", lifeTopic, c.Partition)] = object{"commitOffset": g.Committed, "droped": false}
		if !c.absent("commitOffset") {
			c.places(g.Name)
		}
	}
	return c.obj(object{"mqTable": queues}), failure
}
