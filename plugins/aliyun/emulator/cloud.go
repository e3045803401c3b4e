package emulator

import (
	"slices"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// region is where everything of the sandbox is: an instance is seen in its own region only.
const region = "cn-hangzhou"

// maxEach bounds every kind of thing that calls can add.
const maxEach = 1000

// cloud is what the sandbox's account has. The operations change it, one at a time.
type cloud struct {
	now        func() time.Time
	operations map[string]operation

	mutex      sync.Mutex
	instances  []*instance
	plans      []*plan
	migrations []*migration
	// bought are the instances that a client token has bought, by token.
	bought map[string]string
	// serial is the last number that something new was named with.
	serial int64
}

// operation is what one of the vendor's operations does. The result is the answer's data, nil when there is none;
// an error is a *failure.
type operation func(call *sandbox.Call) (any, error)

func newCloud(now func() time.Time) *cloud {
	c := &cloud{now: now, bought: map[string]string{}, serial: 1300000900}
	c.operations = map[string]operation{}
	for _, some := range []map[string]operation{
		c.regionOperations(), c.instanceOperations(), c.tagOperations(), c.topicOperations(), c.groupOperations(), c.subscriptionOperations(),
		c.progressOperations(), c.messageOperations(), c.traceOperations(), c.accountOperations(), c.ruleOperations(), c.whitelistOperations(),
		c.planOperations(), c.itemOperations(), c.checkpointOperations(), c.migrationOperations(),
	} {
		for name, does := range some {
			c.operations[name] = does
		}
	}
	c.fill()
	return c
}

// next numbers something new.
func (c *cloud) next() int64 {
	c.serial++
	return c.serial
}

// find is the first of a list that has it.
func find[T any](all []*T, has func(*T) bool) (*T, bool) {
	if i := slices.IndexFunc(all, has); i >= 0 {
		return all[i], true
	}
	return nil, false
}

// without is a list without the ones that have it.
func without[T any](all []*T, has func(*T) bool) []*T {
	return slices.DeleteFunc(slices.Clone(all), has)
}
