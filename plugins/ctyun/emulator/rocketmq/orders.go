package rocketmq

import (
	"fmt"
	"strconv"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// The sandbox's prices for a month: made up.
const (
	pricePerCore  = 120
	pricePerNode  = 300
	pricePerGB    = 1
	paidForShop   = 5400
	monthsOfPrice = 1
)

// order is the answer to an order, which the sandbox carries out at once.
func (s *Service) order(price int64) any {
	s.orders++
	return data(map[string]any{
		"submitted": true, "newOrderId": fmt.Sprintf("%032x", s.orders), "newOrderNo": fmt.Sprintf("2026%016d", s.orders), "totalPrice": price,
	})
}

func (s *Service) orderInstance(in given.Arguments) (any, error) {
	name := in.Text("clusterName")
	for _, i := range s.instances {
		if i.name == name {
			return nil, fmt.Errorf("instance name %s already exists", name)
		}
	}
	i := s.newInstance(strconv.FormatInt(firstInstance+16*int64(len(s.instances)+s.orders+1), 10), name)
	i.nodes, i.disk = int(in.Number("nodeNum", 3)), int(in.Number("diskSize", 100))
	s.instances = append(s.instances, i)
	return s.order(pricePerNode*int64(i.nodes) + pricePerGB*int64(i.disk)), nil
}

func (s *Service) extendDisk(i *instance, in given.Arguments) (any, error) {
	added := in.Number("diskExtendSize", 0)
	i.disk, i.changed = i.disk+int(added), s.now()
	return s.order(added * pricePerGB), nil
}

func (s *Service) extendNodes(i *instance, in given.Arguments) (any, error) {
	added := in.Number("extendNodeNum", 0)
	i.nodes, i.changed = i.nodes+int(added), s.now()
	return s.order(added * pricePerNode), nil
}

func (s *Service) extendSpec(i *instance, in given.Arguments) (any, error) {
	cpu, memory := int(in.Number("cpuNum", 0)), int(in.Number("memSize", 0))
	if cpu < i.cpu || memory < i.memory {
		return nil, fmt.Errorf("the specification of instance %s is %s already", i.id, i.spec())
	}
	price := int64(cpu-i.cpu) * pricePerCore
	i.cpu, i.memory, i.changed = cpu, memory, s.now()
	return s.order(price), nil
}

// renew answers a text, of which the documents say no more.
func (s *Service) renew(i *instance, in given.Arguments) (any, error) {
	i.until, i.changed = i.until.AddDate(0, int(in.Number("cycleCnt", 1)), 0), s.now()
	return data("success"), nil
}

func (s *Service) price(in given.Arguments) (any, error) {
	return price(in.Number("nodeNum", 1)*pricePerNode+in.Number("diskSize", 100)*pricePerGB, in.Number("cycleCnt", monthsOfPrice)), nil
}

func (s *Service) priceForDisk(_ *instance, in given.Arguments) (any, error) {
	return price(in.Number("diskExtendSize", 0)*pricePerGB, monthsOfPrice), nil
}

func (s *Service) priceForNodes(_ *instance, in given.Arguments) (any, error) {
	return price(in.Number("extendNodeNum", 0)*pricePerNode, monthsOfPrice), nil
}

func (s *Service) priceForSpec(i *instance, in given.Arguments) (any, error) {
	return price((in.Number("cpuNum", 0)-int64(i.cpu))*pricePerCore, monthsOfPrice), nil
}

func (s *Service) priceForRenewal(i *instance, in given.Arguments) (any, error) {
	return price(int64(i.nodes)*pricePerNode+int64(i.disk)*pricePerGB, in.Number("cycleCnt", monthsOfPrice)), nil
}

func price(monthly, months int64) any {
	total := strconv.FormatInt(monthly*months, 10) + ".00"
	return map[string]any{"itemId": "1", "totalPrice": total, "finalPrice": total, "resourceType": "ROCKETMQ"}
}

// refund is proportional to the time that is left.
func (s *Service) refund(i *instance, _ given.Arguments) (any, error) {
	whole, left := i.until.Sub(i.created).Hours(), i.until.Sub(s.now()).Hours()
	return map[string]any{"paidPrice": paidForShop, "refundPrice": int64(paidForShop * max(left, 0) / whole)}, nil
}

func (s *Service) products(given.Arguments) (any, error) {
	var products []any
	for n, size := range [][2]int{{2, 4}, {4, 8}, {8, 16}} {
		products = append(products, map[string]any{
			"flavorID": strconv.Itoa(n + 1), "specName": fmt.Sprintf("rocketmq.%du%dg.cluster", size[0], size[1]), "flavorType": "CPU",
			"flavorName": fmt.Sprintf("c7.%dx", size[0]), "cpuNum": size[0], "memSize": size[1], "multiQueue": 4, "pps": 500000,
			"bandwidthBase": 1.5, "bandwidthMax": 8, "cpuArch": "x86", "series": "C", "azList": []string{"AZ1"}, "skuProdId": strconv.Itoa(9000 + n),
		})
	}
	return data(products), nil
}
