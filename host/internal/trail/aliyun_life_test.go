package trail_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/verdict/life"
	sdktrail "github.com/mqtrail/mqtrail/sdk/trail"
)

func aliyunLife() *lifeVendor {
	return &lifeVendor{
		plugin: "aliyun", system: sdktrail.RocketMQ, ways: []string{"id", "key"},
		operations: []string{
			"messages", "traces", "get_trace", "detail", "subscriptions", "lag", "timespan", "connections", "group", "instance", "topics", "instances",
		},
		fields: []string{
			"storeTime", "bornTime", "messageTag", "messageType", "body", "bodySize", "popCk", "invisibleTime", "consumeStatus", "userName", "clientHost",
			"presetDelayTime", "delayStatus", "filterExpression", "filterExpressionType", "messageModel", "readyCount", "inflightCount", "consumeTimestamp",
			"maxRetryTimes", "messageRetentionTime", "traceOn", "totalCount", "deadLetterInfo", "recallResult", "produceStatus", "operateTime",
		},
		settings: func(endpoint string) string {
			return fmt.Sprintf(`{"endpoint": %q, "access_key_id": "life", "access_key_secret": "life-secret"}`, endpoint)
		},
		adapt: func(*life.Life) {},
		answers: func(s *telling) map[string]answerer {
			a := aliyunTelling{s}
			const instance = "GET /instances/{instance}"
			return map[string]answerer{
				"GET /instances":                                             {"instances", a.instances},
				instance:                                                     {"instance", a.instance},
				instance + "/topics":                                         {"topics", a.topics},
				instance + "/topics/{topic}/messages":                        {"messages", a.messages},
				instance + "/topics/{topic}/messages/{id}":                   {"detail", a.detail},
				instance + "/topics/{topic}/traces":                          {"traces", a.traces},
				instance + "/topics/{topic}/traces/{id}":                     {"get_trace", a.trace},
				instance + "/topics/{topic}/subscriptions":                   {"subscriptions", a.subscriptions},
				instance + "/consumerGroups/{group}":                         {"group", a.consumerGroup},
				instance + "/consumerGroups/{group}/lag":                     {"lag", a.lag},
				instance + "/consumerGroups/{group}/connections":             {"connections", a.connections},
				instance + "/consumerGroups/{group}/consumeTimespan/{topic}": {"timespan", a.timespan},
			}
		},
		refuse: func(w http.ResponseWriter, failure lifeFailure) {
			w.WriteHeader(failure.Status)
			_ = json.NewEncoder(w).Encode(object{"requestId": "R-0", "success": false, "code": failure.Code, "message": "It was refused."})
		},
		envelope: func(answer any) any {
			return object{"requestId": "R-1", "success": true, "code": "200", "data": answer}
		},
	}
}

func TestAliyunLives(t *testing.T) { checkLives(t, aliyunLife()) }

// aliyunTelling renders lives as Alibaba Cloud's RocketMQ 5.x.
type aliyunTelling struct{ *telling }

// at is a moment as the vendor writes it: whole seconds, without a zone. 0 is null.
func (a aliyunTelling) at(ms int64) any {
	if ms == 0 {
		return nil
	}
	return time.UnixMilli(ms).In(time.FixedZone("", a.Quirks.Hours*3600)).Format(time.DateTime)
}

// unknown is the answer to a name that the vendor does not have.
func (a aliyunTelling) unknown(r *http.Request) *lifeFailure {
	if r.PathValue("instance") != lifeInstance {
		return &lifeFailure{http.StatusNotFound, "Instance.NotFound"}
	}
	if group := r.PathValue("group"); group != "" && a.group(group) < 0 {
		return &lifeFailure{http.StatusNotFound, "ConsumerGroup.NotFound"}
	}
	return nil
}

func (a aliyunTelling) page(items []any) object {
	return object{"list": a.listed(items), "totalCount": int64(len(items)), "pageNumber": 1, "pageSize": 100}
}

