package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

const always = "4070908800000"

func TestRocketMQTopics(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	s.ok("rocketmq/create_or_delete_topics", arguments{"name": "refunds", "queue_num": 4, "permission": "pub"}).is("id", "refunds")
	s.refused("DMS.40050005", "rocketmq/create_or_delete_topics", arguments{"name": "refunds"})
	s.ok("rocketmq/list_rocket_topics", arguments{"limit": 50}).lists("topics", "name", "refunds", true)
	s.ok("rocketmq/show_one_topic", arguments{"topic": "refunds"}).is("total_read_queue_num", "4").is("permission", "pub")
	s.ok("rocketmq/update_topic", arguments{"topic": "refunds", "permission": "all", "write_queue_num": 6, "read_queue_num": 6})
	s.ok("rocketmq/show_one_topic", arguments{"topic": "refunds"}).is("total_write_queue_num", "6").is("permission", "all")
	s.ok("rocketmq/create_or_delete_topics", arguments{"name": "refunds-2"})
	s.refused("DMS.00400876", "rocketmq/create_or_delete_topics", arguments{"action": "delete", "topics": []string{"refunds", "never"}})
	job := s.ok("rocketmq/create_or_delete_topics", arguments{"action": "delete", "topics": []string{"refunds", "refunds-2"}}).text("job_id")
	s.ok("rocketmq/show_background_task", arguments{"task_id": job}).is("tasks/0/status", "SUCCESS")
	s.refused("DMS.00400876", "rocketmq/show_one_topic", arguments{"topic": "refunds"})
	s.ok("rocketmq/list_rocket_topics", arguments{"limit": 50}).lists("topics", "name", "refunds-2", false)
	s.ok("rocketmq/list_rocket_topics", arguments{"limit": 50}).lists("topics", "name", "%DLQ%billing", false)
	s.ok("rocketmq/list_group_of_topic", arguments{"topic": "payments"}).is("groups/0", "billing").is("total", "1")
}

func TestRocketMQGroups(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	s.ok("rocketmq/create_or_delete_groups", arguments{"name": "returns", "retry_max_time": 5, "enabled": true}).is("name", "returns")
	s.refused("DMS.40050015", "rocketmq/create_or_delete_groups", arguments{"name": "returns"})
	s.ok("rocketmq/update_consumer_group", arguments{"group": "returns", "enabled": false, "broadcast": true, "retry_max_time": 7})
	s.ok("rocketmq/show_group", arguments{"group": "returns"}).is("enabled", "false").is("broadcast", "true").is("retry_max_time", "7").is("group_online", "false")
	s.ok("rocketmq/batch_update_group", arguments{"groups": []any{map[string]any{"name": "returns", "enabled": true}}})
	s.ok("rocketmq/show_group", arguments{"group": "returns"}).is("enabled", "true").is("broadcast", "true")
	s.ok("rocketmq/delete_consumer_group", arguments{"group": "returns"})
	s.refused("DMS.10240405", "rocketmq/show_group", arguments{"group": "returns"})
	s.ok("rocketmq/create_or_delete_groups", arguments{"action": "delete", "groups": []string{"trial-1", "trial-2"}})
	s.ok("rocketmq/list_instance_groups", nil).lists("groups", "name", "trial-2", false)
	s.ok("rocketmq/show_connections", arguments{"group": "warehouse"}).is("online", "true").is("clients/0/subscriptions/0/expression", "new")
}

func TestRocketMQProgress(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	progress := arguments{"group": "warehouse", "topic": "orders"}
	s.ok("rocketmq/show_consumer_list", progress).is("lag", "2").is("brokers/0/queues/0/lag", "1")
	s.ok("rocketmq/show_consumer_list", arguments{"group": "warehouse"}).is("topics/0", "orders")
	s.ok("rocketmq/reset_consume_offset", arguments{"group": "warehouse", "topic": "orders", "timestamp": "0"}).is("queues/0/timestamp_offset", "410")
	s.ok("rocketmq/show_consumer_list", progress).is("lag", "13")
	s.ok("rocketmq/reset_consume_offset", arguments{"group": "warehouse", "topic": "orders", "timestamp": always})
	s.ok("rocketmq/show_consumer_list", progress).is("lag", "0")
	s.refused("DMS.50050004", "rocketmq/reset_consume_offset", arguments{"group": "mailer", "topic": "orders", "timestamp": "0"})
	s.refused("DMS.00400142", "rocketmq/reset_consume_offset", arguments{"group": "warehouse", "topic": "orders", "timestamp": "soon"})
}

