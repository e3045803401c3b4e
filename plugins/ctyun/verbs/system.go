package verbs

import (
	"context"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// system is the product of an instance: as the caller says, else as CTyun does, which is asked once an instance.
func (s *session) system(ctx context.Context, instance string, given trail.System) (trail.System, error) {
	switch {
	case instance == "":
		return "", sdk.InvalidArgument("instance", "name an instance.").WithHint("List the resources of kind instance.")
	case given == trail.RocketMQ, given == trail.Kafka:
		return given, nil
	case given != "":
		return "", sdk.InvalidArgument("system", "%q is neither %s nor %s.", given, trail.RocketMQ, trail.Kafka)
	}
	if known, ok := s.systems.get(instance); ok {
		return known, nil
	}
	return s.lookUp(ctx, instance)
}

// lookUp asks both products at once. One of the two is bound to refuse: that is no failure of the verb's own calls, so
// they are not recorded among them.
func (s *session) lookUp(ctx context.Context, instance string) (trail.System, error) {
	aside := s.begin(false)
	var asQueue, asKafka error
	together(
		func() {
			_, asQueue = aside.rocketmq(ctx, "instance_base_info", map[string]any{"prodInstId": instance})
		},
		func() { asKafka = aside.isKafka(ctx, instance) },
	)
	switch {
	case asQueue == nil:
		s.systems.put(instance, trail.RocketMQ)
		return trail.RocketMQ, nil
	case asKafka == nil:
		s.systems.put(instance, trail.Kafka)
		return trail.Kafka, nil
	case sdk.AsProblem(asQueue).Code == sdk.CodeNotFound && sdk.AsProblem(asKafka).Code != sdk.CodeNotFound:
		return "", asKafka // RocketMQ does not know it; whether Kafka does could not be asked
	default:
		return "", asQueue
	}
}

// isKafka is nil when Kafka has the instance. It may answer an unknown id with an empty list.
func (s *session) isKafka(ctx context.Context, instance string) error {
	reply, err := s.kafka(ctx, "instances_query", map[string]any{"prodInstId": instance})
	if err != nil {
		return err
	}
	rows, _, err := read[[]*kafkaInstance](reply)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row != nil && string(row.ID) == instance {
			return nil
		}
	}
	return sdk.Problemf(sdk.SourceVendor, sdk.CodeNotFound, "Neither RocketMQ nor Kafka of CTyun has an instance %s in this region.", instance).
		WithHint("List the resources of kind instance, and check region_id.")
}
