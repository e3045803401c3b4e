package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// Kafka and RocketMQ share paths: the instance decides which product's operation answers.
func TestEngineDecides(t *testing.T) {
	s := goShopping(t, kafkaShop)
	onKafka, onRocketMQ := arguments{"instance_id": kafkaShop}, arguments{"instance_id": rocketmqShop}
	s.ok("kafka/list_instance_topics", onKafka).is("topics/1/name", "orders").is("topics/1/replication", "3")
	s.ok("rocketmq/list_rocket_topics", onRocketMQ).is("topics/0/name", "orders").is("topics/0/message_type", "NORMAL")
	// One path: each instance answers as its engine does, whoever asks.
	s.ok("kafka/list_instance_topics", onRocketMQ).is("topics/0/message_type", "NORMAL")
	s.ok("rocketmq/list_rocket_topics", onKafka).is("topics/1/replication", "3")
	s.ok("kafka/show_instance", onRocketMQ).is("engine", "reliability")
	s.ok("rocketmq/list_instances", arguments{"engine": "reliability"}).is("instances/0/name", "rocketmq-shop")
	s.ok("rocketmq/list_instances", arguments{"engine": "kafka"}).is("instances/0/name", "kafka-shop")
	s.ok("rocketmq/list_engine_products", arguments{"engine": "rocketmq"}).is("engine", "reliability")
	s.ok("kafka/list_engine_products", arguments{"engine": "kafka"}).is("engine", "kafka")
	// A path of one product's alone refuses the other's instance.
	s.refused("DMS.00400007", "rocketmq/list_brokers", onKafka)
	s.refused("DMS.00400007", "kafka/show_cluster", onRocketMQ)
	// A topic may have the name that is a word of the other product's path.
	s.ok("rocketmq/create_or_delete_topics", arguments{"instance_id": rocketmqShop, "name": "diskusage"})
	s.ok("rocketmq/show_one_topic", arguments{"instance_id": rocketmqShop, "topic": "diskusage"}).is("name", "diskusage")
	s.ok("kafka/show_topic_diskusage", onKafka).is("broker_list/0/broker_name", "broker-0")
}

func TestInstances(t *testing.T) {
	for product, engine := range map[string]string{"kafka": "kafka", "rocketmq": "reliability"} {
		t.Run(product, func(t *testing.T) {
			s := goShopping(t, "")
			order := arguments{
				"engine": engine, "name": "shop-new", "engine_version": "2.7", "broker_num": 3, "storage_space": 300, "product_id": "p", "storage_spec_code": "dms.physical.storage.high.v2",
				"vpc_id": "v", "subnet_id": "n", "security_group_id": "g", "available_zones": []string{"z"},
			}
			create, batch := "kafka/create_post_paid_instance", "kafka/restart_or_delete_instances"
			if product == "rocketmq" {
				create, batch = "rocketmq/create_post_paid", "rocketmq/batch_delete_instances"
			}
			s.instance = s.ok(create, order).text("instance_id")
			s.refused("DMS.00400060", create, order)
			s.ok(product+"/show_instance", nil).is("name", "shop-new").is("engine", engine).is("status", "RUNNING").is("storage_space", "300")
			s.ok(product+"/list_instances", arguments{"engine": engine, "name": "SHOP-N"}).is("instance_num", "1")
			s.ok(product+"/list_instances", arguments{"engine": engine, "name": "shop-n", "exact_match_name": "true"}).is("instance_num", "0")
			s.ok(product+"/update_instance", arguments{"name": "shop-newer", "description": "d"})
			s.ok(product+"/show_instance", nil).is("name", "shop-newer").is("description", "d")
			s.ok(product+"/update_volume_expansion", arguments{"auto_volume_expand_enable": true, "expand_threshold": 70})
			s.ok(product+"/"+expansionOf(product), nil).is("auto_volume_expand_enable", "true").is("expand_threshold", "70")

			s.ok(product+"/delete_instance", nil)
			s.refused("DMS.00404022", product+"/show_instance", nil)
			s.ok(product+"/show_recycle_instances", nil).lists("recycle_instances", "instance_id", s.instance, true)
			s.ok(product+"/restore_recycle_instance", arguments{"instances": []string{s.instance}}).is("results/0/error_msg", "")
			s.ok(product+"/show_instance", nil).is("name", "shop-newer")
			s.ok(batch, arguments{"action": "delete", "instances": []string{s.instance, "never"}, "force_delete": true}).is("results/0/result", "success").is("results/1/result", "failed")
			s.ok(product+"/show_recycle_instances", nil).lists("recycle_instances", "instance_id", s.instance, false)
			s.refused("DMS.00400065", batch, arguments{"action": "delete", "instances": []string{}})
			s.ok(product+"/modify_recycle_policy", arguments{"default_use_recycle": false, "retention_days": 3}).is("retention_days", "3").is("default_use_recycle", "false")
			s.refused("DMS.00400062", product+"/modify_recycle_policy", arguments{"retention_days": 8})
		})
	}
}