func TestRocketMQMessages(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	found := s.ok("rocketmq/list_messages", arguments{"topic": "orders", "key": "order-1002", "start_time": "0", "end_time": always})
	found.is("total", "1").is("messages/0/reconsume_times", "0")
	id := found.text("messages/0/msg_id")
	s.ok("rocketmq/list_messages", arguments{"topic": "orders", "msg_id": id}).is("total", "1").is("messages/0/body", found.text("messages/0/body"))
	s.ok("rocketmq/list_messages", arguments{"topic": "orders", "start_time": strconv.FormatInt(s.now.UnixMilli()-10*60*1000, 10), "end_time": always}).is("total", "1")
	s.ok("rocketmq/list_messages", arguments{"topic": "orders", "queue": "1", "start_time": "0", "end_time": always}).is("total", "10")
	s.refused("DMS.00400062", "rocketmq/list_messages", arguments{"topic": "orders"})
	s.refused("DMS.00400876", "rocketmq/list_messages", arguments{"topic": "never", "msg_id": id})
	s.ok("rocketmq/list_messages", arguments{"topic": "%DLQ%mailer", "msg_id": id}).is("total", "0")
	s.refused("DMS.00400876", "rocketmq/list_messages", arguments{"topic": "%DLQ%never", "msg_id": id})

	s.ok("rocketmq/list_message_trace", arguments{"msg_id": uniqueKey(t, found)}).is("total", "7").is("trace/0/trace_type", "Pub").is("trace/0/offset_msg_id", id)
	sent := s.ok("rocketmq/send_message", arguments{"topic": "shipments", "body": "b", "property_list": []any{map[string]any{"name": "KEYS", "value": "k1 k2"}, map[string]any{"name": "colour", "value": "red"}}})
	again := s.ok("rocketmq/list_messages", arguments{"topic": "shipments", "key": "k2", "start_time": "0", "end_time": always})
	again.is("messages/0/msg_id", sent.text("msg_id")).is("messages/0/queue_offset", "78")
	s.ok("rocketmq/list_message_trace", arguments{"msg_id": uniqueKey(t, again)}).is("total", "1").is("trace/0/group_name", "console")
	s.ok("rocketmq/show_topic_status", arguments{"topic": "shipments"}).is("max_offset", "79").is("brokers/0/queues/0/last_message_time", strconv.FormatInt(s.now.UnixMilli(), 10))

	consumer := arguments{"group": "billing", "topic": "shipments", "client_id": "192.168.0.21@4711#billing", "msg_id_list": []string{sent.text("msg_id"), "never"}}
	s.ok("rocketmq/validate_message", consumer).is("resend_results/0/error_code", "DMS.00000000").is("resend_results/1/error_code", "DMS.00400062")
	s.ok("rocketmq/list_message_trace", arguments{"msg_id": uniqueKey(t, again)}).is("total", "3").is("trace/2/consume_status", "0")
}

