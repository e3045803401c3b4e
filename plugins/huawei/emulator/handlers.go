package emulator

import (
	"maps"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// dmsHandlers are the operations of Kafka and RocketMQ that the shop answers itself.
func dmsHandlers() handlers {
	all := handlers{}
	for _, product := range []string{kafkaProduct, rocketmqProduct} {
		all.add(product, sharedHandlers(product))
	}
	for _, part := range []map[string]handler{
		kafkaTopics(), kafkaGroups(), kafkaMessages(), kafkaUsers(), kafkaQuotas(), kafkaConnectors(), kafkaLogs(), kafkaClusters(), kafkaDiagnoses(),
		kafkaChanges(),
	} {
		all.add(kafkaProduct, part)
	}
	for _, part := range []map[string]handler{
		rocketTopics(), rocketGroups(), rocketMessages(), rocketUsers(), rocketClusters(), rocketMigrations(), rocketDiagnoses(), rocketChanges(),
	} {
		all.add(rocketmqProduct, part)
	}
	all.add("iam", map[string]handler{"KeystoneListProjects": listProjects})
	return all
}

// sharedHandlers are operations that both products have under the same name.
func sharedHandlers(product string) map[string]handler {
	return map[string]handler{
		"ListInstances": listInstances(product), "ShowInstance": showInstance, "UpdateInstance": updateInstance, "DeleteInstance": deleteInstance,
		"CreateInstanceByEngine": createInstance(product),
		"ShowRecycleInstances":   showRecycled, "ModifyRecyclePolicy": changeRecyclePolicy, "RestoreRecycleInstance": restoreRecycled,
		"ListBackgroundTasks": listTasks, "ShowBackgroundTask": withTask(showTask), "DeleteBackgroundTask": withTask(deleteTask),
		"ShowBackgroundTaskProgress": withTask(showTaskProgress),
		"ListScheduledTasks":         listScheduled, "UpdateScheduledTask": withScheduled(updateScheduled), "DeleteScheduledTask": withScheduled(deleteScheduled),
		"ShowVolumeExpandConfig": showExpansion, "UpdateVolumeExpansionConfig": changeExpansion,
		"EnableDns": sets("dns_enable", true), "ShowQuotas": showQuotas,
	}
}

func kafkaChanges() map[string]handler {
	return map[string]handler{
		"CreatePostPaidKafkaInstance": createInstance(kafkaProduct), "BatchRestartOrDeleteInstances": deleteInstances(kafkaProduct),
		"BatchCreateOrDeleteKafkaTag": changeTags, "ShowKafkaTags": showTags, "ShowKafkaProjectTags": projectTags(kafkaProduct),
		"ShowInstanceConfigs": showKafkaConfigs, "ModifyInstanceConfigs": changeKafkaConfigs,
		"ResizeEngineInstance": resize, "ResizeKafkaInstance": resize, "UpgradeInstance": upgrade,
		"CloseKafkaManager": sets("management_connect_address", ""), "RestartManager": restartManager,
		"ResetManagerPassword": accepts, "ResetPassword": accepts, "ModifyKafkaPublicIpAccessSwitch": changePublicAccess,
		"UpdateInstanceAutoCreateTopic": copies("enable_auto_topic", "enable_auto_topic"), "UpdateInstanceCrossVpcIp": changeCrossVPC,
		"UpdateKafkaPortProtocol": changeProtocol, "CreateKafkaReassignmentTask": startsJob("kafkaReassign"),
	}
}

func rocketChanges() map[string]handler {
	return map[string]handler{
		"CreatePostPaidInstanceForRocketMq": createInstance(rocketmqProduct), "BatchDeleteInstances": deleteInstances(rocketmqProduct),
		"BatchCreateOrDeleteRocketmqTag": changeTags, "ShowRocketmqTags": showTags, "ShowRocketmqProjectTags": projectTags(rocketmqProduct),
		"ShowRocketMqConfigs": showRocketMQConfigs, "UpdateRocketMqConfigs": changeRocketMQConfigs,
		"ResizeInstanceForRocketMq": resize, "ModifyInstanceSslConfig": changeTLS,
	}
}

// listProjects leaves the sandbox's region to the documented answer; there is no other.
func listProjects(c *call) *sandbox.Answer {
	if c.Text("name") == Region {
		return nil
	}
	return ok(object{"links": object{}, "projects": []object{}})
}

// showQuotas counts the instances of the project.
func showQuotas(c *call) *sandbox.Answer {
	used := map[string]int{}
	for _, one := range c.shop.instances {
		used[one.Product]++
	}
	total := 0
	for count := range maps.Values(used) {
		total += count
	}
	return ok(object{"quotas": object{"resources": []object{
		{"type": "kafkaInstance", "quota": 100, "used": used[kafkaProduct]},
		{"type": "rocketmqInstance", "quota": 100, "used": used[rocketmqProduct]},
		{"type": "instance", "quota": 100, "used": total},
	}}})
}
