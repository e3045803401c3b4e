package emulator

import (
	"encoding/json"
	"slices"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// productOf is the product of an engine's name; "" for engines that the sandbox does not have. RocketMQ is called
// reliability where the vendor's older name shows.
func productOf(engine string) string {
	switch engine {
	case "kafka":
		return kafkaProduct
	case "rocketmq", "reliability":
		return rocketmqProduct
	default:
		return ""
	}
}

// means reports whether the request is about an instance of the operation's product. Kafka and RocketMQ share a
// host and many paths; the instance decides, or else the engine that the request names.
func (s *shop) means(candidate sandbox.Candidate) bool {
	product := s.productMeant(candidate)
	return product == "" || product == candidate.File.Product
}

func (s *shop) productMeant(candidate sandbox.Candidate) string {
	ids := []string{candidate.Path["instance_id"]}
	engines := []string{candidate.Path["engine"], candidate.Request.URL.Query().Get("engine")}
	var body struct {
		Instances  []string `json:"instances"`
		AllFailure string   `json:"all_failure"`
		Engine     string   `json:"engine"`
	}
	// A body that does not decode is refused once the operation is found; another's names nothing.
	if json.Unmarshal(candidate.Body, &body) == nil {
		ids = append(ids, body.Instances...)
		engines = append(engines, body.AllFailure, body.Engine)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if found, ok := lookUp(s.instances, id); ok {
			return found.Product
		}
		if found, ok := lookUp(s.recycle.instances, id); ok {
			return found.Instance.Product
		}
	}
	for _, engine := range engines {
		if product := productOf(engine); product != "" {
			return product
		}
	}
	return ""
}

// inPath reports whether the argument is a part of the path.
func (c *call) inPath(name string) bool {
	return slices.ContainsFunc(c.File.Parameters, func(p sdk.Parameter) bool { return p.Name == name && p.In == sdk.InPath })
}
