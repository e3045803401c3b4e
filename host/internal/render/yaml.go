package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// writeYAML writes a JSON value as YAML: keys in their order, numbers with all their digits.
func writeYAML(screen Screen, value []byte) error {
	node, err := yamlNode(value)
	if err != nil {
		return err
	}
	encoder := yaml.NewEncoder(screen)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return err
	}
	return encoder.Close()
}

func yamlNode(value []byte) (*yaml.Node, error) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	node, err := nextNode(decoder)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the JSON value")
	}
	return node, nil
}

func nextNode(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		return collection(decoder, token)
	case string:
		return textNode(token), nil
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: numberTag(token), Value: token.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(token)}, nil
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
}

func collection(decoder *json.Decoder, opening json.Delim) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if opening == '{' {
		node = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	}
	for decoder.More() {
		child, err := nextNode(decoder) // in an object: keys and values in turn
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, child)
	}
	_, err := decoder.Token() // the closing delimiter
	return node, err
}

// textNode is a string; quoted where a terminal or a YAML reader would take it for something else.
func textNode(value string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	for _, r := range value {
		if invisible(r) {
			node.Style = yaml.DoubleQuotedStyle
		}
	}
	return node
}

func numberTag(number json.Number) string {
	if bytes.ContainsAny([]byte(number), ".eE") {
		return "!!float"
	}
	return "!!int"
}
