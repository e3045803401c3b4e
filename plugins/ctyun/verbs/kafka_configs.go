package verbs

import (
	"encoding/json"
)

// configs are a topic's settings by name. CTyun does not document their shape: one that is not an object of values
// tells nothing.
type configs map[string]json.RawMessage

// UnmarshalJSON never fails on valid JSON.
func (c *configs) UnmarshalJSON(data []byte) error {
	var values map[string]json.RawMessage
	if json.Unmarshal(data, &values) == nil {
		*c = values
	}
	return nil
}

// retention is how long the topic keeps messages, in ms; nil when it was not told or has no end.
func (c configs) retention() *int64 {
	var kept number
	if json.Unmarshal(c["retention.ms"], &kept) != nil || kept.value <= 0 {
		return nil
	}
	return kept.pointer()
}
