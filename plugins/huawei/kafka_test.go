package main

import (
	"maps"
	"strconv"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestKafkaTopics(t *testing.T) {
	s := goShopping(t, kafkaShop)
	s.ok("kafka/list_instance_topics", arguments{"limit": "50"}).lists("topics", "name", "refunds", false)
	s.ok("kafka/create_instance_topic", arguments{"id": "refunds", "partition": 2, "replication": 3, "retention_time": 24, "topic_desc": "Money back."}).is("name", "refunds")
	s.refused("DMS.40050005", "kafka/create_instance_topic", arguments{"id": "refunds"})
	listed := s.ok("kafka/list_instance_topics", arguments{"limit": "1", "offset": "12"})
	listed.is("topics/0/name", "refunds").is("topics/0/partition", "2").is("topics/0/retention_time", "24").is("topics/0/created_at", strconv.FormatInt(s.now.UnixMilli(), 10))
	s.ok("kafka/show_instance_topic_detail", arguments{"topic": "refunds"}).is("partitions/1/leo", "0")
	s.ok("kafka/update_instance_topic", arguments{"topics": []any{map[string]any{"id": "refunds", "retention_time": 48, "new_partition_numbers": 5}}})
	s.ok("kafka/list_topic_partitions", arguments{"topic": "refunds"}).is("total", "5")
	s.refused("DMS.00400102", "kafka/create_partition", arguments{"topic": "refunds", "partition": 4})
	s.ok("kafka/create_partition", arguments{"topic": "refunds", "partition": 6})
	s.ok("kafka/show_kafka_topic_detail", arguments{"topic": "refunds"}).is("items/0/partitions/4/partition", "4")
	s.ok("kafka/batch_delete_instance_topic", arguments{"topics": []string{"refunds", "never"}}).is("topics/0/success", "true").is("topics/1/success", "false")
	s.ok("kafka/list_instance_topics", arguments{"limit": "50"}).lists("topics", "name", "refunds", false)
	s.refused("DMS.00400876", "kafka/show_instance_topic_detail", arguments{"topic": "refunds"})
	s.refused("DMS.00404022", "kafka/list_instance_topics", arguments{"instance_id": "never"})
}

func TestKafkaMessages(t *testing.T) {
	s := goShopping(t, kafkaShop)
	forever := arguments{"topic": "orders", "start_time": "0", "end_time": "4070908800000", "asc": true}
	with := func(name string, value any) arguments {
		given := maps.Clone(forever)
		given[name] = value
		return given
	}
	s.ok("kafka/show_instance_messages", forever).is("total", "6").is("messages/0/key", "order-1001").is("messages/0/value", "")
	s.ok("kafka/show_instance_messages", with("key", "order-1005")).is("total", "1").is("messages/0/partition", "1").is("messages/0/message_offset", "1188")
	s.ok("kafka/show_instance_messages", with("keyword", "c-42")).is("total", "1").is("messages/0/key", "order-1002")
	s.ok("kafka/show_instance_messages", with("start_time", strconv.FormatInt(s.now.UnixMilli()-10*60*1000, 10))).is("total", "1")
	s.ok("kafka/show_instance_messages", arguments{"topic": "orders", "partition": "1", "message_offset": "1188"}).
		is("messages/0/value", `{"order":"order-1005","customer":"c-99","total":"310.00","currency":"EUR"}`)

	s.ok("kafka/show_partition_end_message", arguments{"topic": "orders", "partition": 2}).is("offset", "1216")
	s.ok("kafka/send_kafka_message", arguments{"action_id": "send", "topic": "orders", "body": "b", "property_list": []any{
		map[string]any{"name": "key", "value": "order-7"}, map[string]any{"name": "partition", "value": "2"},
	}})
	s.ok("kafka/show_partition_end_message", arguments{"topic": "orders", "partition": 2}).is("offset", "1217")
	s.ok("kafka/show_partition_message", arguments{"topic": "orders", "partition": 2, "message_offset": "1216"}).is("message/0/key", "order-7").is("message/0/value", "b")
	s.ok("kafka/show_groups", arguments{"group": "billing"}).is("group/group_message_offsets/2/lag", "1")

	s.ok("kafka/delete_kafka_topic_messages", arguments{"topic": "orders", "partitions": []any{map[string]any{"partition": 0, "offset": 1201}, map[string]any{"partition": 1, "offset": -1}}}).
		is("partitions/0/result", "success")
	s.ok("kafka/show_beginning_message", arguments{"topic": "orders", "partition": 0}).is("offset", "1201")
	s.ok("kafka/show_instance_messages", forever).is("total", "3")
	s.ok("kafka/list_topic_partitions", arguments{"topic": "orders"}).is("partitions/1/message_count", "0").is("partitions/1/last_offset", "1189")
}

func TestKafkaGroups(t *testing.T) {
	s := goShopping(t, kafkaShop)
	s.ok("kafka/create_kafka_consumer_group", arguments{"group_name": "returns", "group_desc": "d"}).is("text", "success")
	s.refused("DMS.40050015", "kafka/create_kafka_consumer_group", arguments{"group_name": "returns"})
	s.ok("kafka/list_instance_groups", arguments{"group": "RETURN"}).is("total", "1").is("groups/0/state", "Empty")
	s.ok("kafka/update_consumer_group", arguments{"engine": "kafka", "group": "returns", "group_desc": "other"})
	s.ok("kafka/show_group", arguments{"group": "returns"}).is("group/group_desc", "other")
	s.ok("kafka/delete_group", arguments{"group": "returns"})
	s.refused("DMS.10240405", "kafka/show_group", arguments{"group": "returns"})
	s.refused("DMS.10240405", "kafka/delete_group", arguments{"group": "returns"})
	s.refused("DMS.00400062", "kafka/delete_group", arguments{"group": "billing"}) // its consumers are connected
	s.ok("kafka/batch_delete_group", arguments{"group_ids": []string{"trial-1", "billing", "never"}}).is("total", "2").is("failed_groups/0/group_id", "billing")
	s.ok("kafka/list_instance_groups", nil).lists("groups", "group_id", "trial-1", false)
	s.refused("DMS.00400062", "kafka/list_instance_group", arguments{"engine": "rocketmq", "group": "billing"})
}

func TestKafkaProgress(t *testing.T) {
	s := goShopping(t, kafkaShop)
	lag := func(want string) {
		t.Helper()
		s.ok("kafka/list_instance_group_topics", arguments{"engine": "kafka", "group": "mailer", "topic": "orders"}).is("topics/0/lag", want)
	}
	lag("4")
	s.ok("kafka/reset_message_offset", arguments{"group": "mailer", "topic": "orders", "partition": 0, "message_offset": 999999})
	lag("2") // partition 0 is read to its end
	s.ok("kafka/list_group_message_offset", arguments{"engine": "kafka", "group": "mailer", "topic": "orders", "partition": "0"}).
		is("group_message_offsets/0/message_current_offset", "1202").is("group_message_offsets/0/lag", "0")
	s.ok("kafka/reset_message_offset_engine", arguments{"group": "mailer", "topic": "orders", "partition": -1, "timestamp": 0})
	lag("6")
	s.ok("kafka/reset_message_offset_engine", arguments{"group": "mailer", "topic": "orders", "partition": -1, "timestamp": s.now.UnixMilli()})
	lag("0")
	s.refused("DMS.00400062", "kafka/reset_message_offset", arguments{"group": "billing", "topic": "orders", "partition": 0, "message_offset": 0})
	s.refused("DMS.00400062", "kafka/reset_message_offset", arguments{"group": "mailer", "topic": "orders", "partition": 0})
	s.refused("DMS.00400062", "kafka/reset_message_offset", arguments{"group": "mailer", "topic": "orders", "partition": 3, "message_offset": 0})
	s.refused("DMS.00400876", "kafka/reset_message_offset", arguments{"group": "mailer", "topic": "never", "partition": 0, "message_offset": 0})
	s.ok("kafka/delete_group_offsets", arguments{"group": "mailer", "topics": []string{"orders", "clicks"}}).is("topics/0/success", "true").is("topics/1/error_code", "DMS.00400876")
	s.ok("kafka/list_instance_group_topics", arguments{"engine": "kafka", "group": "mailer"}).lists("topics", "topic", "orders", false)
}

func TestKafkaUsersAndQuotas(t *testing.T) {
	s := goShopping(t, kafkaShop)
	s.ok("kafka/create_instance_user", arguments{"user_name": "shop-writer", "user_passwd": "hush-hush-1"})
	s.refused("DMS.00400062", "kafka/create_instance_user", arguments{"user_name": "shop-writer", "user_passwd": "hush-hush-1"})
	s.ok("kafka/update_instance_user", arguments{"engine": "kafka", "user_name": "shop-writer", "user_desc": "Writes."})
	s.ok("kafka/show_instance_users", nil).is("users/3/user_desc", "Writes.")
	s.ok("kafka/batch_delete_instance_users", arguments{"action": "delete", "users": []string{"shop-writer"}})
	s.refused("DMS.00404001", "kafka/reset_user_passwrod", arguments{"user_name": "shop-writer", "new_password": "hush-hush-2"})
	s.ok("kafka/update_topic_access_policy", arguments{"topics": []any{map[string]any{"name": "orders", "policies": []any{map[string]any{"user_name": "shop-app", "access_policy": "pub"}}}}})
	s.ok("kafka/show_topic_access_policy", arguments{"topic_name": "orders"}).is("policies/0/access_policy", "pub")

	quota := arguments{"topic": "orders", "producer-byte-rate": 1024}
	s.ok("kafka/create_kafka_topic_quota", quota)
	s.refused("DMS.00400062", "kafka/create_kafka_topic_quota", quota)
	s.ok("kafka/show_kafka_topic_quota", arguments{"keyword": "ord"}).is("quotas/0/producer-byte-rate", "1024")
	s.ok("kafka/delete_kafka_topic_quota", arguments{"topic": "orders"})
	s.refused("DMS.00404001", "kafka/delete_kafka_topic_quota", arguments{"topic": "orders"})
	s.ok("kafka/update_client_quota", arguments{"user": "shop-reader", "consumer_byte_rate": 9007199254740993})
	s.ok("kafka/show_client_quota", nil).is("quotas/0/consumer-byte-rate", "9007199254740993")
}

func TestKafkaConnectorsAndLogs(t *testing.T) {
	s := goShopping(t, kafkaShop)
	made := s.ok("kafka/create_connector_task", arguments{"task_name": "archive", "topics": "orders", "source_type": "NONE", "sink_type": "OBS_SINK",
		"sink_task": map[string]any{"obs_bucket_name": "shop-archive", "secret_key": "hush"}})
	made.is("status", "RUNNING").is("sink_task/secret_key", "")
	task := arguments{"task_id": made.text("id")}
	s.refused("DMS.00400062", "kafka/resume_connector_task", task)
	s.ok("kafka/pause_connector_task", task)
	s.ok("kafka/show_connector_task", task).is("status", "PAUSED").is("sink_task/obs_bucket_name", "shop-archive")
	s.ok("kafka/resume_connector_task", task)
	s.refused("DMS.00501012", "kafka/delete_connector", nil)
	s.ok("kafka/delete_connector_task", task)
	s.refused("DMS.00404026", "kafka/show_connector_task", task)
	s.refused("DMS.00404027", "kafka/create_connector", nil)

	s.ok("kafka/show_kafka_rebalance_log", nil).is("status", "CLOSED")
	s.ok("kafka/create_rebalance_log_task", nil)
	s.ok("kafka/show_kafka_log_task", arguments{"log_type": "REBALANCE"}).is("log_response_list/0/status", "OPEN")
	s.ok("kafka/stop_rebalance_log_task", nil)
	s.ok("kafka/show_kafka_rebalance_log", nil).is("status", "CLOSED")
}

func TestDiagnoses(t *testing.T) {
	s := goShopping(t, kafkaShop)
	made := s.ok("kafka/create_diagnosis_task", arguments{"group_name": "warehouse", "topic_name": "orders"}).text("report_id")
	s.ok("kafka/show_diagnosis_report", arguments{"report_id": made}).is("abnormal_item_num", "1")
	s.ok("kafka/show_diagnosis_pre_check", arguments{"group": "warehouse", "topic": "never"}).is("items/0/success", "true").is("items/1/success", "false")
	s.ok("kafka/delete_diagnosis_reports", arguments{"report_id_list": []string{made}}).is("results/0/result", "true")
	s.refused("DMS.00404001", "kafka/show_diagnosis_report", arguments{"report_id": made})

	r := goShopping(t, rocketmqShop)
	made = r.ok("rocketmq/create_diagnosis_task", arguments{"group_name": "warehouse"}).text("report_id")
	report := r.ok("rocketmq/show_diagnosis_report", arguments{"report_id": made}).is("message_accumulation", "2").is("online", "true")
	r.ok("rocketmq/show_diagnosis_stack", arguments{"stack_id": report.text("diagnosis_node_report_list/0/stack_id")}).is("thread_name", "ConsumeMessageThread_warehouse_1")
	r.ok("rocketmq/delete_diagnosis_records", arguments{"report_id_list": []string{made, "never"}}).is("report_id_list/0", made)
	r.refused("DMS.00404001", "rocketmq/show_diagnosis_report", arguments{"report_id": made})
}

// What the vendor calls not found is not found here, too.
func TestNotFoundIsToldApart(t *testing.T) {
	s := goShopping(t, kafkaShop)
	for name, given := range map[string]arguments{
		"kafka/show_group": {"group": "never"}, "kafka/list_instance_topics": {"instance_id": "never"}, "kafka/show_background_task": {"task_id": "never"},
		"kafka/show_instance_topic_detail": {"topic": "never"},
	} {
		_, err := s.call(name, given)
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotFound {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