func (a aliyunTelling) one() object {
	info := object{"retention": nil, "messageRetentionTime": nil, "traceOn": nil}
	if a.Told.Retention {
		info["messageRetentionTime"] = a.RetentionMS / time.Hour.Milliseconds()
	}
	if a.Told.Recording != nil {
		info["traceOn"] = *a.Told.Recording
	}
	return object{"instanceId": lifeInstance, "instanceName": lifeName, "status": "RUNNING", "productInfo": info}
}

func (a aliyunTelling) instances(*http.Request) (any, *lifeFailure) {
	return a.page([]any{a.one()}), nil
}

func (a aliyunTelling) instance(r *http.Request) (any, *lifeFailure) { return a.one(), a.unknown(r) }

func (a aliyunTelling) topics(r *http.Request) (any, *lifeFailure) {
	return a.page([]any{object{"topicName": lifeTopic, "status": "RUNNING", "messageType": "NORMAL"}}), a.unknown(r)
}

// message is what both lists and traces tell of it.
func (a aliyunTelling) message() object {
	told := object{
		"messageId": a.ID, "topicName": lifeTopic, "messageKeys": []any{a.Key}, "bornTime": a.at(a.Sends[0].At + a.Told.ProducerSkewMS),
		"storeTime": a.at(a.Stored), "bornHost": "10.0.0.1", "messageType": a.kind(), "messageTag": nil,
	}
	if a.Told.TagShown {
		told["messageTag"] = a.Tag
	}
	return told
}

func (a aliyunTelling) kind() string {
	switch {
	case a.Transaction != nil:
		return "TRANSACTION"
	case a.DeliverAt != 0:
		return "DELAY"
	}
	return "NORMAL"
}

func (a aliyunTelling) stored() object {
	told := a.message()
	told["body"], told["bodySize"] = base64.StdEncoding.EncodeToString([]byte("body")), int64(4)
	return told
}

func (a aliyunTelling) wanted(r *http.Request) bool {
	query := r.URL.Query()
	return query.Get("messageId") == a.ID || query.Get("messageKey") == a.Key
}

func (a aliyunTelling) messages(r *http.Request) (any, *lifeFailure) {
	if a.Quirks.Flooded && r.URL.Query().Get("messageKey") != "" {
		return a.flood(), nil
	}
	if !a.there() || !a.wanted(r) || r.PathValue("topic") != lifeTopic {
		return a.page(nil), a.unknown(r)
	}
	return a.page([]any{a.stored()}), a.unknown(r)
}

// flood are newer messages with the same key, as many as the vendor tells of one.
func (a aliyunTelling) flood() any {
	a.cuts("messages")
	var others []any
	for n := range 64 {
		at := a.at(a.Now + int64(n)*1000)
		others = append(others, object{"messageId": fmt.Sprintf("01%032X", n), "topicName": lifeTopic, "messageKeys": []any{a.Key}, "bornTime": at, "storeTime": at, "body": ""})
	}
	return a.page(others)
}

func (a aliyunTelling) detail(r *http.Request) (any, *lifeFailure) {
	if !a.there() || r.PathValue("id") != a.ID {
		return nil, a.unknown(r)
	}
	return a.stored(), a.unknown(r)
}

func (a aliyunTelling) traces(r *http.Request) (any, *lifeFailure) {
	if !a.Told.TraceOffered || len(a.shown()) == 0 || !a.wanted(r) {
		return a.page(nil), a.unknown(r)
	}
	return a.page([]any{a.message()}), a.unknown(r)
}

func (a aliyunTelling) trace(r *http.Request) (any, *lifeFailure) {
	if !a.Told.TraceOffered || len(a.shown()) == 0 || r.PathValue("id") != a.ID {
		switch {
		case a.unknown(r) != nil:
			return nil, a.unknown(r)
		case a.Quirks.Form == 1:
			return nil, nil
		case a.Quirks.Form == 2:
			return nil, &lifeFailure{http.StatusNotFound, "Trace.NotFound"}
		}
		return object{"messageInfo": nil, "producerInfo": object{"records": []any{}}, "brokerInfo": object{"operations": []any{}}, "consumerInfos": []any{}}, nil
	}
	a.tells()
	info := a.message()
	info["body"] = "body"
	if !a.fates.stored.Told {
		info["storeTime"] = nil
	}
	return object{
		"messageInfo": info, "producerInfo": object{"records": a.productions()}, "brokerInfo": a.broker(), "consumerInfos": a.consumers(),
	}, a.unknown(r)
}

