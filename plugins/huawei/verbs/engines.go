package verbs

import (
	"context"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// maxEngines bounds the instances whose engine a connection remembers.
const maxEngines = 1024

// engines remembers what kind of broker an instance is: that never changes.
type engines struct {
	mu    sync.Mutex
	known map[string]trail.System
}

func (e *engines) get(instance string) (trail.System, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	system, ok := e.known[instance]
	return system, ok
}

func (e *engines) put(instance string, system trail.System) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil || len(e.known) >= maxEngines {
		e.known = map[string]trail.System{} // to find one out again costs one call
	}
	e.known[instance] = system
}

// systemOf is the system of an engine, as the vendor names it. RocketMQ also has an older name.
func systemOf(engine string) (trail.System, bool) {
	switch engine {
	case "kafka":
		return trail.Kafka, true
	case "rocketmq", "reliability":
		return trail.RocketMQ, true
	default:
		return "", false
	}
}

// resolve settles whether the instance is Kafka's or RocketMQ's: they share paths, and each answers in its own way.
func (i *inquiry) resolve(ctx context.Context, told trail.System) error {
	if i.instance == "" {
		return sdk.InvalidArgument("instance", "no instance is given").
			WithHint("List the instances with list_resources, and give one's id.")
	}
	i.system = told
	if told == trail.Kafka || told == trail.RocketMQ {
		return nil
	}
	if told != "" {
		return sdk.InvalidArgument("system", "%q is neither rocketmq nor kafka", told)
	}
	var known bool
	if i.system, known = i.engines.get(i.instance); known {
		return nil
	}
	var found struct {
		Engine string `json:"engine"`
	}
	if _, err := i.do(ctx, "kafka/show_instance", map[string]any{}, &found); err != nil {
		return err
	}
	if i.system, known = systemOf(found.Engine); !known {
		return trail.NotOffered("The instance %s has the engine %q: only Kafka and RocketMQ can be asked.", i.instance, found.Engine)
	}
	i.engines.put(i.instance, i.system)
	return nil
}
