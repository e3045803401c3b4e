package emulator

import (
	"net/http"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// config is a parameter of an instance's brokers.
type config struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default_value"`
	Valid   string `json:"valid_values"`
	// Kind is static, which takes a restart, or dynamic.
	Kind string `json:"config_type"`
	Type string `json:"value_type"`
}

func (c *config) key() string { return c.Name }

func showKafkaConfigs(c *call) *sandbox.Answer {
	return ok(object{"kafka_configs": append([]*config{}, c.instance.Configs...)})
}

func showRocketMQConfigs(c *call) *sandbox.Answer {
	return ok(rocketmqPage(c, "rocketmq_configs", c.instance.Configs))
}

func changeKafkaConfigs(c *call) *sandbox.Answer {
	changed, refusal := c.changeConfigs("kafka_configs")
	if refusal != nil {
		return refusal
	}
	return ok(object{"job_id": c.instance.job(c, "modifyConfigs"), "dynamic_config": changed["dynamic"], "static_config": changed["static"]})
}

func changeRocketMQConfigs(c *call) *sandbox.Answer {
	if _, refusal := c.changeConfigs("rocketmq_configs"); refusal != nil {
		return refusal
	}
	return done()
}

// changeConfigs sets all that the argument names, or nothing. It counts them by kind.
func (c *call) changeConfigs(argument string) (map[string]int, *sandbox.Answer) {
	wanted := given[[]config](c, argument)
	for _, one := range wanted {
		if _, known := lookUp(c.instance.Configs, one.Name); !known {
			return nil, failure(http.StatusBadRequest, "DMS.00400063", "Invalid configuration parameter "+one.Name+".")
		}
	}
	changed := map[string]int{}
	for _, one := range wanted {
		known, _ := lookUp(c.instance.Configs, one.Name)
		known.Value = one.Value
		changed[known.Kind]++
	}
	return changed, nil
}

// expansion is the rule by which the disk grows.
type expansion struct {
	On        bool  `json:"auto_volume_expand_enable"`
	Threshold int64 `json:"expand_threshold"`
	Most      int64 `json:"max_volume_size"`
	Step      int64 `json:"expand_increment"`
}

func showExpansion(c *call) *sandbox.Answer { return ok(c.instance.Expansion) }

func changeExpansion(c *call) *sandbox.Answer {
	rule := &c.instance.Expansion
	rule.On = given[bool](c, "auto_volume_expand_enable")
	rule.Threshold = c.whole("expand_threshold", rule.Threshold)
	rule.Most = c.whole("max_volume_size", rule.Most)
	rule.Step = c.whole("expand_increment", rule.Step)
	if c.File.Text {
		return plain("success")
	}
	return done()
}
