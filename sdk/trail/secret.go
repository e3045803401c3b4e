package trail

import (
	"bytes"
	"encoding/json"
)

// concealed stands where a secret was.
const concealed = "[redacted]"

// withoutSecrets is a vendor's answer without what its schema marks x-sensitive, by the names of the properties. The host
// redacts the answers of vendors' operations by their schemas; one that is kept in a verb's answer has none there. An
// answer that cannot be read is left out whole.
func withoutSecrets(answer, schema json.RawMessage) json.RawMessage {
	if !bytes.Contains(schema, []byte("x-sensitive")) {
		return answer
	}
	var shape any
	value, err := read(answer)
	if err != nil || json.Unmarshal(schema, &shape) != nil {
		return nil
	}
	names := map[string]bool{}
	sensitive(shape, names)
	kept, err := json.Marshal(conceal(value, names))
	if err != nil {
		return nil
	}
	return kept
}

// read keeps numbers as they are written.
func read(document json.RawMessage) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// sensitive gathers the names of properties that are marked, anywhere in a schema.
func sensitive(shape any, names map[string]bool) {
	switch shape := shape.(type) {
	case map[string]any:
		for name, part := range shape {
			if marked, ok := part.(map[string]any); ok && marked["x-sensitive"] == true {
				names[name] = true
			}
			sensitive(part, names)
		}
	case []any:
		for _, part := range shape {
			sensitive(part, names)
		}
	}
}

func conceal(value any, names map[string]bool) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if names[name] {
				value[name] = concealed
			} else {
				value[name] = conceal(member, names)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = conceal(item, names)
		}
	}
	return value
}
