package main

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// in is arguments with the shop's instance.
func in(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"prodInstId":"` + shopQueue + `"` + members + `}`
}

const newTopic = `"topicName":"returns","brokerNameList":["broker-a"],"writeQueueNums":4,"readQueueNums":4,"order":false,"perm":6,"allowdConsumerGroups":["billing"]`

func TestTopicIsMadeAndDeleted(t *testing.T) {
	s := newShop(t)
	s.do("rocketmq/topic_create", in(newTopic))
	for _, version := range []string{"rocketmq/topic_list", "rocketmq/v2_topic_list"} {
		s.do(version, in("")).at("rows").lists("topicName", "returns", true)
	}
	s.refused("rocketmq/v2_topic_create", in(newTopic), "topic returns already exists")
	s.do("rocketmq/topic_update", in(`"topic":"returns","perm":4,"remark":"closed"`))
	row := s.do("rocketmq/topic_list", in(`"topicName":"returns"`)).at("rows", 0)
	row.at("perm").is("4")
	row.at("remark").is("closed")
	row.at("writeQueueNums").is("4")
	s.do("rocketmq/topic_delete", in(`"topicName":"returns"`))
	s.do("rocketmq/topic_list", in("")).at("rows").lists("topicName", "returns", false)
	s.refused("rocketmq/topic_status", in(`"topicName":"returns"`), "topic returns does not exist")
	s.refused("rocketmq/v2_topic_delete", in(`"topicName":"returns"`), "topic returns does not exist")
}

func TestDeletedTopicTakesItsMessagesAlong(t *testing.T) {
	s := newShop(t)
	s.do("rocketmq/topic_delete", in(`"topicName":"payments"`))
	s.refused("rocketmq/message_query_by_key", in(`"topicName":"payments","key":"pay-9001"`), "topic payments does not exist")
	s.do("rocketmq/topic_sub_detail", in(`"topicName":"orders"`)).at("data", "subscriptionDataList").lists("consumerGroup", "billing", true)
	if subscriptions := s.do("rocketmq/group_sub_detail", in(`"groupName":"billing"`)).at("data", "subscriptionDataMap"); subscriptions.at("payments").value != nil {
		t.Errorf("billing still takes payments: %v", subscriptions.value)
	}
}

func TestGroupIsMadeAndDeleted(t *testing.T) {
	const group = `"brokerNameList":["broker-a"],"subscriptionGroupConfig":{"groupName":"returns_desk","consumeEnable":true,"retryMaxTimes":3}`
	s := newShop(t)
	s.do("rocketmq/group_create", in(group))
	s.refused("rocketmq/v2_group_create", in(group), "group returns_desk already exists")
	s.do("rocketmq/group_update_perm", in(`"groupName":"returns_desk","brokerNameList":["broker-a"],"enable":false`))
	rows := s.do("rocketmq/v2_group_list", in("")).at("rows")
	row := rows.at(slices.Index(rows.all("groupName"), "returns_desk"))
	row.at("consumeEnable").is("false")
	row.at("retryMaxTimes").is("3")
	s.do("rocketmq/dlq_get_by_time", in(`"groupName":"returns_desk","beginTime":0,"endTime":9999999999999`)).at("total").is("0")
	s.do("rocketmq/group_delete", in(`"groupName":"returns_desk"`))
	s.do("rocketmq/group_list", in("")).at("rows").lists("groupName", "returns_desk", false)
	s.refused("rocketmq/group_delete", in(`"groupName":"returns_desk"`), "group returns_desk does not exist")
	s.refused("rocketmq/group_delete", in(`"groupName":"billing"`), "2 clients online")
	s.refused("rocketmq/group_update_perm", in(`"groupName":"billing","brokerNameList":["broker-z"],"enable":false`), "broker broker-z does not exist")
}

func TestResetMovesTheLag(t *testing.T) {
	s := newShop(t)
	const mailer = `"groupName":"mailer","topicName":"orders"`
	lag := func() string { return s.do("rocketmq/consumer_accumulate", in(mailer)).at("rows", 0, "diff").text() }
	if got := lag(); got != "3" {
		t.Fatalf("mailer lags %s messages at the start; it has not got to 3", got)
	}
	moved := s.do("rocketmq/consumer_reset_offset", in(mailer+`,"resetTime":0`))
	moved.at("total").is("4")
	moved.at("rows", 0, "rollbackOffset").is("10410")
	if got := lag(); got != "6" {
		t.Errorf("from the start it lags %s; the topic has 6 messages", got)
	}
	recent := strconv.FormatInt(time.Now().Add(-150*time.Minute).UnixMilli(), 10)
	s.do("rocketmq/v2_consumer_reset_offset", in(mailer+`,"resetTime":`+recent))
	if got := lag(); got != "2" {
		t.Errorf("from 2.5 hours ago it lags %s; 2 messages came since", got)
	}
	s.do("rocketmq/consumer_reset_offset", in(mailer+`,"resetTime":-1`))
	if got := lag(); got != "0" {
		t.Errorf("at the end it lags %s", got)
	}
}

func TestDeadLetterIsResent(t *testing.T) {
	s := newShop(t)
	const key = `"topicName":"orders","key":"order-1003"`
	s.do("rocketmq/message_query_by_key", in(key)).at("total").is("1")
	lag := func() string {
		return s.do("rocketmq/consumer_accumulate", in(`"groupName":"billing","topicName":"orders"`)).at("rows", 0, "diff").text()
	}
	before := lag()
	dead := s.do("rocketmq/dlq_get_by_time", in(`"groupName":"billing","beginTime":0,"endTime":9999999999999`)).at("rows", 0)
	id := dead.at("msgId").text()
	s.do("rocketmq/dlq_resend", in(`"groupId":"billing","msgId":"`+id+`"`))

	rows := s.do("rocketmq/message_query_by_key", in(key)).at("rows")
	if got := rows.all("messageBody"); len(got) != 2 || got[0] != got[1] || got[1] != dead.at("messageBody").text() {
		t.Fatalf("bodies %v", got)
	}
	resent := rows.at(1)
	resent.at("topic").is("orders")
	resent.at("properties", "ORIGIN_MESSAGE_ID").is(rows.at(0, "msgId").text())
	if resent.at("msgId").text() == id {
		t.Error("the resent message has the id of the dead letter")
	}
	if before != "1" || lag() != "2" {
		t.Errorf("the lag went from %s to %s; want from 1 to 2", before, lag())
	}
	s.do("rocketmq/dlq_get_by_id", in(`"groupName":"billing","msgId":"`+id+`"`)).at("data", "topic").is("%DLQ%billing")
	s.refused("rocketmq/dlq_resend", in(`"groupId":"mailer","msgId":"`+id+`"`), "dead letter "+id+" does not exist")
}

func TestMessageIsFoundEveryWay(t *testing.T) {
	s := newShop(t)
	byTime := s.do("rocketmq/message_query_by_time", in(`"topicName":"orders","beginTime":0,"endTime":9999999999999`)).at("rows")
	for n, id := range byTime.all("msgId") {
		row := byTime.at(n)
		byID := s.do("rocketmq/v2_message_query_by_id", in(`"msgId":"`+id+`"`)).at("data")
		byKey := s.do("rocketmq/v2_message_query_by_key", in(`"topicName":"orders","key":"`+row.at("properties", "KEYS").text()+`"`)).at("rows")
		byKey.lists("msgId", id, true)
		for name, value := range row.value.(map[string]any) {
			if diff := cmp.Diff(value, byID.at(name).value); diff != "" {
				t.Errorf("%s differs by id (-want +got):\n%s", name, diff)
			}
		}
	}
	unique := byTime.at(0, "properties", "UNIQ_KEY").text()
	s.refused("rocketmq/message_query_by_msg_id", in(`"msgId":"`+unique+`"`), "message "+unique+" does not exist")
	s.do("rocketmq/message_query_by_time", in(`"topicName":"orders","beginTime":0,"endTime":1`)).at("total").is("0")
}

// The ids, checksums and times of the shop's messages are what RocketMQ would have made of them.
func TestMessagesAreSound(t *testing.T) {
	s := newShop(t)
	for _, topic := range []string{"test", "orders", "payments", "shipments", "%DLQ%billing"} {
		rows := s.do("rocketmq/message_query_by_time", in(`"topicName":"`+topic+`","beginTime":0,"endTime":9999999999999`)).at("rows")
		if len(rows.all("msgId")) == 0 {
			t.Errorf("%s is empty", topic)
		}
		for n := range rows.all("msgId") {
			row := rows.at(n)
			number := func(name string) int64 {
				value, err := row.at(name).value.(json.Number).Int64()
				if err != nil {
					t.Fatal(err)
				}
				return value
			}
			if want := fmt.Sprintf("C0A847BC000020E6%016X", number("commitLogOffset")); row.at("msgId").text() != want {
				t.Errorf("id %s, want %s", row.at("msgId").text(), want)
			}
			body := row.at("messageBody").text()
			if want := int64(crc32.ChecksumIEEE([]byte(body)) & 0x7fffffff); number("bodyCRC") != want {
				t.Errorf("CRC %d of %s, want %d", number("bodyCRC"), body, want)
			}
			if born, stored := number("bornTimestamp"), number("storeTimestamp"); stored < born || stored > time.Now().UnixMilli() {
				t.Errorf("born %d, stored %d", born, stored)
			}
			checkUnique(t, row.at("properties", "UNIQ_KEY").text(), number("bornTimestamp"))
		}
	}
}

// checkUnique holds the milliseconds of a producer's id against the time that the message was born.
func checkUnique(t *testing.T, id string, born int64) {
	t.Helper()
	within, err := strconv.ParseInt(id[20:28], 16, 64)
	if err != nil || len(id) != 32 {
		t.Fatalf("id %s: %v", id, err)
	}
	at := time.UnixMilli(born).In(beijing)
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, beijing)
	if got := month.UnixMilli() + within; got > born || born-got > 10 {
		t.Errorf("id %s says %d, born %d", id, got, born)
	}
}

func TestTraceTellsOfEveryAttempt(t *testing.T) {
	s := newShop(t)
	id := s.do("rocketmq/message_query_by_key", in(`"topicName":"orders","key":"order-1002"`)).at("rows", 0, "msgId").text()
	attempts := func() []string {
		groups := s.do("rocketmq/message_get_trace", in(`"msgId":"`+id+`"`)).at("data", "subTraceList")
		return groups.at(slices.Index(groups.all("groupName"), "billing"), "traceLogList").all("status")
	}
	want := []string{"RECONSUME_LATER", "RECONSUME_LATER", "CONSUME_SUCCESS"}
	if diff := cmp.Diff(want, attempts()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.do("rocketmq/message_push", in(`"msgId":"`+id+`","groupName":"billing","clientId":"192.168.71.21@4711#0"`))
	if diff := cmp.Diff(append(want, "CONSUME_SUCCESS"), attempts()); diff != "" {
		t.Errorf("after a push (-want +got):\n%s", diff)
	}
	s.refused("rocketmq/message_push", in(`"msgId":"`+id+`","groupName":"mailer","clientId":"gone"`), "client gone of group mailer is not online")
	s.refused("rocketmq/message_get_trace", in(`"msgId":"00"`), "message 00 does not exist")
}

func TestConsumptionByGroup(t *testing.T) {
	s := newShop(t)
	status := func(topic, key, group string) string {
		rows := s.do("rocketmq/message_query_by_key", in(`"topicName":"`+topic+`","key":"`+key+`"`)).at("rows")
		id := rows.at(len(rows.all("msgId"))-1, "msgId").text()
		return s.do("rocketmq/message_trace", in(`"msgId":"`+id+`","groupName":"`+group+`"`)).at("data", "consumeStatusList", 0, "object2").text()
	}
	for _, test := range []struct{ topic, key, group, want string }{
		{"orders", "order-1001", "billing", "CONSUMED"},
		{"orders", "order-1005", "billing", "NOT_CONSUME_YET"},
		{"orders", "order-1005", "mailer", "NOT_ONLINE"},
		{"payments", "pay-9001", "mailer", "UNKNOWN"},
	} {
		if got := status(test.topic, test.key, test.group); got != test.want {
			t.Errorf("%s for %s: %s, want %s", test.key, test.group, got, test.want)
		}
	}
}

func TestInstanceGoesByTheRecycleBin(t *testing.T) {
	s := newShop(t)
	s.do("rocketmq/instance_list", `{}`).at("prodInstList").lists("prodInstId", loadtest, true)
	s.refused("rocketmq/instance_delete", `{"prodInstId":"`+loadtest+`"}`, "is not unsubscribed")
	s.do("rocketmq/instance_unsubscribe_inst", `{"prodInstId":"`+loadtest+`"}`).at("data", "submitted").is("true")
	s.do("rocketmq/v2_instance_list", `{}`).at("prodInstList").lists("prodInstId", loadtest, false)
	bin := s.do("rocketmq/instance_unsubscribe", `{}`).at("prodInstList")
	bin.lists("prodInstId", loadtest, true)
	bin.lists("prodInstId", retired, true)
	s.refused("rocketmq/instance_detail", `{"prodInstId":"`+loadtest+`"}`, "instance "+loadtest+" does not exist")
	s.do("rocketmq/instance_delete", `{"prodInstId":"`+loadtest+`"}`)
	s.do("rocketmq/instance_unsubscribe", `{}`).at("prodInstList").lists("prodInstId", loadtest, false)
	s.refused("rocketmq/instance_delete", `{"prodInstId":"`+loadtest+`"}`, "does not exist")
}

func TestOrdersAreCarriedOut(t *testing.T) {
	s := newShop(t)
	order := `{"specName":"rocketmq.4u8g.cluster","nodeNum":3,"diskType":"SSD","diskSize":200,"azInfo":"[]","vpcId":"v","securityGroupId":"g","subnetId":"n","clusterName":"second"}`
	s.do("rocketmq/create_post_pay_order", order).at("data", "submitted").is("true")
	s.refused("rocketmq/create_post_pay_order", order, "instance name second already exists")
	list := s.do("rocketmq/instance_list", `{"pageSize":50}`).at("prodInstList")
	row := list.at(slices.Index(list.all("prodInstName"), "second"))
	row.at("diskSpace").is("200G")
	id := row.at("prodInstId").text()
	s.do("rocketmq/instance_disk_extend", `{"prodInstId":"`+id+`","diskExtendSize":100}`)
	s.do("rocketmq/instance_update_name", `{"prodInstId":"`+id+`","instanceName":"third"}`)
	s.refused("rocketmq/instance_update_name", `{"prodInstId":"`+id+`","instanceName":"shop"}`, "already exists")
	info := s.do("rocketmq/instance_base_info", `{"prodInstId":"`+id+`"}`).at("instanceBaseInfo")
	info.at("diskSpace").is("300G")
	info.at("prodInstName").is("third")
}

func TestPagesOfInstances(t *testing.T) {
	s := newShop(t)
	var seen []string
	for page := 1; page <= 3; page++ {
		got := s.do("rocketmq/instance_list", fmt.Sprintf(`{"pageNumber":%d,"pageSize":2}`, page))
		got.at("total").is("4")
		seen = append(seen, got.at("prodInstList").all("prodInstName")...)
	}
	if diff := cmp.Diff([]string{"shop", "staging", "loadtest", "branch"}, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.do("rocketmq/instance_list", `{"pageNumber":9223372036854775807,"pageSize":9223372036854775807}`).at("prodInstList").is("[]")
}