// uniqueKey is the client's id of the first message of an answer.
func uniqueKey(t *testing.T, found answer) string {
	t.Helper()
	var page struct {
		Messages []struct {
			Properties []struct{ Name, Value string } `json:"property_list"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(found.raw, &page); err != nil || len(page.Messages) == 0 {
		t.Fatalf("%v: %s", err, found.raw)
	}
	for _, one := range page.Messages[0].Properties {
		if one.Name == "UNIQ_KEY" {
			return one.Value
		}
	}
	t.Fatalf("no client id in %s", found.raw)
	return ""
}

// A dead letter that is resent is stored in its topic once more, and stays where it is.
func TestRocketMQDeadLetters(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	origin := arguments{"topic": "payments", "key": "order-1003", "start_time": "0", "end_time": always}
	grave := arguments{"topic": "%DLQ%billing", "start_time": "0", "end_time": always}
	first := s.ok("rocketmq/list_messages", origin).is("total", "1")
	dead := s.ok("rocketmq/list_messages", grave).is("total", "1").is("messages/0/reconsume_times", "16")
	if uniqueKey(t, first) != uniqueKey(t, dead) {
		t.Error("the dead letter has another client id than its message")
	}
	if !strings.Contains(string(dead.raw), first.text("messages/0/msg_id")) {
		t.Errorf("the dead letter does not name its message's id: %s", dead.raw)
	}
	id := dead.text("messages/0/msg_id")
	s.ok("rocketmq/send_dlq_message", arguments{"topic": "%DLQ%billing", "msg_id_list": []string{id, first.text("messages/0/msg_id")}}).
		is("resend_results/0/error_code", "DMS.00000000").is("resend_results/1/error_code", "DMS.00400062")
	s.ok("rocketmq/list_messages", origin).is("total", "2")
	s.ok("rocketmq/list_messages", grave).is("total", "1")
	s.ok("rocketmq/show_consumer_list", arguments{"group": "billing", "topic": "payments"}).is("lag", "1")
	s.ok("rocketmq/export_dlq_message", arguments{"topic": "%DLQ%billing", "uniq_key_list": []string{uniqueKey(t, dead)}}).is("items/0/msg_id", id)
	s.ok("rocketmq/delete_consumer_group", arguments{"group": "billing"})
	s.refused("DMS.00400876", "rocketmq/list_messages", grave)
}

// The files' examples name messages: the store must number them so.
func TestExamplesFindTheirMessages(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	for name, pointer := range map[string]string{
		"rocketmq/send_dlq_message": "resend_results/0/error_code", "rocketmq/validate_message": "resend_results/0/error_code",
		"rocketmq/export_dlq_message": "items/0/topic", "rocketmq/list_message_trace": "trace/0/trace_type", "rocketmq/list_messages": "messages/0/topic",
		"kafka/show_partition_message": "message/0/value", "mqs/show_mqs_instance_messages": "messages/0/topic",
	} {
		file, err := sdk.ReadFile(schemas.Huawei, "huawei/"+name+".json")
		if err != nil {
			t.Fatal(err)
		}
		var given arguments
		if err := json.Unmarshal(file.Example.Arguments, &given); err != nil {
			t.Fatal(err)
		}
		got := s.ok(name, given).text(pointer)
		if got == "" || strings.HasPrefix(got, "DMS.") && got != "DMS.00000000" {
			t.Errorf("%s: %s is %q", name, pointer, got)
		}
	}
}

func TestRocketMQUsersAndMigrations(t *testing.T) {
	s := goShopping(t, rocketmqShop)
	made := s.ok("rocketmq/create_user", arguments{"access_key": "shop-writer", "secret_key": "hush-hush-1", "default_topic_perm": "PUB"})
	if strings.Contains(string(made.raw), "hush") {
		t.Errorf("the secret key is answered: %s", made.raw)
	}
	s.ok("rocketmq/update_user", arguments{"user_name": "shop-writer", "access_key": "shop-writer", "secret_key": "", "topic_perms": []any{map[string]any{"name": "orders", "perm": "DENY"}}})
	s.ok("rocketmq/show_user", arguments{"user_name": "shop-writer"}).is("default_topic_perm", "PUB").is("topic_perms/0/perm", "DENY")
	s.ok("rocketmq/list_topic_access_policy", arguments{"topic": "orders"}).is("policies/3/perm", "DENY")
	s.ok("rocketmq/list_topic_access_policy", arguments{"topic": "payments"}).is("policies/3/perm", "PUB")
	s.ok("rocketmq/delete_user", arguments{"user_name": "shop-writer"})
	s.refused("DMS.00404001", "rocketmq/show_user", arguments{"user_name": "shop-writer"})

	task := s.ok("rocketmq/create_migration_task", arguments{"overwrite": "false", "name": "m", "type": "rocketmq",
		"topic_config_table": map[string]any{"moved": map[string]any{"write_queue_nums": 7}}, "subscription_group_table": map[string]any{"movers": map[string]any{}}}).text("task_id")
	s.ok("rocketmq/show_one_topic", arguments{"topic": "moved"}).is("total_write_queue_num", "7")
	s.ok("rocketmq/show_group", arguments{"group": "movers"})
	s.ok("rocketmq/list_migration_task", arguments{"id": task}).is("total", "1")
	s.ok("rocketmq/delete_migration_tasks", arguments{"task_ids": []string{task, "never"}}).is("success_task_list/0", task)
	s.ok("rocketmq/list_migration_task", arguments{"id": task}).is("total", "0")
}
