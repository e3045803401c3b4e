package mcpserver

import (
	"fmt"

	"github.com/mqtrail/mqtrail/sdk"
)

// connectionList is what list_connections answers.
type connectionList struct {
	Connections []connectionEntry `json:"connections"`
	Operations  int               `json:"operations"`
	Tools       int               `json:"tools"`
	NotOffered  map[string]int    `json:"not_offered"`
	Next        string            `json:"next"`
}

type connectionEntry struct {
	Name           string     `json:"name"`
	Plugin         string     `json:"plugin"`
	Access         sdk.Access `json:"access"`
	Sandbox        bool       `json:"sandbox"`
	Operations     int        `json:"operations"`
	NeedMoreAccess int        `json:"need_more_access"`
	Toolsets       []string   `json:"toolsets"`
}

func (s *Server) listConnections() native {
	const name = "list_connections"
	input := object(map[string]any{})
	return native{
		name: name, title: "List connections", hints: local, input: input,
		description: "The accounts that can be asked: their vendor, what they allow, whether they are a sandbox; and how many operations are not offered, and why.",
		output: object(map[string]any{
			"connections": listOf(object(map[string]any{
				"name":             described("string", "For the argument connection."),
				"plugin":           described("string", "Vendor."),
				"access":           described("string", "What calls may do: read, write or destructive; each allows what comes before."),
				"sandbox":          described("boolean", "Answers come from an emulator with made-up data."),
				"operations":       described("integer", "Operations that its access allows."),
				"need_more_access": described("integer", "Operations of its vendor that need more access."),
				"toolsets":         listOf(map[string]any{"type": "string"}, "Groups of operations that are tools of their own over it."),
			}), "By name."),
			"operations": described("integer", "Operations known, of all vendors."),
			"tools":      described("integer", "Of these, tools of their own."),
			"not_offered": described("object", "Operations that are no tools of their own, counted by reason: no_connection and access cannot be called; "+
				"toolset (not chosen) and version (another version of the same request is a tool) can, through call_operation."),
			"next": described("string", "What to do next."),
		}),
		handle: answered(name, input, func(struct{}) (any, error) { return s.connectionList(), nil }),
	}
}

func (s *Server) connectionList() connectionList {
	all := s.gateway.Catalogue().All()
	list := connectionList{Connections: []connectionEntry{}, Operations: len(all), Tools: len(s.own), NotOffered: map[string]int{}}
	for _, operation := range all {
		if reason := s.reasonNotOffered(operation); reason != "" {
			list.NotOffered[reason]++
		}
	}
	for _, connection := range s.gateway.Connections() {
		entry := connectionEntry{Name: connection.Name, Plugin: connection.Plugin, Access: connection.Access, Sandbox: connection.Sandbox(), Toolsets: s.toolsetsOf(connection)}
		for _, operation := range all {
			switch {
			case operation.Plugin != connection.Plugin:
			case connection.Access.Allows(operation.Needs()):
				entry.Operations++
			default:
				entry.NeedMoreAccess++
			}
		}
		list.Connections = append(list.Connections, entry)
	}
	list.Next = list.advice()
	return list
}

func (l connectionList) advice() string {
	switch {
	case l.Operations == 0:
		return "No plugin offers an operation. The user puts mqtrail-plugin-* programs beside mqtrail; mqtrail doctor says what is wrong."
	case len(l.Connections) == 0:
		return "No account is configured, so nothing can be called. The user writes mqtrail.yaml, sets a vendor's usual environment variables " +
			"(mqtrail plugins lists them), or starts the server with --sandbox."
	case l.NotOffered[noAccess] > 0:
		return fmt.Sprintf("Ask with trace_message and its like; find other operations with find_operations. %d need more access than any connection allows: "+
			"only the user can raise it, access under connections in mqtrail.yaml or --access.", l.NotOffered[noAccess])
	default:
		return "Ask with trace_message and its like; find other operations with find_operations."
	}
}
