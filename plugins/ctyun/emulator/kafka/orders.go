package kafka

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// The sandbox's prices for a month: made up.
const (
	pricePerNode = 280
	pricePerGB   = 1
)

func (s *Service) orderNumber() string { return fmt.Sprintf("2026%016d", s.orders) }

// order is the answer to an order, which the sandbox carries out at once.
func (s *Service) order() any {
	s.orders++
	return data(map[string]any{"submitted": true, "newOrderNo": s.orderNumber()})
}

func (s *Service) orderInstances(in given.Arguments) (any, error) {
	name := in.Text("clusterName")
	if slices.ContainsFunc(s.instances, func(i *instance) bool { return i.name == name }) {
		return nil, fmt.Errorf("instance name %s already exists", name)
	}
	for n := range min(in.Number("instanceNum", 1), 100) {
		id := fmt.Sprintf("c3f1a90b5d7e4c18a2b64d0e9f7%05d", 100*s.orders+len(s.instances))
		if n > 0 {
			name = fmt.Sprintf("%s-%d", in.Text("clusterName"), n+1)
		}
		i := s.newInstance(id, name, int(in.Number("nodeNum", 3)))
		i.disk, i.spec, i.version = int(in.Number("diskSize", 100)), in.Text("specName"), "3.6"
		if in.Has("engineVersion") {
			i.version = in.Text("engineVersion")
		}
		s.instances = append(s.instances, i)
	}
	return s.order(), nil
}

// resizeNodes sets the number of nodes; the new one is given.
func (s *Service) resizeNodes(i *instance, in given.Arguments) (any, error) {
	wanted := int(in.Number("extendNodeNum", in.Number("nodeNum", 0)))
	grows := in.Has("extendNodeNum")
	switch {
	case grows && (wanted <= len(i.nodes) || wanted > 50):
		return nil, fmt.Errorf("extendNodeNum not valid, instance %s has %d nodes", i.id, len(i.nodes))
	case !grows && (wanted >= len(i.nodes) || wanted < 3):
		return nil, fmt.Errorf("nodeNum not valid, instance %s has %d nodes", i.id, len(i.nodes))
	}
	i.setNodes(wanted)
	i.changed = s.now()
	return s.order(), nil
}

// resizeDisk sets the size of each node's disk; the new one is given.
func (s *Service) resizeDisk(i *instance, in given.Arguments) (any, error) {
	wanted := int(in.Number("diskExtendSize", in.Number("diskSize", 0)))
	grows := in.Has("diskExtendSize")
	if wanted%100 != 0 || wanted < 100 || wanted > 10000 || grows && wanted <= i.disk || !grows && wanted >= i.disk {
		return nil, fmt.Errorf("disk size %d not valid, instance %s has %d GB a node", wanted, i.id, i.disk)
	}
	i.disk, i.changed = wanted, s.now()
	return s.order(), nil
}

func (s *Service) changeSpec(i *instance, in given.Arguments) (any, error) {
	name := in.Text("specName")
	if !slices.Contains(specs(), name) {
		return nil, fmt.Errorf("specification %s does not exist", name)
	}
	i.spec, i.changed = name, s.now()
	return s.order(), nil
}

func specs() []string {
	return []string{"kafka.2u4g.cluster", "kafka.4u8g.cluster", "kafka.8u16g.cluster"}
}

func (s *Service) products(given.Arguments) (any, error) {
	return map[string]any{"series": []any{map[string]any{"prodId": "10061", "prodCode": "kafka.cluster", "specs": specs(), "diskTypes": []string{"SAS", "SSD", "FAST-SSD"}}}}, nil
}

// largerSpecs are those that an instance may be extended to. The shape of the answer is not documented.
func (s *Service) largerSpecs(i *instance, _ given.Arguments) (any, error) {
	return data(specs()[slices.Index(specs(), i.spec)+1:]), nil
}

func (s *Service) renew(i *instance, in given.Arguments) (any, error) {
	i.until, i.changed = i.until.AddDate(0, int(in.Number("cycleCnt", 1)), 0), s.now()
	return s.order(), nil
}

// price is that of an instance that has not been ordered. The shape of the answer is not documented; RocketMQ's is
// taken over.
func (s *Service) price(in given.Arguments) (any, error) {
	return price(in.Number("nodeNum", 3), in.Number("diskSize", 100), in.Number("cycleCnt", 1)*in.Number("instanceNum", 1)), nil
}

func (s *Service) priceForRenewal(i *instance, in given.Arguments) (any, error) {
	return price(int64(len(i.nodes)), int64(i.disk), in.Number("cycleCnt", 1)), nil
}

// priceForChange is the price of a month after the change. A specification does not change it here.
func (s *Service) priceForChange(i *instance, in given.Arguments) (any, error) {
	return price(in.Number("nodeNum", int64(len(i.nodes))), in.Number("diskSize", int64(i.disk)), 1), nil
}

func price(nodes, disk, months int64) any {
	total := strconv.FormatInt(nodes*(pricePerNode+pricePerGB*disk)*months, 10) + ".00"
	return map[string]any{"totalPrice": total, "finalPrice": total}
}

func (s *Service) newInstance(id, name string, nodes int) *instance {
	now := s.now()
	i := &instance{
		id: id, name: name, version: "2.8", spec: "kafka.4u8g.cluster", disk: 300,
		created: now.AddDate(0, -6, 0), changed: now.AddDate(0, -1, 0), until: now.AddDate(0, 6, 0).Truncate(time.Second),
		settings: defaults(), tasks: map[string]map[string]any{},
	}
	i.setNodes(nodes)
	return i
}

func (i *instance) setNodes(wanted int) {
	for n := len(i.nodes); n < wanted; n++ {
		i.nodes = append(i.nodes, &node{id: n + 1, address: fmt.Sprintf("192.168.72.%d", 11+n)})
	}
	i.nodes = i.nodes[:wanted]
}
