package emulator

import (
	"fmt"
	"time"
)

const (
	payAsYouGo    = "PayAsYouGo"
	resourceGroup = "rg-shop0000000001"
	userID        = "1000000000000001"
	maxTopics     = 100
)

// view is all that is told of an instance; an operation that lists tells less of it. Bandwidth, specification and
// software are the same for all.
func (c *cloud) view(i *instance) map[string]any {
	status := "RUNNING"
	if c.now().Before(i.ready) {
		status = "CREATING"
	}
	return map[string]any{
		"instanceId": i.id, "instanceName": i.name, "remark": i.remark, "regionId": region, "resourceGroupId": i.resourceGroup,
		"seriesCode": i.series, "subSeriesCode": i.subSeries, "serviceCode": "rmq", "commodityCode": i.commodity(), "paymentType": i.payment,
		"status": status, "userId": userID, "bid": "26842",
		"createTime": stamp{i.created}, "updateTime": stamp{i.updated}, "startTime": stamp{i.ready},
		"expireTime": stamp{i.expires()}, "releaseTime": stamp{},
		"topicCount": len(i.topics), "groupCount": len(i.groups), "tags": append([]tag{}, i.tags...),
		"accountInfo": map[string]any{"username": i.defaultAccount()},
		"aclInfo":     map[string]any{"aclType": "default", "aclTypes": []string{"default", "apache_acl"}, "defaultVpcAuthFree": i.vpcFree},
		"extConfig":   merged(i.internet(), i.product(), map[string]any{"aclType": "default"}),
		"instanceQuotas": []map[string]any{{
			"quotaName": "TOPIC_COUNT", "totalCount": maxTopics, "usedCount": len(i.topics), "freeCount": maxTopics - len(i.topics),
		}},
		"networkInfo": i.network(),
		"productInfo": i.product(),
		"software":    map[string]any{"maintainTime": "02:00-06:00", "softwareVersion": "5.0-rmq-20250601-1", "upgradeMethod": "auto"},
	}
}

func (i *instance) commodity() string {
	if i.payment == payAsYouGo {
		return "ons_rmqpost_public_cn"
	}
	return "ons_rmqsub_public_cn"
}

// expires is when a prepaid instance ends: a year after it was bought.
func (i *instance) expires() time.Time {
	if i.payment == payAsYouGo {
		return time.Time{}
	}
	return i.created.AddDate(1, 0, 0)
}

func (i *instance) internet() map[string]any {
	return map[string]any{"internetSpec": "enable", "flowOutType": "payByBandwidth", "flowOutBandwidth": 1}
}

func (i *instance) network() map[string]any {
	address := func(kind, suffix string) map[string]any {
		return map[string]any{
			"endpointId": kind + "-" + i.id, "endpointType": kind, "endpointUrl": fmt.Sprintf("%s%s.%s.rmq.aliyuncs.com:8080", i.id, suffix, region),
			"ipWhitelist": append([]string{}, i.whitelist...),
		}
	}
	return map[string]any{
		"endpoints":    []any{address("TCP_VPC", "-vpc"), address("TCP_INTERNET", "")},
		"internetInfo": merged(i.internet(), map[string]any{"ipWhitelist": append([]string{}, i.whitelist...)}),
		"vpcInfo": map[string]any{
			"vpcId": "vpc-shop000000000001", "vSwitchId": "vsw-shop000000000001", "securityGroupIds": "sg-shop0000000000001",
			"vSwitches": []any{map[string]any{"vSwitchId": "vsw-shop000000000001", "zoneId": region + "-j"}},
		},
	}
}

func (i *instance) product() map[string]any {
	return map[string]any{
		"autoScaling": i.scaling, "supportAutoScaling": true, "messageRetentionTime": i.retention, "sendReceiveRatio": i.sendRatio,
		"msgProcessSpec": "rmq.s2.2xlarge", "capacityType": "provisioned", "provisionedCapacity": 2000, "drReplicationMode": "none",
		"storageEncryption": false, "storageSecretKey": "", "traceOn": true,
	}
}

func merged(several ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, one := range several {
		for name, value := range one {
			all[name] = value
		}
	}
	return all
}
