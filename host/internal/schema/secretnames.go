package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// SecretNames are the names of the properties that a schema marks x-secret or x-sensitive; nil when there are none.
func SecretNames(raw json.RawMessage) (map[string]bool, error) {
	if !bytes.Contains(raw, []byte("x-sensitive")) && !bytes.Contains(raw, []byte("x-secret")) {
		return nil, nil // nearly every schema; reading it takes a thousand times longer
	}
	root, fault := parse(raw)
	if fault != nil {
		return nil, fmt.Errorf("the schema cannot be read: %s", fault.Message)
	}
	return secretNames(root), nil
}