// expansionOf is the file's name of one operation, which differs.
func expansionOf(product string) string {
	if product == "kafka" {
		return "show_volume_expand_config"
	}
	return "show_volume_expansion"
}

func TestTagsTasksAndConfigs(t *testing.T) {
	for product, test := range map[string]struct{ instance, change, show, project, configs, change2, list string }{
		"kafka":    {kafkaShop, "batch_create_or_delete_tag", "show_kafka_tags", "show_kafka_project_tags", "show_instance_configs", "modify_instance_configs", "kafka_configs"},
		"rocketmq": {rocketmqShop, "create_or_delete_tags", "show_rocketmq_tags", "show_project_tags", "show_rocket_mq_configs", "update_rocket_mq_configs", "rocketmq_configs"},
	} {
		t.Run(product, func(t *testing.T) {
			s := goShopping(t, test.instance)
			at := func(name string) string { return product + "/" + name }
			tags := []any{map[string]any{"key": "cost-center", "value": "4711"}}
			s.ok(at(test.change), arguments{"action": "create", "tags": tags})
			s.ok(at(test.show), nil).lists("tags", "key", "cost-center", true)
			s.ok(at(test.project), nil).is("tags/0/key", "cost-center").is("tags/0/values/0", "4711")
			s.ok(at("show_instance"), nil).is("tags/2/value", "4711")
			s.ok(at(test.change), arguments{"action": "delete", "tags": tags})
			s.ok(at(test.show), nil).lists("tags", "key", "cost-center", false)

			tasks := s.ok(at("list_background_tasks"), nil)
			id := tasks.text("tasks/0/id")
			s.ok(at("show_task_progress"), arguments{"task_id": id}).is("progress_percentage", "100")
			s.ok(at("list_background_tasks"), arguments{"begin_time": "20990101000000"}).is("task_count", "0")
			s.ok(at("delete_background_task"), arguments{"task_id": id})
			s.refused("DMS.00404001", at("show_background_task"), arguments{"task_id": id})

			planned := s.ok(at("list_scheduled_tasks"), nil).is("job_count", "2").text("jobs/0/id")
			s.ok(at("update_scheduled_task"), arguments{"task_id": planned, "execute_at": always, "status": "CANCELLED"})
			s.ok(at("list_scheduled_tasks"), nil).is("jobs/0/schedule_at", always).is("jobs/0/status", "CANCELLED")
			s.ok(at("delete_scheduled_task"), arguments{"task_id": planned})
			s.ok(at("list_scheduled_tasks"), nil).is("job_count", "1")

			name := s.ok(at(test.configs), nil).text(test.list + "/0/name")
			s.ok(at(test.change2), arguments{test.list: []any{map[string]any{"name": name, "value": "2"}}})
			s.ok(at(test.configs), nil).is(test.list+"/0/value", "2")
		})
	}
	s := goShopping(t, kafkaSpare)
	s.ok("kafka/resize_kafka_instance", arguments{"oper_type": "storage", "new_storage_space": 900})
	s.ok("kafka/update_kafka_port_protocol", arguments{"engine": "kafka", "protocol": "private_sasl_ssl_enable", "enable": true})
	s.ok("kafka/show_instance", nil).is("total_storage_space", "900").is("port_protocols/private_sasl_ssl_enable", "true").is("port_protocols/private_plain_enable", "true")
	s.refused("DMS.00400063", "kafka/modify_instance_configs", arguments{"kafka_configs": []any{map[string]any{"name": "never", "value": "1"}}})
}

