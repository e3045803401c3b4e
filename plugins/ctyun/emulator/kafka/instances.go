package kafka

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// instance is one Kafka.
type instance struct {
	id, name         string
	version, spec    string
	nodes            []*node
	disk             int // GB a node
	elastic, spread  bool
	created, changed time.Time
	until            time.Time

	topics   []*topic
	groups   []*group
	users    []*user
	rules    []rule
	policies []*policy
	limits   []*limit
	broker   *limit
	settings []*setting
	drills   []*drill
	tasks    map[string]map[string]any // elastic tasks' settings, by kind
}

// node is a broker.
type node struct {
	id      int
	address string
	public  string // elastic IP; "" for none
}

// beijing is the zone of the times that CTyun writes out; the documents do not say so.
var beijing = time.FixedZone("UTC+8", 8*60*60)

func clock(t time.Time) string { return t.In(beijing).Format(time.DateTime) }

func (s *Service) instance(id string) (*instance, error) {
	at := slices.IndexFunc(s.instances, func(i *instance) bool { return i.id == id })
	if at < 0 {
		return nil, fmt.Errorf("instance %s does not exist", id)
	}
	return s.instances[at], nil
}

// listInstances shows nodes and access points of the one that was asked for by id, else of none.
func (s *Service) listInstances(in given.Arguments) (any, error) {
	id, name := in.Text("prodInstId"), in.Text("name")
	if id != "" {
		if _, err := s.instance(id); err != nil {
			return nil, err
		}
	}
	var found []any
	for _, i := range s.instances {
		matches := strings.Contains(i.name, name)
		if in.Switch("exactMatchName") && name != "" {
			matches = i.name == name
		}
		if matches && (id == "" || id == i.id) && in.Number("status", 1) == 1 {
			found = append(found, i.summary(id != ""))
		}
	}
	return pageOf(in, found), nil
}

func (s *Service) detail(i *instance, _ given.Arguments) (any, error) {
	return data(i.summary(true)), nil
}

func (i *instance) summary(nodes bool) map[string]any {
	partitions := 0
	for _, t := range i.topics {
		partitions += len(t.partitions)
	}
	summary := map[string]any{
		"prodInstId": i.id, "instanceName": i.name, "status": 1, "mqEngineType": "kafka", "partitionNum": partitions, "subnet": "shop-subnet",
		"space": strconv.Itoa(i.disk * len(i.nodes)), "securityGroup": "shop-default", "network": "shop-vpc", "billMode": "2",
		"expireTime": clock(i.until), "createTime": clock(i.created), "updateTime": clock(i.changed), "nodeList": []any{},
		"version": i.version, "regionCode": "200000002368", "regionName": "East", "outerProjectId": "0", "outerProjectName": "default",
		"domainEndpoint": "", "remark": "", "clusterType": 1, "specifications": i.spec, "vpcId": "vpc-shop", "subnetId": "subnet-shop",
		"autoReassign": onOff(i.spread), "ipv6Enable": 2, "elasticEnable": strconv.Itoa(onOff(i.elastic)), "vip": "", "vipv6": "", "diskType": "SSD",
	}
	if !nodes {
		return summary
	}
	list, plain, secure := []any{}, []string{}, []string{}
	for _, n := range i.nodes {
		list = append(list, map[string]any{
			"vpcIp": n.address, "elasticIp": n.public, "createTime": clock(i.created), "updateTime": clock(i.changed), "serverSeq": n.id, "state": 1,
			"azId": "cn-huadong1-jsnj1A-public-ctcloud", "azName": "AZ1", "ecsId": fmt.Sprintf("ecs-%d", n.id), "vpcPort": "8090", "saslPort": "8092", "httpPort": "8082",
		})
		plain, secure = append(plain, n.address+":8090"), append(secure, n.address+":8092")
	}
	summary["nodeList"] = list
	summary["protocols"] = map[string]any{"plainTextAddr": strings.Join(plain, ","), "saslPlainTextAddr": strings.Join(secure, ","), "enableIPv6": false}
	return summary
}

// onOff is 1 for on and 2 for off.
func onOff(on bool) int {
	if on {
		return 1
	}
	return 2
}

func (s *Service) rename(i *instance, in given.Arguments) (any, error) {
	name := in.Text("instanceName")
	if slices.ContainsFunc(s.instances, func(other *instance) bool { return other != i && other.name == name }) {
		return nil, fmt.Errorf("instance name %s already exists", name)
	}
	i.name, i.changed = name, s.now()
	return done(), nil
}

func (s *Service) restart(i *instance, _ given.Arguments) (any, error) {
	for _, setting := range i.settings {
		setting.value = setting.next
	}
	i.changed = s.now()
	return done(), nil
}

func (s *Service) deleteInstance(i *instance, _ given.Arguments) (any, error) {
	s.forget(i)
	return done(), nil
}

func (s *Service) forget(gone *instance) {
	s.instances = slices.DeleteFunc(s.instances, func(i *instance) bool { return i == gone })
}

func (s *Service) unsubscribe(i *instance, _ given.Arguments) (any, error) {
	s.forget(i)
	s.orders++
	return map[string]any{"errorMessage": "", "batchOrderPlacementResults": []any{map[string]any{
		"errorMessage": "", "submitted": true, "orderPlacedEvents": []any{map[string]any{
			"errorMessage": "", "submitted": true, "newOrderId": fmt.Sprintf("%032x", s.orders), "newOrderNo": s.orderNumber(), "totalPrice": 0,
		}},
	}}}, nil
}

func (s *Service) nodeStatus(i *instance, _ given.Arguments) (any, error) {
	rows := []any{}
	for _, n := range i.nodes {
		rows = append(rows, map[string]any{"ip": n.address, "status": true})
	}
	return data(rows), nil
}

func (s *Service) versions(i *instance, _ given.Arguments) (any, error) { return data(i.newer()), nil }

func (i *instance) newer() []string {
	return slices.DeleteFunc([]string{"2.8", "3.6"}, func(version string) bool { return version <= i.version })
}

func (s *Service) upgrade(i *instance, in given.Arguments) (any, error) {
	version := in.Text("updateVersion")
	if !slices.Contains(i.newer(), version) {
		return nil, fmt.Errorf("instance %s cannot be upgraded from %s to %q", i.id, i.version, version)
	}
	i.version, i.changed = version, s.now()
	return done(), nil
}

func (i *instance) node(address string) *node {
	at := slices.IndexFunc(i.nodes, func(n *node) bool { return n.address == address || n.public == address })
	if at < 0 {
		return nil
	}
	return i.nodes[at]
}

func (s *Service) bindAddress(i *instance, in given.Arguments) (any, error) {
	n := i.node(in.Text("ip"))
	switch {
	case n == nil:
		return nil, fmt.Errorf("node %s does not exist", in.Text("ip"))
	case n.public != "":
		return nil, fmt.Errorf("node %s already has the address %s", n.address, n.public)
	}
	n.public = in.Text("elasticIp")
	return done(), nil
}

func (s *Service) unbindAddress(i *instance, in given.Arguments) (any, error) {
	n := i.node(in.Text("elasticIp"))
	if n == nil || n.public == "" {
		return nil, fmt.Errorf("elastic IP %s does not exist on instance %s", in.Text("elasticIp"), i.id)
	}
	n.public = ""
	return done(), nil
}

func (s *Service) elasticBandwidth(i *instance, in given.Arguments) (any, error) {
	i.elastic = in.Switch("enable")
	return done(), nil
}

func (s *Service) autoReassign(i *instance, in given.Arguments) (any, error) {
	i.spread = in.Switch("enable")
	return done(), nil
}
