package emulator

import (
	"bytes"
	"encoding/json"
)

// outline is the part of an output schema that says which fields there are.
type outline struct {
	Properties map[string]outline `json:"properties"`
	Items      *outline           `json:"items"`
	Additional *outline           `json:"additionalProperties"`
}

// described is an answer's data with the fields that the operation's output schema describes: the same thing is told
// at length by one operation and in short by another.
func described(data, output json.RawMessage) (json.RawMessage, error) {
	var schema outline
	if err := json.Unmarshal(output, &schema); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(schema.Properties["data"].keep(value))
}

func (o outline) keep(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			switch property, ok := o.Properties[name]; {
			case ok:
				value[name] = property.keep(field)
			case o.Additional != nil:
				value[name] = o.Additional.keep(field)
			case o.Properties != nil:
				delete(value, name)
			}
		}
	case []any:
		for i := range value {
			if o.Items != nil {
				value[i] = o.Items.keep(value[i])
			}
		}
	}
	return value
}
