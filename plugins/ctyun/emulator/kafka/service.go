// Package kafka is the state of CTyun's Kafka as the sandbox plays it: the shop's instances, topics, consumer groups,
// messages, users, limits and tags, and what the operations make of them.
package kafka

import (
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// Service is the Kafka of one account. It is for one caller at a time.
type Service struct {
	now       func() time.Time
	instances []*instance
	tags      []*tag
	orders    int
}

// New is the shop as it stands at the start.
func New(now func() time.Time) *Service {
	s := &Service{now: now}
	s.open()
	return s
}

// Handle answers a route without its version: what v2 and v4 answer is not documented, and assumed to be what v3
// does. nil and no error: it has no state of its own.
func (s *Service) Handle(route string, in given.Arguments) (any, error) {
	if handle, ok := account[route]; ok {
		return handle(s, in)
	}
	id := in.Text("prodInstId") + in.Text("paasInstanceId")
	if id == "" {
		return nil, nil
	}
	i, err := s.instance(id)
	if err != nil {
		return nil, err
	}
	if handle, ok := creating[route]; ok {
		return handle(s, i, in)
	}
	if err := i.known(in); err != nil {
		return nil, err
	}
	if handle, ok := ofInstance[route]; ok {
		return handle(s, i, in)
	}
	return nil, nil
}

type onInstance = func(*Service, *instance, given.Arguments) (any, error)

// account are the routes that need no instance.
var account = map[string]func(*Service, given.Arguments) (any, error){
	"instances/query":              (*Service).listInstances,
	"instances/prodDetail":         (*Service).products,
	"instances/createPostPayOrder": (*Service).orderInstances,
	"instances/createPrePayOrder":  (*Service).orderInstances,
	"instances/queryPrice":         (*Service).price,
	"resourceTag/addTag":           (*Service).addTag,
	"resourceTag/listTag":          (*Service).listTags,
	"resourceTag/listResource":     (*Service).taggedResources,
}

// creating are the routes whose topic, group or user is not there yet, or is part of a name.
var creating = map[string]onInstance{
	"topic/create":         (*Service).createTopic,
	"topic/query":          (*Service).listTopics,
	"consumerGroup/create": (*Service).createGroup,
	"consumerGroup/query":  (*Service).listGroups,
	"saslUser/create":      (*Service).createUser,
	"saslUser/query":       (*Service).listUsers,
}

// ofInstance are the routes whose instance, topic, group and user exist.
var ofInstance = map[string]onInstance{
	"instances/detail":                           (*Service).detail,
	"instances/delete":                           (*Service).deleteInstance,
	"instances/unsubscribeInst":                  (*Service).unsubscribe,
	"instances/modifyName":                       (*Service).rename,
	"instances/restart":                          (*Service).restart,
	"instances/nodeStatus":                       (*Service).nodeStatus,
	"instances/nodeExtend":                       (*Service).resizeNodes,
	"instances/nodeShrink":                       (*Service).resizeNodes,
	"instances/diskExtend":                       (*Service).resizeDisk,
	"instances/diskShrink":                       (*Service).resizeDisk,
	"instances/specExtend":                       (*Service).changeSpec,
	"instances/specShrink":                       (*Service).changeSpec,
	"instances/canExpandProd":                    (*Service).largerSpecs,
	"instances/renew":                            (*Service).renew,
	"instances/queryPriceForRenew":               (*Service).priceForRenewal,
	"instances/queryPriceForDiskChange":          (*Service).priceForChange,
	"instances/queryPriceForNodeChange":          (*Service).priceForChange,
	"instances/queryPriceForSpecChange":          (*Service).priceForChange,
	"instances/bindElasticIp":                    (*Service).bindAddress,
	"instances/unbindElasticIp":                  (*Service).unbindAddress,
	"instances/queryCanUpdateVersion":            (*Service).versions,
	"instances/upgradeInstanceVersion":           (*Service).upgrade,
	"instances/getInstanceConfig":                (*Service).config,
	"instances/modifyInstanceConfig":             (*Service).modifyConfig,
	"instances/updateInstanceConfig":             (*Service).updateConfig,
	"topic/delete":                               (*Service).deleteTopic,
	"topic/batchDelete":                          (*Service).deleteTopics,
	"topic/updateTopic":                          (*Service).updateTopic,
	"topic/modifyRemark":                         (*Service).remarkTopic,
	"topic/modifyPartitionNum":                   (*Service).addPartitions,
	"topic/status":                               (*Service).topicStatus,
	"topic/getPartitionOffsets":                  (*Service).topicStatus,
	"topic/getDetails":                           (*Service).topicDetails,
	"topic/diskusage":                            (*Service).diskUsage,
	"topic/queryProducers":                       (*Service).producers,
	"topic/reassignments":                        (*Service).reassign,
	"topic/produce":                              (*Service).produce,
	"topic/message":                              (*Service).messages,
	"topic/queryMessageByOffset":                 (*Service).messageByOffset,
	"topic/queryMessageByTimestamp":              (*Service).messagesByTime,
	"topic/beginningMessage":                     (*Service).firstMessage,
	"topic/endMessage":                           (*Service).lastMessage,
	"consumerGroup/delete":                       (*Service).deleteGroup,
	"consumerGroup/batchDelete":                  (*Service).deleteGroups,
	"consumerGroup/update":                       (*Service).updateGroup,
	"consumerGroup/updateTopics":                 (*Service).updateSubscription,
	"consumerGroup/selectedTopics":               (*Service).subscription,
	"consumerGroup/instances":                    (*Service).members,
	"consumerGroup/status":                       (*Service).lag,
	"consumerGroup/reset":                        (*Service).resetOffsets,
	"saslUser/update":                            (*Service).updateUser,
	"saslUser/delete":                            (*Service).deleteUser,
	"saslUser/addAuthority":                      (*Service).grant,
	"saslUser/deleteAuthority":                   (*Service).revoke,
	"saslUser/getAuthority":                      (*Service).authority,
	"acl/add":                                    (*Service).addRule,
	"acl/delete":                                 (*Service).deleteRule,
	"acl/query":                                  (*Service).rules,
	"kafkaAclStrategy/create":                    (*Service).createPolicy,
	"kafkaAclStrategy/delete":                    (*Service).deletePolicy,
	"kafkaAclStrategy/detail":                    (*Service).policyDetail,
	"kafkaAclStrategy/list":                      (*Service).listPolicies,
	"kafkaAclStrategy/turnAutoMatch":             (*Service).matchNewTopics,
	"quota/broker/create":                        (*Service).limitBroker,
	"quota/broker/update":                        (*Service).limitBroker,
	"quota/broker/delete":                        (*Service).unlimitBroker,
	"quota/broker/query":                         (*Service).brokerLimit,
	"quota/topic/create":                         (*Service).createLimit,
	"quota/topic/update":                         (*Service).updateLimit,
	"quota/topic/delete":                         (*Service).deleteLimit,
	"quota/topic/list":                           (*Service).topicLimits,
	"quota/user-client/create":                   (*Service).createLimit,
	"quota/user-client/update":                   (*Service).updateLimit,
	"quota/user-client/delete":                   (*Service).deleteLimit,
	"quota/user-client/list":                     (*Service).userLimits,
	"resourceTag/tagResource":                    (*Service).tagResource,
	"resourceTag/unTagResource":                  (*Service).untagResource,
	"chaos/inject":                               (*Service).injectFault,
	"chaos/cancel":                               (*Service).cancelDrill,
	"chaos/list":                                 (*Service).listDrills,
	"chaos/queryReqMsg":                          (*Service).drillRequest,
	"clusterExtend/elasticBandwidth":             (*Service).elasticBandwidth,
	"clusterExtend/enableAutoReassign":           (*Service).autoReassign,
	"elasticTask/autoDiskExpand/enable":          setTask("disk"),
	"elasticTask/autoDiskExpand/updateConfig":    setTask("disk"),
	"elasticTask/autoDiskExpand/search":          showTask("disk"),
	"elasticTask/autoMessageRetain/enable":       setTask("retention"),
	"elasticTask/autoMessageRetain/updateConfig": setTask("retention"),
	"elasticTask/autoMessageRetain/search":       showTask("retention"),
	"auditLog/queryAuditEvent":                   (*Service).auditLog,
	"metrics":                                    (*Service).metric,
}

// known refuses a topic, a group or a user that the instance does not have. What CTyun really says of one is not
// documented; a failure in its usual form is assumed.
func (i *instance) known(in given.Arguments) error {
	for _, name := range []string{"topicName", "topic", "tname"} {
		if in.Text(name) != "" && i.topic(in.Text(name)) == nil {
			return fmt.Errorf("topic %s does not exist", in.Text(name))
		}
	}
	if name := in.Text("groupName"); name != "" && i.group(name) == nil {
		return fmt.Errorf("group %s does not exist", name)
	}
	if name := in.Text("username"); name != "" && i.user(name) == nil {
		return fmt.Errorf("user %s does not exist", name)
	}
	return nil
}

// page is one page of a list and how many entries all have.
type page[T any] struct {
	Total int `json:"total"`
	Data  []T `json:"data"`
}

func pageOf[T any](in given.Arguments, all []T) page[T] {
	return page[T]{len(all), given.Page(in, "pageNum", "pageSize", all)}
}

// data is a payload one level down.
func data(payload any) any { return map[string]any{"data": payload} }

// done is the payload of a write that has nothing to tell.
func done() any { return data("success") }

// remove takes the entries away for which gone reports true; an error when there is none.
func remove[T any](all []T, what, name string, gone func(T) bool) ([]T, error) {
	kept := make([]T, 0, len(all))
	for _, one := range all {
		if !gone(one) {
			kept = append(kept, one)
		}
	}
	if len(kept) == len(all) {
		return nil, fmt.Errorf("%s %s does not exist", what, name)
	}
	return kept, nil
}