func TestROMA(t *testing.T) {
	s := goShopping(t, romaShop)
	s.ok("mqs/list_mqs_instance", arguments{"include_internal": "true"}).is("instance_num", "2").is("instances/0/name", "roma-shop")
	s.ok("mqs/create_mqs_instance_topic", arguments{"name": "refunds", "app_id": "app-partners", "access_policy": "pub", "partition": 2}).is("name", "refunds")
	s.refused("DMS.40050005", "mqs/create_mqs_instance_topic", arguments{"name": "refunds", "app_id": "app-partners", "access_policy": "pub"})
	s.ok("mqs/list_mqs_instance_topics", arguments{"name": "refunds", "access_policy": "pub"}).is("total", "1").is("topics/0/partition", "2")
	s.ok("mqs/update_topic_access_policy", arguments{"topics": []any{map[string]any{"name": "refunds", "policies": []any{map[string]any{"app_id": "a", "app_name": "n", "access_policy": "sub"}}}}})
	s.ok("mqs/show_mqs_topic_access_policy", arguments{"topic_name": "refunds"}).is("policies/0/access_policy", "sub")
	s.ok("mqs/delete_mqs_instance_topic", arguments{"name": "refunds"}).is("topics/0/success", "true")
	s.ok("mqs/delete_mqs_instance_topic", arguments{"name": "refunds"}).is("topics/0/success", "false")
	s.refused("DMS.00400876", "mqs/show_mqs_topic_access_policy", arguments{"topic_name": "refunds"})

	ranged := arguments{"topic": "orders", "start_time": "0", "end_time": always, "tag": "new"}
	s.ok("mqs/show_mqs_instance_messages", ranged).is("total", "2").is("messages/0/value", "").is("messages/0/app_id", "app-partners")
	s.ok("mqs/show_mqs_instance_messages", arguments{"topic": "orders", "start_time": "", "end_time": "", "partition": "0", "message_offset": "1"}).is("messages/0/key", "order-2002")
	s.ok("mqs/reset_messages", arguments{"action_id": "resend", "topic": "orders", "partition": 0, "message_offset": 1})
	s.ok("mqs/show_mqs_instance_messages", ranged).is("total", "3")
	s.refused("DMS.00404001", "mqs/reset_messages", arguments{"action_id": "resend", "topic": "orders", "partition": 0, "message_offset": 99})

	file := string(s.ok("mqs/export_mqs_instance_topic", arguments{"name": "orders"}).raw)
	s.instance = "9c41d7e8-2b5f-4a06-b3c9-7e8d1f2a3b55"
	s.ok("mqs/import_mqs_instance_topic", arguments{"upload_file_name": file, "prefix": "north-"})
	s.ok("mqs/list_mqs_instance_topics", nil).is("total", "1").is("topics/0/app_name", "north-partners")
	s.refused("DMS.00400062", "mqs/import_mqs_instance_topic", arguments{"upload_file_name": "no list"})
}

// Each product's operations go to its own endpoint.
func TestEndpointOfProduct(t *testing.T) {
	var asked []string
	c := connect(t, time.Now, func(s *Settings) { s.RomaEndpoint = "http://127.0.0.1:1" }, func(r *http.Request) { asked = append(asked, r.URL.Path) })
	file, err := sdk.ReadFile(schemas.Huawei, "huawei/mqs/list_mqs_instance.json")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Do(t.Context(), file, file.Example.Arguments)
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeUnreachable || len(asked) > 0 {
		t.Errorf("got %v, and DMS was asked %v", err, asked)
	}
	c.roma.Endpoint = ""
	_, err = c.Do(t.Context(), file, file.Example.Arguments)
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeInvalidConfig || !strings.Contains(problem.Hint, "roma_endpoint") || !strings.Contains(problem.Message, emulator.Region) {
		t.Errorf("got %v", err)
	}
}
