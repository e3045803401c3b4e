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
	Name       string   `json:"name"`
	VendorName string   `json:"vendor_name"`
	Title      string   `json:"title"`
	Access     string   `json:"access"`
	Toolset    string   `json:"toolset"`
	Product    string   `json:"product,omitempty"`
	Required   []string `json:"required"`
}

// foundByWords is how many operations are listed that words fit: the ranking has put the fitting ones first.
const foundByWords = 20

func (a *app) operationsCommand() *cobra.Command {
	var query operations.Query
	var needs accessFlag
	var limit int
	command := &cobra.Command{
		Use:     "operations [WORDS]",
		Aliases: []string{"ops"},
		Short:   "List the operations, or find those that words fit",
		Long: "List every operation that the plugins offer, or rank those that the words fit, in English or Chinese. Words may\n" +
			"name the vendor and the product too.",
		Example: "  mqtrail operations\n  mqtrail operations trace message\n  mqtrail operations 华为云 死信 重投\n" +
			"  mqtrail operations topic --plugin ctyun --product kafka --needs write\n  mqtrail operations -o json --jq '.operations[].name'",
		RunE: func(command *cobra.Command, words []string) error {
			if query.Toolset != "" && !slices.Contains(sdk.Toolsets(), query.Toolset) {
				return usageError{fmt.Errorf("--toolset %q: want one of %s", query.Toolset, strings.Join(sdk.Toolsets(), ", "))}
			}
			s, err := a.open(command.Context())
			if err != nil {
				return err
			}
			defer s.close()
			query.Words, query.Access = strings.Join(words, " "), sdk.Access(needs)
			found := s.gateway.Catalogue().Search(query)
			if limit == 0 && query.Words != "" {
				limit = foundByWords
			}
			return a.showOperations(command, s, found, limit)
		},
	}
	command.Flags().StringVar(&query.Plugin, "plugin", "", "only the operations of this `plugin`")
	command.Flags().StringVar(&query.Product, "product", "", "only those of this `product`: kafka, rocketmq …")
	command.Flags().Var(&needs, "needs", "only those that need this access: read, write or destructive")
	command.Flags().StringVar(&query.Toolset, "toolset", "", "only this `toolset`: "+strings.Join(sdk.Toolsets(), ", "))
	command.Flags().IntVar(&limit, "limit", 0, fmt.Sprintf("list at most so many (default: %d with words, else all)", foundByWords))
	return command
}

func (a *app) showOperations(command *cobra.Command, s *session, found []*operations.Operation, limit int) error {
	shown := found
	if limit > 0 {
		shown = found[:min(limit, len(found))]
	}
	lines := make([]operationLine, len(shown))
	for i, o := range shown {
		lines[i] = operationLine{o.Name, o.VendorName, o.Title, o.Access, o.Toolset, o.Product, o.Required()}
	}
	if !a.plainText() {
		return a.showValue(command.Context(), map[string]any{"operations": lines, "found": len(found)})
	}
	if len(lines) == 0 {
		return a.nothing("No operation fits. Try fewer or other words, or see all: mqtrail operations", s)
	}
	cells := make([][]string, len(lines))
	for i, line := range lines {
		cells[i] = []string{line.Name, line.Access, line.Toolset, line.Title, strings.Join(line.Required, " ")}
	}
	if err := render.Rows(a.screen(), []string{"operation", "access", "toolset", "title", "required arguments"}, cells); err != nil {
		return err
	}
	if len(shown) == len(found) {
		return nil
	}
	_, err := fmt.Fprintf(a.stderr, "Shown are the best %d of %d; more with --limit, or give other words.\n", len(shown), len(found))
	return err
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
