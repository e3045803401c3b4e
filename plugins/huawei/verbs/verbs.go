// Package verbs answers the neutral verbs of mqtrail with the calls of Huawei Cloud's DMS. It reports what the cloud
// said; conclusions are the host's.
package verbs

import (
	"context"
	"io/fs"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Verbs are those of one connection. They are safe for concurrent use.
type Verbs struct {
	vendor  *trail.Vendor
	region  string
	now     func() time.Time
	engines engines
	queries chan struct{} // a place for each query of Kafka messages at the same time
}

// atOnceQueries bounds the queries of Kafka messages at the same time.
const atOnceQueries = 2

// New makes the verbs of a connection. files are the operation files, doer makes the calls, region is where the
// instances are, and now is the clock.
func New(files fs.FS, doer rest.Doer, region string, now func() time.Time) *Verbs {
	return &Verbs{vendor: trail.NewVendor("huawei", files, doer), region: region, now: now, queries: make(chan struct{}, atOnceQueries)}
}

// FindMessages finds messages by time, key, position, id (RocketMQ), text (Kafka), or in dead letters (RocketMQ).
func (v *Verbs) FindMessages(ctx context.Context, request trail.FindRequest) (*trail.FindAnswer, error) {
	i := v.begin(request.Instance, request.Raw)
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	if i.system == trail.Kafka {
		return i.findKafka(ctx, request)
	}
	return i.findRocketMQ(ctx, request)
}

// GetMessage gets a message with its body: by partition and offset on Kafka, by id on RocketMQ.
func (v *Verbs) GetMessage(ctx context.Context, request trail.GetRequest) (*trail.GetAnswer, error) {
	i := v.begin(request.Instance, request.Raw)
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	if i.system == trail.Kafka {
		return i.getKafka(ctx, request)
	}
	return i.getRocketMQ(ctx, request)
}

// TraceMessage tells the life of a message on RocketMQ. Kafka keeps none.
func (v *Verbs) TraceMessage(ctx context.Context, request trail.TraceRequest) (*trail.TraceAnswer, error) {
	i := v.begin(request.Instance, request.Raw)
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	if i.system == trail.Kafka {
		return nil, trail.NotOffered("Huawei Cloud keeps no traces of Kafka messages.").
			WithHint("Get the message by partition and offset, and compare with the positions of the topic's groups: consumer_lag tells them.")
	}
	return i.traceRocketMQ(ctx, request)
}

// ListSubscriptions tells the groups of a topic, or the topics of a group.
func (v *Verbs) ListSubscriptions(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	if request.Topic == "" && request.Group == "" {
		return nil, sdk.InvalidArgument("topic", "neither a topic nor a group is given")
	}
	i := v.begin(request.Instance, request.Raw)
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	switch {
	case i.system == trail.Kafka && request.Group != "":
		return i.kafkaTopicsOf(ctx, request)
	case i.system == trail.Kafka:
		return i.kafkaGroupsOf(ctx, request)
	case request.Group != "":
		return i.rocketTopicsOf(ctx, request)
	default:
		return i.rocketGroupsOf(ctx, request)
	}
}

// ConsumerLag tells how a group stands.
func (v *Verbs) ConsumerLag(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	i := v.begin(request.Instance, request.Raw)
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	if i.system == trail.Kafka {
		return i.lagKafka(ctx, request)
	}
	return i.lagRocketMQ(ctx, request)
}

// ListResources lists instances of both engines, or the topics or groups of one.
func (v *Verbs) ListResources(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	i := v.begin(request.Instance, request.Raw)
	if request.Kind == trail.Instances {
		return i.instances(ctx, request)
	}
	if request.Kind != trail.Topics && request.Kind != trail.Groups {
		return nil, sdk.InvalidArgument("kind", "%q is none of instance, topic, group", request.Kind)
	}
	if err := i.resolve(ctx, request.System); err != nil {
		return nil, err
	}
	return i.inside(ctx, request)
}
