// Package verbs tells of Alibaba Cloud's RocketMQ 5.x in the neutral terms of sdk/trail: what the vendor said, and
// where it said so.
package verbs

import (
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// vendorName begins notes and problems, so that readers who ask several vendors know whom they are about.
const vendorName = "Alibaba Cloud"

// maxPages bounds what is read of a list for one question.
const maxPages = 5

// Verbs are the neutral verbs of one connection. They are safe for concurrent use.
type Verbs struct {
	vendor *trail.Vendor
	region string
	now    func() time.Time
}

// New tells by the calls of doer. region is the connection's; empty when the endpoint alone is known.
func New(doer rest.Doer, region string, now func() time.Time) *Verbs {
	return &Verbs{vendor: trail.NewVendor("aliyun", schemas.Aliyun, gate{doer, make(chan struct{}, atOnce)}), region: region, now: now}
}

// need is an argument that must be there.
type need struct{ name, value string }

// check refuses another product than this one, and a question that lacks what no call can be made without.
func check(system trail.System, needs ...need) error {
	if system != "" && system != trail.RocketMQ {
		return trail.NotOffered("This connection is to %s's RocketMQ; its Kafka has another API, which this plugin does not speak.", vendorName)
	}
	for _, n := range needs {
		if n.value == "" {
			return sdk.InvalidArgument(n.name, "%s needs it for this question.", vendorName)
		}
	}
	return nil
}
