package cli

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/render"
)

// connectionLine is a connection in a list.
type connectionLine struct {
	Name       string `json:"name"`
	Plugin     string `json:"plugin"`
	Access     string `json:"access"`
	Origin     string `json:"origin"`
	Operations int    `json:"operations"` // that its access allows
	Refused    int    `json:"refused"`    // that need more access
}

func (a *app) connectionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "connections",
		Short:   "List the connections and what they may do",
		Example: "  mqtrail connections\n  mqtrail connections --sandbox -o json",
		Args:    positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := a.open(command.Context())
			if err != nil {
				return err
			}
			defer s.close()
			lines := connectionLines(s.gateway)
			if !a.plainText() {
				return a.showValue(command.Context(), map[string]any{"connections": lines})
			}
			if len(lines) == 0 {
				return a.nothing("No connection. Write mqtrail.yaml, set a vendor's usual variables (mqtrail plugins lists them), or add --sandbox.", s)
			}
			cells := make([][]string, len(lines))
			for i, line := range lines {
				cells[i] = []string{line.Name, line.Plugin, line.Access, line.Origin, strconv.Itoa(line.Operations), strconv.Itoa(line.Refused)}
			}
			return render.Rows(a.screen(), []string{"connection", "plugin", "access", "from", "operations", "need more access"}, cells)
		},
	}
}

func connectionLines(g *gateway.Gateway) []connectionLine {
	lines := []connectionLine{}
	for _, connection := range g.Connections() {
		line := connectionLine{
			Name: connection.Name, Plugin: connection.Plugin, Access: string(connection.Access), Origin: string(connection.Origin),
		}
		for _, operation := range g.Catalogue().All() {
			switch {
			case operation.Plugin != connection.Plugin:
			case connection.Access.Allows(operation.Needs()):
				line.Operations++
			default:
				line.Refused++
			}
		}
		lines = append(lines, line)
	}
	return lines
}
