package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// of is arguments with the shop's Kafka instance.
func of(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"prodInstId":"` + shopEvents + `"` + members + `}`
}

func TestKafkaTopicIsMadeAndDeleted(t *testing.T) {
	s := newShop(t)
	s.do("kafka/topic_create", of(`"topicName":"returns","partitionNum":2,"description":"what comes back"`))
	s.refused("kafka/topic_create", of(`"topicName":"returns"`), "topic returns already exists")
	for _, version := range []string{"kafka/topic_query", "kafka/v4_topic_query", "kafka/v2_topic_query"} {
		row := s.do(version, of(`"topicName":"retu"`))
		row.at("total").is("1")
		row.at("data", 0, "partitionNum").is("2")
	}
	s.do("kafka/topic_modify_partition_num", of(`"topicName":"returns","partitionNum":5`))
	s.refused("kafka/topic_modify_partition_num", of(`"topicName":"returns","partitionNum":4`), "has 5 partitions")
	s.do("kafka/topic_update_topic", of(`"topicName":"returns","retentionTime":3600000`))
	row := s.do("kafka/topic_query", of(`"topicName":"returns"`)).at("data", 0)
	row.at("partitionNum").is("5")
	row.at("configs", "retention.ms").is("3600000")
	s.do("kafka/topic_delete", of(`"topicName":"returns"`))
	s.do("kafka/topic_query", of(`"topicName":"returns"`)).at("total").is("0")
	s.refused("kafka/topic_delete", of(`"topicName":"returns"`), "topic returns does not exist")
	s.refused("kafka/topic_batch_delete", of(`"topicNames":["surveys","returns"]`), "topic returns does not exist")
	s.do("kafka/topic_query", of(`"topicName":"surveys"`)).at("total").is("1")
}

func TestProducedMessageIsFound(t *testing.T) {
	s := newShop(t)
	const place = `"topicName":"orders","partitionId":1`
	s.refused("kafka/topic_produce", of(`"topicName":"orders","partitionId":3,"value":"x"`), "partition 3 of topic orders does not exist")
	s.refused("kafka/topic_produce", of(place+`,"numMessages":11`), "numMessages")
	before := s.do("kafka/topic_status", of(`"topicName":"orders"`)).at("data", 1, "end").text()
	began := time.Now().UnixMilli()
	s.do("kafka/topic_produce", of(place+`,"key":"order-1006","value":"a parcel of books","numMessages":2`)).at("result").is("2")
	first, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s.do("kafka/topic_status", of(`"topicName":"orders"`)).at("data", 1, "end").is(strconv.FormatInt(first+2, 10))
	s.do("kafka/topic_end_message", of(place)).at("data", 0, "offset").is(strconv.FormatInt(first+1, 10))

	byOffset := s.do("kafka/topic_message_by_offset", of(fmt.Sprintf(`"topicName":"orders","partition":1,"offset":%d`, first))).at("data", 0)
	byOffset.at("value").is("a parcel of books")
	byOffset.at("key").is("order-1006")
	byTime := s.do("kafka/topic_message_by_timestamp", of(fmt.Sprintf(`"topicName":"orders","partition":1,"timestamp":"%d"`, began))).at("data", 0)
	byTime.at("offset").is(before)
	found := s.do("kafka/topic_message", of(fmt.Sprintf(`%s,"startTime":%d,"endTime":%d,"content":"of books","pageSize":1`, place, began, time.Now().UnixMilli()))).at("data")
	found.at("messagesCount").is("2")
	found.at("pageCount").is("2")
	if got := found.at("messages").all("offset"); len(got) != 1 || got[0] != before {
		t.Errorf("the first page has %v", got)
	}
}

func TestKafkaResetMovesTheLag(t *testing.T) {
	s := newShop(t)
	const mailer = `"groupName":"mailer","topicName":"orders"`
	lag := func() (total int) {
		rows := s.do("kafka/consumer_group_status", of(mailer)).at("data")
		for n := range rows.all("partitionId") {
			one, err := strconv.Atoi(rows.at(n, "offsets", "lag").text())
			if err != nil {
				t.Fatal(err)
			}
			total += one
		}
		return total
	}
	total, err := strconv.Atoi(s.do("kafka/topic_status", of(`"topicName":"orders"`)).at("total").text())
	if err != nil {
		t.Fatal(err)
	}
	if got := lag(); got == 0 || got == total {
		t.Fatalf("mailer lags %d of %d at the start", got, total)
	}
	s.do("kafka/consumer_group_reset", of(mailer+`,"type":2`))
	if got := lag(); got != total {
		t.Errorf("from the start it lags %d of %d", got, total)
	}
	s.do("kafka/consumer_group_reset", of(mailer+fmt.Sprintf(`,"type":1,"time":%d`, time.Now().Add(-150*time.Minute).UnixMilli())))
	if got := lag(); got != 2 {
		t.Errorf("from 2.5 hours ago it lags %d; 2 messages came since", got)
	}
	s.do("kafka/consumer_group_reset", of(mailer+`,"type":0`))
	if got := lag(); got != 0 {
		t.Errorf("at the end it lags %d", got)
	}
	s.do("kafka/topic_produce", of(`"topicName":"orders","partitionId":0,"value":"x"`))
	s.do("kafka/consumer_group_reset", of(mailer+`,"type":3,"partitionShiftList":[{"partition":0,"shiftBy":-1}]`))
	if got := lag(); got != 2 {
		t.Errorf("one back it lags %d; want the new message and one more", got)
	}
	s.refused("kafka/consumer_group_reset", of(mailer+`,"type":1`), "time is required")
	s.refused("kafka/consumer_group_reset", of(`"groupName":"billing","topicName":"orders","type":0`), "members online")
}

func TestKafkaGroupIsMadeAndDeleted(t *testing.T) {
	s := newShop(t)
	s.do("kafka/consumer_group_create", of(`"groupName":"returns_desk","description":"handles returns"`))
	s.refused("kafka/consumer_group_create", of(`"groupName":"returns_desk"`), "group returns_desk already exists")
	s.do("kafka/consumer_group_update_topics", of(`"groupName":"returns_desk","addTopicNames":["orders","payments"]`))
	s.do("kafka/consumer_group_update_topics", of(`"groupName":"returns_desk","deleteTopicNames":["payments"]`))
	s.do("kafka/group_selected_topics", of(`"groupName":"returns_desk"`)).at("data").is(`["orders"]`)
	s.do("kafka/topic_get_details", of(`"topicName":"orders"`)).at("data", 0, "groupSubscribed").is(`["billing","warehouse","mailer","returns_desk"]`)
	s.do("kafka/consumer_group_update", of(`"groupName":"returns_desk","description":"closed"`))
	for _, version := range []string{"kafka/consumer_group_query", "kafka/v4_consumer_group_query"} {
		s.do(version, of(`"groupName":"returns"`)).at("data", 0, "description").is("closed")
	}
	s.do("kafka/consumer_group_delete", of(`"groupName":"returns_desk"`))
	s.refused("kafka/consumer_group_status", of(`"groupName":"returns_desk","topicName":"orders"`), "group returns_desk does not exist")
	s.refused("kafka/consumer_group_batch_delete", of(`"groupNames":["audit","billing"]`), "members online")
	s.do("kafka/consumer_group_query", of(`"groupName":"audit"`)).at("total").is("1")
}

// Every partition of a topic is read by one member.
func TestMembersShareThePartitions(t *testing.T) {
	s := newShop(t)
	members := s.do("kafka/v4_consumer_group_instances", of(`"groupName":"billing","tname":"orders"`)).at("data")
	var read []string
	for n := range members.all("consumerId") {
		read = append(read, members.at(n, "topicPartitions").all("partition")...)
	}
	slices.Sort(read)
	if diff := cmp.Diff([]string{"0", "1", "2"}, read); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUserIsMadeAndGranted(t *testing.T) {
	s := newShop(t)
	s.do("kafka/sasl_user_create", of(`"username":"returns-app","password":"Sandbox-only-1"`))
	s.refused("kafka/sasl_user_create", of(`"username":"returns-app"`), "user returns-app already exists")
	s.do("kafka/sasl_user_add_authority", of(`"username":"returns-app","addReadAuthority":["orders"],"addWriteAuthority":["orders","payments"]`))
	s.do("kafka/sasl_user_delete_authority", of(`"username":"returns-app","deleteWriteAuthority":["orders"]`))
	rights := s.do("kafka/sasl_user_get_authority", of(`"username":"returns-app"`)).at("data")
	rights.at("readAuthorityTopics").is(`["orders"]`)
	rights.at("writeAuthorityTopics").is(`["payments"]`)
	s.refused("kafka/sasl_user_add_authority", of(`"username":"returns-app","addReadAuthority":["nothing"]`), "topic nothing does not exist")
	s.refused("kafka/sasl_user_add_authority", of(`"username":"returns-app"`), "required")

	const rule = `"username":"returns-app","resourceType":"TOPIC","resourceName":"orders","operationType":"WRITE"`
	const named = `"username":"returns-app","resourceType":"TOPIC","resourceName":"orders"`
	s.do("kafka/acl_add", of(rule))
	s.refused("kafka/acl_add", of(rule), "already exists")
	s.do("kafka/acl_query", of(named)).at("data", 0, "entry", "data", "principal").is("User:returns-app")
	s.do("kafka/acl_delete", of(rule))
	s.do("kafka/acl_query", of(named)).at("data").is("[]")
	s.refused("kafka/acl_delete", of(rule), "does not exist")

	s.do("kafka/sasl_user_delete", of(`"username":"returns-app"`))
	s.do("kafka/v4_sasl_user_query", of("")).at("data").lists("username", "returns-app", false)
	s.refused("kafka/sasl_user_get_authority", of(`"username":"returns-app"`), "user returns-app does not exist")
}

func TestLimits(t *testing.T) {
	s := newShop(t)
	const limit = `"topic":"payments","producerByteRate":1048576`
	s.do("kafka/quota_topic_create", of(limit))
	s.refused("kafka/quota_topic_create", of(limit), "already exists")
	s.do("kafka/quota_topic_update", of(`"topic":"payments","producerByteRate":2097152`))
	list := s.do("kafka/quota_topic_list", of(""))
	list.at(slices.Index(list.all("topic"), "payments"), "producerByteRate").is("2097152")
	for range 2 { // succeeds as well when there is none
		s.do("kafka/quota_topic_delete", of(`"topic":"payments"`))
	}
	s.do("kafka/quota_topic_list", of("")).lists("topic", "payments", false)
	s.refused("kafka/quota_topic_update", of(limit), "the limit does not exist")

	s.do("kafka/quota_user_client_create", of(`"user":"biller","defaultClient":true,"consumerByteRate":1048576`))
	users := s.do("kafka/quota_user_client_list", of(""))
	users.at(slices.Index(users.all("user"), "biller"), "defaultClient").is("true")
	s.do("kafka/quota_user_client_delete", of(`"user":"biller","defaultClient":true`))
	s.do("kafka/quota_user_client_list", of("")).lists("user", "biller", false)

	s.do("kafka/quota_broker_update", of(`"producerByteRate":5,"consumerByteRate":6`))
	s.do("kafka/quota_broker_query", of("")).at("consumerByteRate").is("6")
	s.do("kafka/quota_broker_delete", of(""))
	s.do("kafka/quota_broker_query", of("")).is("{}")
	s.refused("kafka/quota_broker_create", of(""), "required")
}

func TestTags(t *testing.T) {
	s := newShop(t)
	s.do("kafka/resource_tag_add_tag", `{"tagName":"team-returns"}`)
	s.refused("kafka/resource_tag_add_tag", `{"tagName":"team-returns"}`, "tag team-returns already exists")
	id := s.do("kafka/resource_tag_list_tag", `{"tagName":"returns"}`).at("data", 0, "tagId").text()
	bind := of(`"tagId":"` + id + `","type":"GROUP","resourceIdList":["billing","mailer"]`)
	s.do("kafka/resource_tag_tag_resource", bind)
	s.do("kafka/resource_tag_tag_resource", bind)
	resources := s.do("kafka/resource_tag_list_resource", `{"tagId":"`+id+`"}`).at("data")
	if diff := cmp.Diff([]string{"billing", "mailer"}, resources.all("resourceId")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.do("kafka/resource_tag_un_tag_resource", of(`"tagId":"`+id+`","type":"GROUP","resourceIdList":["mailer"]`))
	s.do("kafka/resource_tag_list_resource", `{"tagId":"`+id+`"}`).at("data").lists("resourceId", "mailer", false)
	s.refused("kafka/resource_tag_tag_resource", of(`"tagId":"`+id+`","type":"TOPIC","resourceIdList":["nothing"]`), "topic nothing does not exist")
	s.refused("kafka/resource_tag_list_resource", `{"tagId":"0"}`, "tag 0 does not exist")
}

func TestStaticSettingsWaitForARestart(t *testing.T) {
	s := newShop(t)
	value := func(name string) string {
		rows := s.do("kafka/v4_instances_get_config", of("")).at("data")
		return rows.at(slices.Index(rows.all("name"), name), "value").text()
	}
	s.do("kafka/instances_update_config", of(`"dynamicConfigs":[{"name":"log.retention.hours","value":"96"}],"staticConfigs":[{"name":"num.partitions","value":"6"}]`))
	if value("log.retention.hours") != "96" || value("num.partitions") != "3" {
		t.Errorf("before a restart: %s and %s", value("log.retention.hours"), value("num.partitions"))
	}
	s.do("kafka/instances_restart", of(""))
	if value("num.partitions") != "6" {
		t.Errorf("after a restart: %s", value("num.partitions"))
	}
	s.do("kafka/instances_modify_config", of(`"logRetentionMs":"3600000"`))
	if value("log.retention.ms") != "3600000" {
		t.Errorf("retention %s", value("log.retention.ms"))
	}
	s.refused("kafka/instances_update_config", of(`"dynamicConfigs":[{"name":"nothing","value":"1"}]`), "setting nothing does not exist")
}

func TestKafkaInstanceChanges(t *testing.T) {
	s := newShop(t)
	at := func(members string) string { return `{"prodInstId":"` + staging + `",` + members + `}` }
	s.do("kafka/instances_node_extend", at(`"extendNodeNum":6`))
	s.refused("kafka/instances_node_extend", at(`"extendNodeNum":6`), "has 6 nodes")
	s.do("kafka/instances_disk_extend", at(`"diskExtendSize":"500"`))
	s.refused("kafka/instances_disk_shrink", at(`"diskSize":"550"`), "not valid")
	s.do("kafka/instances_spec_extend", at(`"specName":"kafka.8u16g.cluster"`))
	s.do("kafka/instances_can_expand_prod", `{"prodInstId":"`+staging+`"}`).at("data").is("[]")
	s.do("kafka/price_for_renew", at(`"cycleCnt":2`)).at("totalPrice").is("9360.00")
	s.do("kafka/instances_upgrade_version", at(`"updateVersion":"3.6"`))
	s.refused("kafka/instances_upgrade_version", at(`"updateVersion":"3.6"`), "cannot be upgraded")
	s.do("kafka/instances_modify_name", at(`"instanceName":"staging-two"`))
	row := s.do("kafka/instances_query", at(`"pageNum":1`)).at("data", 0)
	row.at("instanceName").is("staging-two")
	row.at("space").is("3000")
	row.at("specifications").is("kafka.8u16g.cluster")
	row.at("version").is("3.6")
	if got := len(row.at("nodeList").all("vpcIp")); got != 6 {
		t.Errorf("%d nodes", got)
	}
	s.do("kafka/instances_query", `{"name":"staging"}`).at("data", 0, "nodeList").is("[]")
	s.do("kafka/instances_query", `{"name":"staging","exactMatchName":true}`).at("total").is("0")
	s.do("kafka/instances_delete", `{"prodInstId":"`+staging+`"}`)
	s.refused("kafka/instances_detail", `{"prodInstId":"`+staging+`"}`, "instance "+staging+" does not exist")
	s.refused("kafka/instances_query", `{"prodInstId":"`+staging+`"}`, "does not exist")
}

func TestElasticAddressIsBound(t *testing.T) {
	s := newShop(t)
	bind := `{"paasInstanceId":"` + shopEvents + `","ip":"192.168.72.13","elasticIp":"203.0.113.77"}`
	s.do("kafka/instances_bind_elastic_ip", bind)
	s.refused("kafka/instances_bind_elastic_ip", bind, "already has the address")
	s.do("kafka/instances_query", of("")).at("data", 0, "nodeList").lists("elasticIp", "203.0.113.77", true)
	s.do("kafka/instances_unbind_elastic_ip", `{"paasInstanceId":"`+shopEvents+`","elasticIp":"203.0.113.77"}`)
	s.do("kafka/instances_query", of("")).at("data", 0, "nodeList").lists("elasticIp", "203.0.113.77", false)
}

func TestDrillsAndPoliciesAndTasks(t *testing.T) {
	s := newShop(t)
	drill := s.do("kafka/chaos_inject", of(`"actionCode":"cpu-fullload","actionParameter":{"cpuPercent":70,"duration":30}`))
	named := `"experimentId":"` + drill.at("experimentId").text() + `"`
	s.do("kafka/chaos_query_req_msg", of(named+`,"taskId":"`+drill.at("taskId").text()+`"`)).at("cpuPercent").is("70")
	s.do("kafka/chaos_cancel", of(named))
	s.refused("kafka/chaos_cancel", of(named), "has ended")

	s.do("kafka/kafka_acl_strategy_create", of(`"name":"writers","useNewTopic":false`))
	s.refused("kafka/kafka_acl_strategy_create", of(`"name":"writers"`), "already exists")
	s.do("kafka/acl_strategy_turn_auto_match", of(`"name":"writers","useNewTopic":true`))
	s.do("kafka/kafka_acl_strategy_detail", of(`"name":"writers"`)).at("data", "useNewTopic").is("true")
	s.do("kafka/kafka_acl_strategy_delete", of(`"name":"writers"`))
	s.do("kafka/kafka_acl_strategy_list", of("")).at("data").lists("name", "writers", false)
	s.refused("kafka/kafka_acl_strategy_detail", of(`"name":"writers"`), "policy writers does not exist")

	s.do("kafka/auto_disk_expand_update", of(`"thresholdPercent":85`))
	s.do("kafka/auto_disk_expand_search", of("")).at("data", "thresholdPercent").is("85")
	if got := s.do("kafka/auto_retention_search", of("")).at("data", "thresholdPercent"); got.value != nil {
		t.Errorf("retention has the disk's threshold: %v", got.value)
	}
}

func TestPartitionsMove(t *testing.T) {
	s := newShop(t)
	leaders := func() (all []string) {
		rows := s.do("kafka/topic_get_details", of(`"topicName":"orders"`)).at("data", 0, "partitionList")
		for n := range rows.all("partitionId") {
			all = append(all, rows.at(n, "replicas", 0, "brokerId").text())
		}
		return all
	}
	s.do("kafka/topic_reassignments", of(`"topicName":"orders","type":1,"partitionBrokers":{"0":[3,2,1]}`))
	if diff := cmp.Diff([]string{"3", "2", "3"}, leaders()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.refused("kafka/topic_reassignments", of(`"topicName":"orders","brokers":[1,2,9]`), "broker 9 does not exist")
	s.refused("kafka/topic_reassignments", of(`"topicName":"orders","type":1,"partitionBrokers":{"0":[9]}`), "broker 9 does not exist")
}

// The enterprise project goes along where the connection has one, with the operations that take it.
func TestProjectGoesAlong(t *testing.T) {
	arrived := make(chan []string, 1)
	c := newShop(t).client
	c.products[kafka].Endpoint = serveProduct(t, emulator.Kafka, func(r *http.Request) { arrived <- r.Header.Values("projectId") })
	for _, test := range []struct {
		project, name string
		want          []string
	}{{"", "instances_query_price", nil}, {"p-17", "instances_query_price", []string{"p-17"}}, {"p-17", "instances_query", nil}} {
		c.projectID = test.project
		file, err := sdk.ReadFile(schemas.CTyun, "ctyun/kafka/"+test.name+".json")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), file, file.Example.Arguments); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, <-arrived); diff != "" {
			t.Errorf("%s of project %q (-want +got):\n%s", test.name, test.project, diff)
		}
	}
}

func TestHintNamesTheProductsOwnList(t *testing.T) {
	s := newShop(t)
	for tool, name := range map[string]string{"ctyun_kafka_instances_query": "kafka/topic_status", "ctyun_rocketmq_instance_list": "rocketmq/topic_status"} {
		file, err := sdk.ReadFile(schemas.CTyun, "ctyun/"+name+".json")
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.client.Do(t.Context(), file, []byte(`{"prodInstId":"none","topicName":"orders"}`))
		if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeNotFound || !strings.Contains(problem.Hint, tool) {
			t.Errorf("%s: %v; want a hint at %s", name, problem, tool)
		}
	}
}
