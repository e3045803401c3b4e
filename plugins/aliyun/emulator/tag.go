package emulator

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// tag is a label of an instance.
type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (c *cloud) tagOperations() map[string]operation {
	return map[string]operation{"ListTagResources": c.listTags, "TagResources": c.addTags, "UntagResources": c.removeTags}
}

// tagged reports whether the instance has all of the tags; a tag without a value asks for the key alone.
func (i *instance) tagged(wanted []tag) bool {
	return !slices.ContainsFunc(wanted, func(w tag) bool {
		return !slices.ContainsFunc(i.tags, func(t tag) bool { return t.Key == w.Key && (w.Value == "" || t.Value == w.Value) })
	})
}

// label is one tag on one instance.
type label struct {
	AliUID       int64  `json:"aliUid"`
	Category     string `json:"category"`
	ResourceID   string `json:"resourceId"`
	ResourceType string `json:"resourceType"`
	Scope        string `json:"scope"`
	Key          string `json:"tagKey"`
	Value        string `json:"tagValue"`
}

func (c *cloud) listTags(call *sandbox.Call) (any, error) {
	var wanted []tag
	if err := jsonText(call, "tag", &wanted); err != nil {
		return nil, err
	}
	ids, err := resources(call)
	if err != nil {
		return nil, err
	}
	labels := []label{}
	for _, i := range c.instances {
		if len(ids) > 0 && !slices.Contains(ids, i.id) || !i.tagged(wanted) {
			continue
		}
		for _, t := range i.tags {
			labels = append(labels, label{1000000000000001, "custom", i.id, "instance", "public", t.Key, t.Value})
		}
	}
	return map[string]any{"nextToken": "", "requestId": newRequestID(), "tagResources": labels}, nil
}

func (c *cloud) addTags(call *sandbox.Call) (any, error) {
	var added []tag
	if err := jsonText(call, "tag", &added); err != nil {
		return nil, err
	}
	return c.onResources(call, func(i *instance) error {
		kept := slices.DeleteFunc(slices.Clone(i.tags), func(t tag) bool {
			return slices.ContainsFunc(added, func(a tag) bool { return a.Key == t.Key })
		})
		if len(kept)+len(added) > 20 { // the most that this cloud lets a resource have
			return full("tag")
		}
		i.tags = slices.Concat(kept, added)
		return nil
	})
}

func (c *cloud) removeTags(call *sandbox.Call) (any, error) {
	wish, err := arguments[struct{ All bool }](call)
	if err != nil {
		return nil, err
	}
	var keys []string
	if err := jsonText(call, "tagKey", &keys); err != nil {
		return nil, err
	}
	if len(keys) == 0 && !wish.All {
		return nil, missing("tagKey")
	}
	return c.onResources(call, func(i *instance) error {
		i.tags = slices.DeleteFunc(slices.Clone(i.tags), func(t tag) bool { return wish.All || slices.Contains(keys, t.Key) })
		return nil
	})
}

// onResources does the same to every instance that the call names.
func (c *cloud) onResources(call *sandbox.Call, change func(*instance) error) (any, error) {
	ids, err := resources(call)
	if err != nil {
		return nil, err
	}
	var named []*instance
	for _, id := range ids {
		i, err := c.instance(id, "resourceId")
		if err != nil {
			return nil, err
		}
		named = append(named, i)
	}
	for _, i := range named {
		if err := change(i); err != nil {
			return nil, err
		}
		i.updated = c.now()
	}
	return true, nil
}

// resources are the instance ids of a call: JSON text, or a bare id as the samples have it.
func resources(call *sandbox.Call) ([]string, error) {
	text := call.Text("resourceId")
	if text != "" && !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return []string{text}, nil
	}
	var ids []string
	return ids, jsonText(call, "resourceId", &ids)
}

// jsonText reads an argument that is JSON as text; nothing when it is not given.
func jsonText(call *sandbox.Call, name string, value any) error {
	text := call.Text(name)
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return invalid(name, "it is not the JSON that is wanted.")
	}
	return nil
}
