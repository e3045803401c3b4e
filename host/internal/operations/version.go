package operations

import "strings"

// request is an operation's request without the version of the API in its path.
type request struct{ plugin, product, before, after string }

// Newer are the operations that exist in several versions, with the one to prefer: whose own name names no version.
// The others are for accounts that still need them.
func (c *Catalogue) Newer() map[*Operation]*Operation {
	older := map[request][]*Operation{}
	for _, operation := range c.operations {
		if operation.namesVersion() {
			of, _ := operation.versionless()
			older[of] = append(older[of], operation)
		}
	}
	newer := map[*Operation]*Operation{}
	for _, operation := range c.operations {
		of, versioned := operation.versionless()
		if !versioned || operation.namesVersion() {
			continue
		}
		for _, other := range older[of] {
			newer[other] = operation
		}
	}
	return newer
}

// versionless is the operation's request without the segment of its path that names a version, like /v2/, and whether
// there is one.
func (o *Operation) versionless() (of request, versioned bool) {
	for at := 0; ; {
		found := strings.Index(o.Request[at:], "/v")
		if found < 0 {
			return request{o.Plugin, o.Product, o.Request, ""}, false
		}
		start := at + found
		at = start + len("/v")
		after := strings.TrimLeft(o.Request[at:], "0123456789")
		if len(after) < len(o.Request[at:]) && strings.HasPrefix(after, "/") {
			return request{o.Plugin, o.Product, o.Request[:start], after}, true
		}
	}
}

// namesVersion reports whether the operation's name begins with a version: v2_message_query_by_key.
func (o *Operation) namesVersion() bool {
	first, _, _ := strings.Cut(o.bareName(), "_")
	return len(first) > 1 && first[0] == 'v' && strings.Trim(first[1:], "0123456789") == ""
}
