package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/render"
)

// description is an operation in full.
type description struct {
	*operations.Description
	Connections      []string        `json:"connections"`
	ExampleArguments json.RawMessage `json:"example_arguments,omitempty"`
}

func (a *app) describeCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "describe OPERATION",
		Short:             "Show an operation's arguments, its answer and an example call",
		Example:           "  mqtrail describe aliyun_rocketmq_get_trace\n  mqtrail describe GetTrace -o json --jq .input",
		Args:              positional(1, 1),
		ValidArgsFunction: a.completeOperation,
		RunE: func(command *cobra.Command, arguments []string) error {
			s, err := a.open(command.Context())
			if err != nil {
				return err
			}
			defer s.close()
			operation, err := s.gateway.Lookup(arguments[0])
			if err != nil {
				return err
			}
			return a.describe(command.Context(), s, operation)
		},
	}
}

func (a *app) describe(ctx context.Context, s *session, operation *operations.Operation) error {
	described, err := describeOperation(s, operation)
	if err != nil {
		return err
	}
	if !a.plainText() {
		return a.showValue(ctx, described)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s\n\n%s\n\n", described.Name, described.Title, described.Description.Description)
	fmt.Fprintf(&text, "vendor's name  %s\n", described.VendorName)
	if described.Request != "" {
		fmt.Fprintf(&text, "request        %s\n", described.Request)
	}
	fmt.Fprintf(&text, "access         %s\n", described.Access)
	for _, e := range described.Escalations {
		fmt.Fprintf(&text, "               %s\n", e)
	}
	if described.Billable {
		fmt.Fprintf(&text, "               costs money\n")
	}
	fmt.Fprintf(&text, "toolset        %s\n", described.Toolset)
	fmt.Fprintf(&text, "connections    %s\n", orNone(described.Connections))
	for i, set := range described.OneSetOf {
		label := "               or "
		if i == 0 {
			label = "give either    "
		}
		fmt.Fprintf(&text, "%s%s\n", label, strings.Join(set, " and "))
	}
	if _, err := fmt.Fprintln(a.stdout, text.String()); err != nil {
		return err
	}
	if err := a.describeArguments(operation); err != nil {
		return err
	}
	if err := a.describeExample(described); err != nil || len(described.Related) == 0 {
		return err
	}
	related := make([]string, len(described.Related))
	for i, other := range described.Related {
		related[i] = other.Name
	}
	_, err = fmt.Fprintf(a.stdout, "\nrelated\n  %s\n", strings.Join(related, "\n  "))
	return err
}

func describeOperation(s *session, operation *operations.Operation) (*description, error) {
	common, err := s.gateway.Catalogue().Describe(operation)
	if err != nil {
		return nil, err
	}
	described := &description{Description: common, Connections: []string{}, ExampleArguments: operation.ExampleArguments()}
	for _, connection := range s.gateway.ConnectionsOf(operation.Plugin) {
		described.Connections = append(described.Connections, connection.Name)
	}
	return described, nil
}

func (a *app) describeArguments(operation *operations.Operation) error {
	var input struct {
		Properties map[string]struct {
			Type        any    `json:"type"`
			Description string `json:"description"`
		} `json:"properties"`
		Required []string `json:"required"`
	}
	if err := json.Unmarshal(operation.InputSchema(), &input); err != nil {
		return err
	}
	names := make([]string, 0, len(input.Properties))
	for name := range input.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int { // required ones first
		rx, ry := slices.Contains(input.Required, x), slices.Contains(input.Required, y)
		switch {
		case rx && !ry:
			return -1
		case ry && !rx:
			return 1
		default:
			return strings.Compare(x, y)
		}
	})
	cells := make([][]string, len(names))
	for i, name := range names {
		required := ""
		if slices.Contains(input.Required, name) {
			required = "yes"
		}
		cells[i] = []string{name, typeText(input.Properties[name].Type), required, input.Properties[name].Description}
	}
	return render.Rows(a.screen(), []string{"argument", "type", "required", "description"}, cells)
}

func typeText(kind any) string {
	switch kind := kind.(type) {
	case string:
		return kind
	case []any:
		names := make([]string, len(kind))
		for i, name := range kind {
			names[i] = fmt.Sprint(name)
		}
		return strings.Join(names, " or ")
	default:
		return "any"
	}
}

func (a *app) describeExample(described *description) error {
	if len(described.ExampleArguments) == 0 {
		return nil
	}
	arguments, err := encode(described.ExampleArguments) // on one line
	if err != nil {
		return err
	}
	text := strings.TrimSpace(string(arguments))
	_, err = fmt.Fprintf(a.stdout, "\nexample, in the sandbox:\n  mqtrail call %s --sandbox --args '%s'\n",
		described.Name, strings.ReplaceAll(text, "'", `'\''`))
	return err
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
