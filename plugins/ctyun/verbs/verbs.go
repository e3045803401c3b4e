// Package verbs answers mqtrail's neutral verbs by CTyun's operations: RocketMQ in v3 or v2, and Kafka.
package verbs

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Verbs are the verbs of one connection. They are safe for concurrent use.
type Verbs struct {
	vendor *trail.Vendor
	now    func() time.Time
	// version is the one that RocketMQ is known to answer in; 0 before any call.
	version atomic.Int32
	// systems are the products that instances belong to.
	systems *memory[trail.System]
	// identities are messages that were seen, by each of their ids.
	identities *memory[identity]
}

// identity is what one answer about a message tells of it, and another leaves out.
type identity struct {
	offset, unique string
	bornMS         int64
}

// How much a connection remembers.
const (
	rememberedInstances  = 1024
	rememberedIdentities = 4096
)

// New makes the verbs of a connection. Without a region RocketMQ is asked in v2, and Kafka cannot be asked.
func New(doer rest.Doer, region bool) *Verbs {
	v := &Verbs{
		vendor: trail.NewVendor("ctyun", schemas.CTyun, doer), now: time.Now,
		systems: remember[trail.System](rememberedInstances), identities: remember[identity](rememberedIdentities),
	}
	if !region {
		v.version.Store(second)
	}
	return v
}

// FindMessages finds messages by key, id, time and in dead-letter queues (RocketMQ), or by position, time and text
// (Kafka).
func (v *Verbs) FindMessages(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	s := v.begin(request.Raw)
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return s.findKafka(ctx, request)
	}
	return s.findRocketMQ(ctx, request)
}

// GetMessage gets one message: RocketMQ's by id, Kafka's by partition and offset.
func (v *Verbs) GetMessage(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	s := v.begin(request.Raw)
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return s.getKafka(ctx, request)
	}
	return s.getRocketMQ(ctx, request)
}

// TraceMessage tells the life of a RocketMQ message. Kafka has no traces.
func (v *Verbs) TraceMessage(ctx context.Context, request trail.TraceRequest) (*trail.TraceAnswer, error) {
	s := v.begin(request.Raw)
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return nil, trail.NotOffered("CTyun traces no Kafka message: Kafka records no consumption of single messages.").
			WithHint("Compare the message's offset with each group's position: consumer_lag tells it.")
	}
	return s.trace(ctx, request)
}

// ListSubscriptions lists the subscriptions of a topic or of a group.
func (v *Verbs) ListSubscriptions(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	if request.Topic == "" && request.Group == "" {
		return nil, sdk.InvalidArgument("topic", "name a topic or a group.")
	}
	s := v.begin(request.Raw)
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return s.subscriptionsOfKafka(ctx, request)
	}
	return s.subscriptions(ctx, request)
}

// ConsumerLag tells how a group stands.
func (v *Verbs) ConsumerLag(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	if request.Group == "" {
		return nil, sdk.InvalidArgument("group", "name a consumer group.")
	}
	s := v.begin(request.Raw)
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return s.lagOfKafka(ctx, request)
	}
	return s.lag(ctx, request)
}

// ListResources lists the instances of both products, or an instance's topics or groups.
func (v *Verbs) ListResources(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	s := v.begin(request.Raw)
	if request.Kind == trail.Instances {
		return s.listInstances(ctx, request)
	}
	system, err := s.system(ctx, request.Instance, request.System)
	if err != nil {
		return nil, err
	}
	if system == trail.Kafka {
		return s.listOfKafka(ctx, request)
	}
	return s.list(ctx, request)
}
