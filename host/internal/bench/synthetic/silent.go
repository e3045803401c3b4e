package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// The shape of an operation as cloud vendors have them: about 1.5 KB of input schema and 5 KB of output schema.
const (
	inputFields  = 9
	outputFields = 34
)

// silent are operations that are there to be listed, found and described. Each differs from the others, as
// vendors' operations do.
func silent(count int) []sdk.Operation[*client] {
	operations := make([]sdk.Operation[*client], 0, max(0, count))
	for i := range max(0, count) {
		operations = append(operations, sdk.Operation[*client]{
			Name:     fmt.Sprintf("shop_list_things_%03d", i),
			Describe: func(sdk.Docs) (sdk.Info, error) { return info(i), nil },
			Invoke: func(context.Context, *client, json.RawMessage) (json.RawMessage, error) {
				return json.RawMessage(`{}`), nil
			},
		})
	}
	return operations
}

// info spreads the operations over toolsets and levels of access as vendors' are: every twentieth is among the tools
// that are offered by default, about as many as the budget of the default list allows.
func info(i int) sdk.Info {
	others := []string{"consumers", "topics", "instances", "diagnosis", "accounts", "billing", "admin"}
	toolset, access := others[i%len(others)], sdk.AccessRead
	switch {
	case i%20 == 0:
		toolset = "messages"
	case i%10 == 9:
		access = sdk.AccessDestructive
	case i%10 >= 6:
		access = sdk.AccessWrite
	}
	return sdk.Info{
		VendorName:  fmt.Sprintf("ListThings%03d", i),
		Product:     "shop",
		Title:       fmt.Sprintf("List things of kind %d", i),
		Description: fmt.Sprintf("Lists the things of kind %d of one instance, newest first, with their state and the consumer groups that hold them; a page has at most 100.", i),
		Request:     fmt.Sprintf("POST /v2/{project}/instances/{instance}/things-%d", i),
		Access:      access,
		Toolset:     toolset,
		Keywords:    []string{"things", fmt.Sprintf("kind%d", i), "查询消息"},
		Input:       input(i),
		Output:      output(i),
	}
}

func input(i int) json.RawMessage {
	properties := make([]string, inputFields)
	for field := range properties {
		properties[field] = fmt.Sprintf(`"argument%d_%d":{"type":"string","minLength":1,"maxLength":%d,"pattern":"^[A-Za-z0-9_-]{1,%d}$","description":"Argument %d of the operation, in the words of somebody who had to use it once."}`,
			i, field, 64+field, 64+field, field)
	}
	return json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{%s},"required":["argument%d_0"]}`, strings.Join(properties, ","), i))
}

func output(i int) json.RawMessage {
	fields := make([]string, outputFields)
	for field := range fields {
		fields[field] = fmt.Sprintf(`"result%d_%d":{"type":["%s","null"],"description":"Field %d of each thing; milliseconds since 1970, UTC, where it is a time."}`,
			i, field, []string{"string", "integer", "boolean"}[field%3], field)
	}
	return json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{"total":{"type":["integer","null"]},"things":{"type":["array","null"],"items":{"type":["object","null"],"properties":{%s}}}}}`,
		strings.Join(fields, ",")))
}
