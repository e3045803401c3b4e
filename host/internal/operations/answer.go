package operations

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/mqtrail/mqtrail/host/internal/shape"
)

// Redact takes the values out of an answer that the output schema marks as secrets.
func (o *Operation) Redact(answer json.RawMessage) (json.RawMessage, error) {
	secrets, err := o.whole().secrets()
	if err != nil {
		return nil, err
	}
	return shape.Redact(answer, secrets)
}

// AnswerKeys are the names of the answer's members, sorted, as far as they are known.
func (o *Operation) AnswerKeys() []string { return propertyNames(o.whole().OutputSchema) }

// ArgumentNames are the names of the arguments, sorted.
func (o *Operation) ArgumentNames() []string { return propertyNames(o.whole().InputSchema) }

// Required are the names of the arguments that every call gives; empty, not nil, when there are none.
func (o *Operation) Required() []string {
	var input struct {
		Required []string `json:"required"`
	}
	if json.Unmarshal(o.whole().InputSchema, &input) != nil || input.Required == nil {
		return []string{}
	}
	return input.Required
}

// propertyNames are those of a schema's root; none of one that cannot be read.
func propertyNames(schema json.RawMessage) []string {
	var root struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(schema, &root) != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(root.Properties))
}
