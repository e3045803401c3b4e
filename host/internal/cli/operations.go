package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/sdk"
)

// operationLine is an operation in a list.
type operationLine struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
	Title      string `json:"title"`
	Access     string `json:"access"`
	Toolset    string `json:"toolset"`
}

func (a *app) operationsCommand() *cobra.Command {
	var plugin, toolset string
	command := &cobra.Command{
		Use:     "operations [WORDS]",
		Aliases: []string{"ops"},
		Short:   "List the operations, or find those that words fit",
		Long:    "List every operation that the plugins offer, or rank those that the words fit, in English or Chinese.",
		Example: "  mqtrail operations\n  mqtrail operations trace message\n  mqtrail operations 消息轨迹 --plugin aliyun\n  mqtrail operations -o json --jq '.operations[].name'",
		RunE: func(command *cobra.Command, words []string) error {
			if toolset != "" && !slices.Contains(sdk.Toolsets(), toolset) {
				return usageError{fmt.Errorf("--toolset %q: want one of %s", toolset, strings.Join(sdk.Toolsets(), ", "))}
			}
			s, err := a.open(command.Context())
			if err != nil {
				return err
			}
			defer s.close()
			found := s.gateway.Catalogue().Search(strings.Join(words, " "))
			found = slices.DeleteFunc(found, func(o *operations.Operation) bool {
				return plugin != "" && o.Plugin != plugin || toolset != "" && o.Toolset != toolset
			})
			return a.showOperations(command, s, found)
		},
	}
	command.Flags().StringVar(&plugin, "plugin", "", "only the operations of this `plugin`")
	command.Flags().StringVar(&toolset, "toolset", "", "only this `toolset`: "+strings.Join(sdk.Toolsets(), ", "))
	return command
}

func (a *app) showOperations(command *cobra.Command, s *session, found []*operations.Operation) error {
	lines := make([]operationLine, len(found))
	for i, o := range found {
		lines[i] = operationLine{o.Name, o.VendorName, o.Title, o.Access, o.Toolset}
	}
	if !a.plainText() {
		return a.showValue(command.Context(), map[string]any{"operations": lines})
	}
	if len(lines) == 0 {
		return a.nothing("No operation fits. Try fewer or other words, or see all: mqtrail operations", s)
	}
	cells := make([][]string, len(lines))
	for i, line := range lines {
		cells[i] = []string{line.Name, line.Access, line.Toolset, line.Title}
	}
	return render.Rows(a.screen(), []string{"operation", "access", "toolset", "title"}, cells)
}

// plainText reports whether a command's own text layout is wanted, rather than a value in some format.
func (a *app) plainText() bool {
	return a.flags.jq == "" && (a.flags.output == render.Text || a.flags.output == render.Table)
}

// nothing explains an empty list on standard error; standard output stays empty.
func (a *app) nothing(text string, s *session) error {
	if len(s.plugins.Plugins()) == 0 {
		text = "No plugin was found. Put mqtrail-plugin-* beside mqtrail, or name a folder: plugin_dirs in mqtrail.yaml."
	}
	_, err := fmt.Fprintln(a.stderr, text)
	return err
}

func encode(value any) (json.RawMessage, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return json.RawMessage(out.String()), err
}
