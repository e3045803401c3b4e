package sdk

import "slices"

// Access is what an operation does to the account, from least to most.
type Access string

// The levels of access.
const (
	AccessRead        Access = "read"
	AccessWrite       Access = "write"
	AccessDestructive Access = "destructive"
)

// accessLevels lists the levels from least to most.
var accessLevels = []Access{AccessRead, AccessWrite, AccessDestructive}

// Valid reports whether a is one of the levels.
func (a Access) Valid() bool { return slices.Contains(accessLevels, a) }

// Allows reports whether someone with access a may run an operation that needs needed.
func (a Access) Allows(needed Access) bool {
	return a.Valid() && needed.Valid() && slices.Index(accessLevels, a) >= slices.Index(accessLevels, needed)
}

// Toolsets are the groups that operations are offered in.
func Toolsets() []string {
	return []string{"messages", "consumers", "topics", "instances", "replication", "diagnosis", "accounts", "billing", "admin"}
}
