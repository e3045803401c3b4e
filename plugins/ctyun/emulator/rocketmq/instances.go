package rocketmq

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// The states of an instance that the sandbox has.
const (
	running      = 1
	unsubscribed = 4
)

// instance is one RocketMQ. It has one broker.
type instance struct {
	id, name       string
	address        string // of its one broker
	state          int
	nodes, disk    int // disk in GB
	cpu, memory    int // memory in GB
	created, until time.Time
	changed        time.Time

	topics []*topic
	groups []*group
	log    log
}

// beijing is the zone of the times that CTyun writes out; the documents do not say so.
var beijing = time.FixedZone("UTC+8", 8*60*60)

func clock(t time.Time) string { return t.In(beijing).Format(time.DateTime) }

func (s *Service) instance(id string) (*instance, error) {
	at := slices.IndexFunc(s.instances, func(i *instance) bool { return i.id == id && i.state == running })
	if at < 0 {
		return nil, fmt.Errorf("instance %s does not exist", id)
	}
	return s.instances[at], nil
}

func (s *Service) inState(state int) []*instance {
	var found []*instance
	for _, i := range s.instances {
		if i.state == state {
			found = append(found, i)
		}
	}
	return found
}

func (s *Service) listInstances(in given.Arguments) (any, error) {
	return instancePage(in, s.inState(running)), nil
}

// recycleBin lists what was unsubscribed and not yet destroyed.
func (s *Service) recycleBin(in given.Arguments) (any, error) {
	found := slices.DeleteFunc(s.inState(unsubscribed), func(i *instance) bool {
		id := in.Text("instanceId")
		return id != "" && id != i.id || !strings.Contains(i.name, in.Text("instanceName"))
	})
	return instancePage(in, found), nil
}

func instancePage(in given.Arguments, all []*instance) any {
	page := given.Page(in, "pageNumber", "pageSize", all)
	if !in.Has("pageNumber") && !in.Has("pageSize") && !in.Has("regionId") { // v2 has no pages
		page = all
	}
	rows := make([]any, len(page))
	for n, i := range page {
		rows[n] = i.full()
	}
	return map[string]any{"prodInstList": rows, "total": len(all)}
}

func (s *Service) baseInfo(i *instance, _ given.Arguments) (any, error) {
	return map[string]any{"instanceBaseInfo": map[string]any{
		"prodInstId": i.id, "billMode": 2, "prodInstName": i.name, "runningState": i.state, "prodType": "advance",
		"machineSpec": i.spec(), "tpsLimit": 5000, "topicLimit": 4000, "diskSpace": i.space(), "netName": "shop-vpc",
		"subnet": "shop-subnet", "securityGroup": "shop-default", "expTime": clock(i.until),
		"nameServer": "192.168.71.187:8100;192.168.71.188:8100", "crtTime": clock(i.created),
	}}, nil
}

func (s *Service) detail(i *instance, _ given.Arguments) (any, error) {
	return map[string]any{"instanceInfo": i.full()}, nil
}

func (i *instance) full() map[string]any {
	return map[string]any{
		"prodInstId": i.id, "prodInstName": i.name, "billMode": 2, "runningState": i.state, "state": i.state,
		"prodType": "advance", "machineSpec": i.spec(), "topicLimit": 4000, "diskSpace": i.space(), "netName": "shop-vpc",
		"subnet": "shop-subnet", "securityGroup": "shop-default", "modTime": clock(i.changed), "deployType": "cluster",
		"diskType": "SSD", "diskIsEncrypt": false, "fileReservedTime": 72,
		"clusterProperties": map[string]any{"enableTpsLimit": true, "deleteWhen": "04", "tpsLimit": 5000, "maxQueuesPerTopic": 128},
		"engineType":        "ctgmq-advance", "labels": []any{}, "vip": "192.168.71.10", "clusterType": 1, "version": "4.9.6",
		"nodeSize": i.nodes, "outerProjectName": "default", "vpcId": "vpc-shop", "enableIpv6": false,
		"resources": []any{}, "expandAccess": []any{}, "shrinkAccess": []any{},
		"crtTime": clock(i.created), "expTime": clock(i.until),
		"azInfo": []map[string]string{{"azName": "AZ1", "azId": "cn-huadong1-jsnj1A-public-ctcloud"}},
	}
}

func (i *instance) spec() string  { return fmt.Sprintf("rocketmq.%du%dg.cluster", i.cpu, i.memory) }
func (i *instance) space() string { return fmt.Sprintf("%dG", i.disk) }

func (s *Service) rename(i *instance, in given.Arguments) (any, error) {
	name := in.Text("instanceName")
	if slices.ContainsFunc(s.instances, func(other *instance) bool { return other != i && other.name == name }) {
		return nil, fmt.Errorf("instance name %s already exists", name)
	}
	i.name, i.changed = name, s.now()
	return done(), nil
}

func (s *Service) unsubscribe(i *instance, _ given.Arguments) (any, error) {
	i.state, i.changed = unsubscribed, s.now()
	return s.order(0), nil
}

// deleteInstance destroys what is in the recycle bin.
func (s *Service) deleteInstance(in given.Arguments) (any, error) {
	id := in.Text("prodInstId")
	at := slices.IndexFunc(s.instances, func(i *instance) bool { return i.id == id })
	switch {
	case at < 0:
		return nil, fmt.Errorf("instance %s does not exist", id)
	case s.instances[at].state != unsubscribed:
		return nil, fmt.Errorf("instance %s is not unsubscribed", id)
	}
	s.instances = slices.Delete(s.instances, at, at+1)
	return done(), nil
}

func (s *Service) tenantInstances(in given.Arguments) (any, error) {
	var found []any
	for _, i := range s.inState(running) {
		if id := in.Text("spuInstId"); (id == "" || id == i.id) && strings.Contains(i.name, in.Text("spuInstName")) {
			found = append(found, map[string]any{"spuInstId": i.id, "spuInstName": i.name, "spuCode": in.Text("spuCode")})
		}
	}
	page := given.Page(in, "pageNow", "pageSize", found)
	return map[string]any{"pageNum": in.Number("pageNow", 1), "pageSize": in.Number("pageSize", 10), "size": len(page), "list": page}, nil
}
