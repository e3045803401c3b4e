package emulator

import (
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func (c *cloud) regionOperations() map[string]operation {
	return map[string]operation{"ListRegions": c.listRegions, "ListAvailableZones": c.listZones, "ListMetricMeta": c.listMetrics}
}

// place is a region.
type place struct {
	ID      string     `json:"regionId"`
	Name    string     `json:"regionName"`
	V4      bool       `json:"supportRocketmqV4"`
	V5      bool       `json:"supportRocketmqV5"`
	Tags    []placeTag `json:"tags"`
	Created stamp      `json:"createTime"`
	Updated stamp      `json:"updateTime"`
}

type placeTag struct {
	Code  string `json:"tagCode"`
	Value string `json:"tagValue"`
}

// opened is when the regions and zones came to be.
func opened() stamp { return stamp{time.Date(2022, 8, 1, 20, 5, 50, 0, beijing())} }

func (c *cloud) listRegions(*sandbox.Call) (any, error) {
	var all []place
	for _, named := range [][2]string{
		{region, "China (Hangzhou)"}, {"cn-shanghai", "China (Shanghai)"}, {"cn-beijing", "China (Beijing)"},
		{"cn-shenzhen", "China (Shenzhen)"}, {"ap-southeast-1", "Singapore"},
	} {
		all = append(all, place{ID: named[0], Name: named[1], V4: true, V5: true, Tags: []placeTag{}, Created: opened(), Updated: opened()})
	}
	all[0].Tags = append(all[0].Tags, placeTag{"sandbox", "true"})
	return all, nil
}

// zone is a zone of the region.
type zone struct {
	ID      string `json:"zoneId"`
	Name    string `json:"zoneName"`
	Created stamp  `json:"createTime"`
	Updated stamp  `json:"updateTime"`
}

func (c *cloud) listZones(*sandbox.Call) (any, error) {
	return []zone{
		{region + "-h", "Hangzhou Zone H", opened(), opened()},
		{region + "-j", "Hangzhou Zone J", opened(), opened()},
		{region + "-k", "Hangzhou Zone K", opened(), opened()},
	}, nil
}

// metric is what the monitoring service knows of a number. Only the first name is documented; the others and the
// categories are assumed.
type metric struct {
	Name        string `json:"metricName"`
	Category    string `json:"category"`
	Description string `json:"description"`
}

func (c *cloud) listMetrics(call *sandbox.Call) (any, error) {
	return paged(call, []metric{
		{"SendMessageCountPerInstance", "instance", "Messages sent to the instance in a minute."},
		{"ReceiveMessageCountPerInstance", "instance", "Messages received from the instance in a minute."},
		{"SendMessageCountPerTopic", "topic", "Messages sent to the topic in a minute."},
		{"ReadyMessagesPerGid", "group", "Messages that wait for the group."},
		{"ReadyMessageQueueTimePerGid", "group", "How long the oldest of them has waited, in milliseconds."},
		{"SendDLQMessageCountPerGid", "group", "Messages that the group gave up on in a minute."},
	})
}
