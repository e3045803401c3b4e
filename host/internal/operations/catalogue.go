package operations

import (
	"slices"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Catalogue is every operation that the host knows. It does not change after New.
type Catalogue struct {
	operations []*Operation // sorted by name
	byName     map[string]*Operation
	// index is made when first searched: whoever calls an operation by its name need not wait for it.
	index func() *index
}

// Manifest is what a plugin offers.
type Manifest interface {
	// Brief is the manifest. Its operations may be without what only whoever calls or describes one needs.
	Brief() *protocol.Manifest
	// Operation is the i-th operation whole.
	Operation(i int) (*protocol.Operation, error)
}

// New makes the catalogue of the plugins with these manifests.
func New[M Manifest](manifests ...M) *Catalogue {
	c := &Catalogue{byName: map[string]*Operation{}}
	for _, manifest := range manifests {
		brief := manifest.Brief()
		for i, described := range brief.Operations {
			operation := newOperation(brief.Name, described, func() (*protocol.Operation, error) { return manifest.Operation(i) })
			c.byName[operation.Name] = operation
			if operation.Product != trail.Product { // those stand behind tools of the host's own
				c.operations = append(c.operations, operation)
			}
		}
	}
	// After the names, so that an alias never hides an operation.
	for _, operation := range c.operations {
		for _, alias := range operation.Aliases {
			if _, taken := c.byName[alias]; !taken {
				c.byName[alias] = operation
			}
		}
	}
	slices.SortFunc(c.operations, func(a, b *Operation) int { return strings.Compare(a.Name, b.Name) })
	c.index = sync.OnceValue(func() *index { return newIndex(c.operations) })
	return c
}

// All lists the operations of vendors by name. The neutral operations that plugins offer too are found by Lookup alone.
func (c *Catalogue) All() []*Operation { return c.operations }

// Lookup finds an operation by its name, an alias, or the vendor's name when only one operation has it.
func (c *Catalogue) Lookup(name string) (*Operation, error) {
	if operation, ok := c.byName[name]; ok {
		return operation, nil
	}
	var named []*Operation
	for _, operation := range c.operations {
		if strings.EqualFold(operation.VendorName, name) {
			named = append(named, operation)
		}
	}
	if len(named) == 1 {
		return named[0], nil
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownOperation, "There is no operation %q.", name)
	if near := c.near(name, named); len(near) > 0 {
		return nil, problem.WithHint("Did you mean %s? Search with: mqtrail operations WORDS (tool find_operations)", strings.Join(near, " or "))
	}
	return nil, problem.WithHint("Search with: mqtrail operations WORDS (tool find_operations)")
}

// near lists up to three names that were perhaps meant.
func (c *Catalogue) near(name string, named []*Operation) []string {
	var near []string
	for _, operation := range named {
		near = append(near, operation.Name)
	}
	names := make([]string, 0, len(c.byName))
	for known, operation := range c.byName {
		if operation.Product != trail.Product {
			names = append(names, known)
		}
	}
	slices.Sort(names)
	if nearest := schema.Nearest(name, names); nearest != "" && !slices.Contains(near, nearest) {
		near = append(near, nearest)
	}
	if len(near) == 0 {
		for _, operation := range c.Search(Query{Words: name}) {
			near = append(near, operation.Name)
		}
	}
	return near[:min(3, len(near))]
}