// word is how the vendor tells an outcome.
func (a aliyunTelling) word(fate told, ok bool, failed string) any {
	switch {
	case fate.Odd && a.Quirks.Form%2 == 0:
		return nil
	case fate.Odd:
		return "SUSPENDED"
	case ok:
		return "SUCCESS"
	default:
		return failed
	}
}

func (a aliyunTelling) failed() string {
	return []string{"FAILED", "FAIL", "FAILURE", "failed"}[a.Quirks.Form]
}

func (a aliyunTelling) productions() []any {
	var records []any
	for i, send := range a.Sends {
		for range a.fates.sends[i].times() {
			record := object{
				"userName": "producer", "clientHost": "10.0.0.1", "produceTime": a.at(send.At + a.Told.ProducerSkewMS), "produceDuration": int64(3),
				"produceStatus": a.word(a.fates.sends[i], send.OK, a.failed()), "messageSource": "SDK",
			}
			records = append(records, record)
		}
	}
	if a.fates.recalled.Told && a.Quirks.Form != 3 { // else the broker alone tells
		records = append(records, object{"messageSource": "recall", "recallTime": a.at(a.Recalled), "clientHost": "10.0.0.1"})
	}
	return a.listed(records)
}

func (a aliyunTelling) broker() object {
	var operations []any
	if a.fates.stored.Told {
		operations = append(operations, object{"operateType": "ADD", "operateTime": a.at(a.Stored)})
	}
	if tx := a.Transaction; tx != nil && tx.Ended != 0 {
		word := map[bool]string{true: "COMMIT", false: "ROLLBACK"}[tx.Commit]
		if a.fates.end.Odd {
			word = "CHECK"
		}
		for range a.fates.end.times() {
			operations = append(operations, object{"operateType": word, "operateTime": a.at(tx.Ended)})
		}
	}
	broker := object{"operations": a.listed(operations)}
	if a.DeliverAt != 0 {
		broker["presetDelayTime"] = a.at(a.DeliverAt)
	}
	if a.fates.fired.Told {
		broker["delayStatus"] = a.word(a.fates.fired, true, "")
	}
	if a.fates.recalled.Told {
		broker["recallResult"] = map[bool]string{true: "RECALL_OK", false: "RECALL_FAIL"}[a.RecallOK]
		if a.fates.recalled.Odd {
			broker["recallResult"] = "RECALLING"
		}
	}
	return broker
}

func (a aliyunTelling) consumers() []any {
	var infos []any
	for i := range a.Groups {
		if info := a.consumer(&a.Groups[i], a.fates.groups[i]); info != nil {
			infos = append(infos, info)
		}
	}
	return a.listed(infos)
}

// consumer is what a group did; nil when nothing of it is told.
func (a aliyunTelling) consumer(g *life.Group, fate groupFate) object {
	var records []any
	var last any
	for i, d := range g.Deliveries {
		begun, ended := fate.begun[i], fate.ended[i]
		if ended.Told {
			last = a.word(ended, d.OK, a.failed())
		}
		records = append(records, a.records(g, d, begun, ended)...)
	}
	if len(records) == 0 && !fate.dead.Told {
		return nil
	}
	info := object{"consumerGroupId": g.Name, "consumeStatus": last, "deadMessage": fate.dead.Told && !fate.dead.Odd, "records": a.listed(records)}
	if fate.dead.Told && !fate.dead.Odd {
		info["deadLetterInfo"] = object{"topicName": "dead", "messageId": "01" + a.ID[2:32] + "DD", "toDlqTime": a.at(g.Dead)}
	}
	return info
}

