// Package rocketmq is the state of CTyun's RocketMQ as the sandbox plays it: the shop's instances, topics, consumer
// groups and messages, and what the operations make of them.
package rocketmq

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// Service is the RocketMQ of one account. It is for one caller at a time.
type Service struct {
	now       func() time.Time
	instances []*instance
	orders    int
}

// New is the shop as it stands at the start.
func New(now func() time.Time) *Service {
	s := &Service{now: now}
	s.instances = s.shop()
	return s
}

// Handle answers a route without its version. nil and no error: it has no state of its own.
func (s *Service) Handle(route string, in given.Arguments) (any, error) {
	if handle, ok := account[route]; ok {
		return handle(s, in)
	}
	if !in.Has("prodInstId") {
		return nil, nil
	}
	i, err := s.instance(in.Text("prodInstId"))
	if err != nil {
		return nil, err
	}
	if err := i.known(in); err != nil {
		return nil, err
	}
	if handle, ok := ofInstance[route]; ok {
		return handle(s, i, in)
	}
	return nil, nil
}

// account are the routes that name no instance that is in use.
var account = map[string]func(*Service, given.Arguments) (any, error){
	"instance/list":               (*Service).listInstances,
	"instance/unsubscribe":        (*Service).recycleBin,
	"instance/delete":             (*Service).deleteInstance,
	"instance/queryProd":          (*Service).products,
	"instance/queryPrice":         (*Service).price,
	"instance/createPostPayOrder": (*Service).orderInstance,
	"topic/create":                (*Service).createTopic,
	"group/create":                (*Service).createGroup,
	"tenants/ctyun/spuInst":       (*Service).tenantInstances,
}

// ofInstance are the routes whose instance, topic and group exist.
var ofInstance = map[string]func(*Service, *instance, given.Arguments) (any, error){
	"instance/baseInfo":                 (*Service).baseInfo,
	"instance/detail":                   (*Service).detail,
	"instance/updateName":               (*Service).rename,
	"instance/unsubscribeInst":          (*Service).unsubscribe,
	"instance/diskExtend":               (*Service).extendDisk,
	"instance/nodeExtend":               (*Service).extendNodes,
	"instance/specExtend":               (*Service).extendSpec,
	"instance/renew":                    (*Service).renew,
	"instance/queryPriceForDiskExtend":  (*Service).priceForDisk,
	"instance/queryPriceForNodeExtend":  (*Service).priceForNodes,
	"instance/queryPriceForSpecExtend":  (*Service).priceForSpec,
	"instance/queryPriceForRenew":       (*Service).priceForRenewal,
	"instance/queryPriceForUnsubscribe": (*Service).refund,
	"topic/list":                        (*Service).listTopics,
	"topic/delete":                      (*Service).deleteTopic,
	"topic/update":                      (*Service).updateTopic,
	"topic/status":                      (*Service).topicStatus,
	"topic/subDetail":                   (*Service).topicSubscribers,
	"topic/inputTps":                    (*Service).inputRate,
	"group/list":                        (*Service).listGroups,
	"group/delete":                      (*Service).deleteGroup,
	"group/update":                      (*Service).updateGroup,
	"group/updatePerm":                  (*Service).permitGroup,
	"group/subDetail":                   (*Service).groupSubscriptions,
	"group/outputTps":                   (*Service).outputRate,
	"consumer/accumulate":               (*Service).accumulate,
	"consumer/connection":               (*Service).connections,
	"consumer/status":                   (*Service).clientStatus,
	"consumer/resetOffset":              (*Service).resetOffset,
	"consumer/timeSpan":                 (*Service).timeSpan,
	"message/queryByKey":                (*Service).messagesByKey,
	"message/queryByMsgId":              (*Service).messageByID,
	"message/queryByTime":               (*Service).messagesByTime,
	"message/getTrace":                  (*Service).trace,
	"message/trace":                     (*Service).consumption,
	"message/push":                      (*Service).push,
	"dlq/getById":                       (*Service).deadLetter,
	"dlq/getByTime":                     (*Service).deadLetters,
	"dlq/resend":                        (*Service).resend,
}

// known refuses a topic, a group or a broker that the instance does not have. What CTyun really says of one is not
// documented; a failure in its usual form is assumed.
func (i *instance) known(in given.Arguments) error {
	for _, name := range []string{"topicName", "topic"} {
		if in.Has(name) && in.Text(name) != "" && i.topic(in.Text(name)) == nil {
			return fmt.Errorf("topic %s does not exist", in.Text(name))
		}
	}
	for _, name := range []string{"groupName", "groupId"} {
		if in.Has(name) && in.Text(name) != "" && i.group(in.Text(name)) == nil {
			return fmt.Errorf("group %s does not exist", in.Text(name))
		}
	}
	return knownBrokers(append(in.Texts("brokerNameList"), in.Text("brokerName")))
}

func knownBrokers(names []string) error {
	for _, name := range names {
		if name != "" && name != broker {
			return fmt.Errorf("broker %s does not exist", name)
		}
	}
	return nil
}

// list is a list that is not paged.
type list[T any] struct {
	Total int `json:"total"`
	Rows  []T `json:"rows"`
}

func listOf[T any](rows []T) list[T] {
	if rows == nil {
		rows = []T{}
	}
	return list[T]{len(rows), rows}
}

// data is a payload one level down.
func data(payload any) any { return map[string]any{"data": payload} }

// done is the payload of a write that has nothing to tell.
func done() any { return map[string]any{} }
