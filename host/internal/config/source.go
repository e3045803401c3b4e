package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// maxFaults bounds what is reported of one file.
const maxFaults = 100

// position is a place in the file; lines and columns count from one.
type position struct {
	line, column int
}

// source knows where in the file every value of the configuration is.
type source struct {
	file string
	// positions are by JSON pointer: of the key for a member, of the value for an item.
	positions map[string]position
	// filled are the pointers of the texts that variables were filled into.
	filled map[string]bool
}

// locate is the place of a value, or of the nearest value around it that the file has.
func (s source) locate(path []string) position {
	for length := len(path); length >= 0; length-- {
		if found, ok := s.positions[schema.Pointer(path[:length])]; ok {
			return found
		}
	}
	return position{1, 1}
}

// isFilled reports whether the value at the path came from a variable, in whole or in part.
func (s source) isFilled(path []string) bool {
	return s.filled[schema.Pointer(path)]
}

// located is a fault with its place.
type located struct {
	position
	pointer string
	message string
}

// locateAll gives the faults of the value at the path their places.
func (s source) locateAll(path []string, faults []sdk.Fault) []located {
	var all []located
	for _, fault := range faults {
		whole := schema.Pointer(path) + fault.Pointer
		place := s.locate(append(slices.Clone(path), schema.Path(fault.Pointer)...))
		all = append(all, located{place, whole, fault.Message})
	}
	return all
}

// faults are in the order of the file, each with file:line:column.
func (s source) faults(all []located) []sdk.Fault {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.message, b.message))
	})
	more := max(len(all)-maxFaults, 0)
	all = all[:len(all)-more]
	if more > 0 {
		all = append(all, located{all[len(all)-1].position, "", fmt.Sprintf("and %d more faults, not listed", more)})
	}
	faults := make([]sdk.Fault, len(all))
	for i, fault := range all {
		message := fault.message
		if fault.pointer != "" {
			message = strings.Join(schema.Path(fault.pointer), ".") + ": " + message
		}
		faults[i] = sdk.Fault{Pointer: fmt.Sprintf("%s:%d:%d", s.file, fault.line, fault.column), Message: message}
	}
	return faults
}
