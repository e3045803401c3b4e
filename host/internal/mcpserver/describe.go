package mcpserver

import "github.com/mqtrail/mqtrail/host/internal/operations"

type describeArguments struct {
	Operation string `json:"operation"`
	Answer    bool   `json:"answer"`
}

// description is what describe_operation answers.
type description struct {
	*operations.Description
	Connections []usability  `json:"connections"`
	Example     *exampleCall `json:"example,omitempty"`
	Next        string       `json:"next"`
}

// usability is a connection as an operation sees it.
type usability struct {
	Name    string `json:"name"`
	Sandbox bool   `json:"sandbox"`
	Allowed bool   `json:"allowed"`
}

// exampleCall is a tools/call that works in the sandbox.
type exampleCall struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

func (s *Server) describeOperation() native {
	const name = "describe_operation"
	input := object(map[string]any{
		"operation": described("string", "Name, as find_operations gives it, or the vendor's own."),
		"answer":    described("boolean", "true adds the schema of the answer."),
	}, "operation")
	return native{
		name: name, title: "Describe an operation", hints: local, input: input,
		description: "All arguments of one operation with their rules, an example call, and the connections it can be called over.",
		output: object(map[string]any{
			"name":        described("string", "For call_operation."),
			"vendor_name": described("string", "The vendor's own name."),
			"title":       described("string", "What it does."),
			"description": described("string", "What else to know."),
			"request":     described("string", "The vendor's method and path."),
			"plugin":      described("string", "Its vendor."),
			"product":     described("string", "The vendor's product."),
			"access":      described("string", "What it needs: read, write or destructive."),
			"escalations": listOf(object(map[string]any{
				"pointer": described("string", "JSON pointer of the argument."),
				"values":  listOf(map[string]any{}, "Values that do; absent: any."),
				"access":  described("string", "What the call then needs."),
			}), "Arguments that make a call need more access."),
			"billable": described("boolean", "It costs money."),
			"toolset":  described("string", "Its group."),
			"keywords": listOf(map[string]any{"type": "string"}, "Words that it is found by."),
			"aliases":  listOf(map[string]any{"type": "string"}, "Other names."),
			"connections": listOf(object(map[string]any{
				"name":    described("string", "For the argument connection."),
				"sandbox": described("boolean", "An emulator with made-up data."),
				"allowed": described("boolean", "Whether its access is enough."),
			}), "Connections of its vendor."),
			"input":      described("object", "JSON schema of the arguments."),
			"one_set_of": listOf(listOf(map[string]any{"type": "string"}, "One set."), "Sets of arguments of which exactly one is given whole."),
			"example":    described("object", "A call, as tool and arguments, that works in the sandbox; elsewhere the identifiers are your own."),
			"output":     described("object", "JSON schema of the answer, when asked for."),
			"related": listOf(object(map[string]any{
				"name":  described("string", "For describe_operation and call_operation."),
				"title": described("string", "What it does."),
			}), "Operations of the same product that deal with the same things."),
			"next": described("string", "What to do next."),
		}),
		handle: answered(name, input, func(arguments describeArguments) (any, error) { return s.describe(arguments) }),
	}
}

func (s *Server) describe(arguments describeArguments) (*description, error) {
	operation, err := s.gateway.Lookup(arguments.Operation)
	if err != nil {
		return nil, err
	}
	common, err := s.gateway.Catalogue().Describe(operation)
	if err != nil {
		return nil, err
	}
	if !arguments.Answer {
		common.Output = nil
	}
	d := &description{Description: common, Connections: []usability{}, Example: s.example(operation), Next: s.callAdvice(operation)}
	for _, connection := range s.gateway.ConnectionsOf(operation.Plugin) {
		d.Connections = append(d.Connections, usability{connection.Name, connection.Sandbox(), connection.Access.Allows(operation.Needs())})
	}
	return d, nil
}

// example is a call with the operation's documented arguments, nil when it has none: by the operation's own tool
// where it is one.
func (s *Server) example(operation *operations.Operation) *exampleCall {
	var documented map[string]any
	if len(operation.ExampleArguments()) == 0 || unmarshalExact(operation.ExampleArguments(), &documented) != nil {
		return nil
	}
	usable := s.allowed(operation)
	several := len(s.gateway.ConnectionsOf(operation.Plugin)) > 1 && len(usable) > 0
	if s.own[operation.Name] {
		if several {
			documented[connectionArgument] = usable[0].Name
		}
		return &exampleCall{Tool: operation.Name, Arguments: documented}
	}
	call := &exampleCall{Tool: callOperation, Arguments: map[string]any{"operation": operation.Name, "arguments": documented}}
	if several {
		call.Arguments[connectionArgument] = usable[0].Name
	}
	return call
}

func (s *Server) callAdvice(operation *operations.Operation) string {
	switch s.reasonNotOffered(operation) {
	case noConnection:
		return "It cannot be called: no connection is configured for " + operation.Plugin + ". Tell the user; list_connections says more."
	case noAccess:
		return "It cannot be called: no connection allows " + operation.Access + " access. Only the user can raise it; list_connections says more."
	}
	confirmed := ""
	if s.mayConfirm(operation) {
		confirmed = " A call that destroys something or costs money is planned first, and then confirmed."
	}
	if s.own[operation.Name] {
		return "Call the tool " + operation.Name + ", or call_operation." + confirmed
	}
	return "Call it with call_operation." + confirmed
}