// records of one delivery: one, or one for its begin and one for its end.
func (a aliyunTelling) records(g *life.Group, d life.Delivery, begun, ended told) []any {
	record := func(status any, operations ...any) object {
		told := object{"userName": d.Client, "clientHost": host(d), "consumeStatus": status, "popCk": nil, "operations": operations}
		if a.Told.Receipts {
			told["popCk"] = d.Receipt
		}
		return told
	}
	add := object{"operateType": "ADD", "operateTime": a.at(d.At + a.skew(d)), "invisibleTime": nil}
	if a.Told.Invisible && g.Mode == sdktrail.Clustering {
		add["invisibleTime"] = d.InvisibleMS
	}
	over := object{"operateType": map[bool]string{true: "ACK", false: "CHANGE_INVISIBLE"}[d.OK], "operateTime": a.at(d.Ended + a.skew(d))}
	status := a.word(ended, d.OK, a.failed())
	var records []any
	switch {
	case begun.Told && ended.Told && a.Told.Receipts && a.Quirks.Form == 2:
		records = []any{record(nil, add), record(status, over)}
	case begun.Told && ended.Told && a.Quirks.Form == 1: // the end is a status alone
		records = []any{record(status, add)}
	case begun.Told && ended.Told:
		records = []any{record(status, add, over)}
	case begun.Told:
		records = []any{record(nil, add)}
	case ended.Told:
		records = []any{record(status, over)}
	}
	if begun.Twice || ended.Twice {
		records = append(records, records...)
	}
	return records
}

func (a aliyunTelling) subscriptions(r *http.Request) (any, *lifeFailure) {
	var all []any
	for _, g := range a.Groups {
		if !g.Subscribed {
			continue
		}
		one := object{
			"consumerGroupId": g.Name, "topicName": lifeTopic, "filterExpression": g.Expression, "filterExpressionType": "TAG", "messageModel": nil,
			"subscriptionStatus": map[bool]string{true: "ONLINE", false: "OFFLINE"}[g.Online], "consistency": true,
		}
		if a.Told.Mode {
			one["messageModel"] = map[sdktrail.Mode]string{sdktrail.Clustering: "CLUSTERING", sdktrail.Broadcasting: "BROADCASTING"}[g.Mode]
		}
		all = append(all, one)
	}
	return a.listed(all), a.unknown(r)
}

// place is the group that a call is about, with what the vendor knows of its position.
func (a aliyunTelling) place(r *http.Request) (g life.Group, positions bool) {
	at := a.group(r.PathValue("group"))
	if at < 0 {
		return life.Group{}, false
	}
	g = a.Groups[at]
	return g, a.Told.Positions && g.Mode != sdktrail.Broadcasting && a.Stored != 0
}

func (a aliyunTelling) lag(r *http.Request) (any, *lifeFailure) {
	g, positions := a.place(r)
	if !positions {
		return object{"topicLagMap": object{}, "totalLag": nil}, a.unknown(r)
	}
	flying := g.Waiting / 2
	if !a.absent("readyCount") && !a.absent("inflightCount") {
		a.waits(g.Name, &g.Waiting)
	}
	counts := object{"readyCount": g.Waiting - flying, "inflightCount": flying, "deliveryDuration": int64(3)}
	return object{"topicLagMap": object{lifeTopic: counts}, "totalLag": counts}, a.unknown(r)
}

func (a aliyunTelling) timespan(r *http.Request) (any, *lifeFailure) {
	g, positions := a.place(r)
	if !positions {
		return object{"topicName": lifeTopic}, a.unknown(r)
	}
	if !a.absent("consumeTimestamp") {
		a.places(g.Name)
	}
	return object{"topicName": lifeTopic, "minTimestamp": a.Stored - 1000, "maxTimestamp": a.Now, "consumeTimestamp": g.ConsumedTo}, a.unknown(r)
}

func (a aliyunTelling) connections(r *http.Request) (any, *lifeFailure) {
	g, _ := a.place(r)
	clients := []any{}
	if g.Online {
		clients = append(clients, object{"clientId": g.Name + "-client-0", "hostname": "10.0.0.11"})
	}
	return object{"connections": clients}, a.unknown(r)
}

func (a aliyunTelling) consumerGroup(r *http.Request) (any, *lifeFailure) {
	g, _ := a.place(r)
	told := object{"consumerGroupId": g.Name, "status": "RUNNING", "consumeRetryPolicy": object{"maxRetryTimes": nil}}
	if a.Told.Max {
		told["consumeRetryPolicy"] = object{"maxRetryTimes": g.MaxAttempts - 1}
	}
	return told, a.unknown(r)
}
