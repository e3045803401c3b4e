package emulator

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func showTags(c *call) *sandbox.Answer {
	if c.File.Product == kafkaProduct {
		return ok(object{"tags": append([]tag{}, c.instance.Tags...)})
	}
	return ok(rocketmqPage(c, "tags", c.instance.Tags))
}

// changeTags adds tags, or takes them away by their keys. That a tag with an old key replaces it is assumed.
func changeTags(c *call) *sandbox.Answer {
	for _, one := range given[[]tag](c, "tags") {
		c.instance.Tags = slices.DeleteFunc(c.instance.Tags, func(other tag) bool { return other.Key == one.Key })
		if c.Text("action") != "delete" {
			c.instance.Tags = append(c.instance.Tags, one)
		}
	}
	return done()
}

// projectTags are the tags of all instances of a product, each key once.
func projectTags(product string) handler {
	type values struct {
		Key    string   `json:"key"`
		Values []string `json:"values"`
	}
	return func(c *call) *sandbox.Answer {
		found := []values{}
		for _, one := range c.shop.instances {
			if one.Product != product {
				continue
			}
			for _, tag := range one.Tags {
				at := slices.IndexFunc(found, func(v values) bool { return v.Key == tag.Key })
				if at < 0 {
					found, at = append(found, values{Key: tag.Key}), len(found)
				}
				if !slices.Contains(found[at].Values, tag.Value) {
					found[at].Values = append(found[at].Values, tag.Value)
				}
			}
		}
		slices.SortFunc(found, func(a, b values) int { return strings.Compare(a.Key, b.Key) })
		if product == kafkaProduct {
			return ok(object{"tags": found})
		}
		return ok(rocketmqPage(c, "tags", found))
	}
}
