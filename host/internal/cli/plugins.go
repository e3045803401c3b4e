package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// pluginLine is a plugin in a list.
type pluginLine struct {
	Name       string          `json:"name"`
	Title      string          `json:"title,omitempty"`
	Version    string          `json:"version,omitempty"`
	SDK        string          `json:"sdk,omitempty"`
	Path       string          `json:"path"`
	Operations int             `json:"operations"`
	Sandbox    bool            `json:"sandbox"`
	Variables  []variableLine  `json:"environment,omitempty"`
	Settings   json.RawMessage `json:"settings,omitempty"`
	Problem    *sdk.Problem    `json:"problem,omitempty"`
}

type variableLine struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required"`
	Set         bool   `json:"set"`
}

func (a *app) pluginsCommand() *cobra.Command {
	var ship bool
	command := &cobra.Command{
		Use:     "plugins",
		Short:   "List the plugins, their settings and variables",
		Long:    "List the plugins that were found: beside mqtrail, in plugin_dirs, in the user's data folder.\nWith -o yaml or json also each one's settings and environment variables.",
		Example: "  mqtrail plugins\n  mqtrail plugins -o yaml\n  mqtrail plugins -o json --jq '.plugins[] | select(.name == \"aliyun\").settings'",
		Args:    positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			s, err := a.open(command.Context())
			if err != nil {
				return err
			}
			defer s.close()
			if ship {
				return a.ship(command.Context(), s)
			}
			lines, err := a.pluginLines(s)
			if err != nil {
				return err
			}
			if !a.plainText() {
				return a.showValue(command.Context(), map[string]any{"plugins": lines})
			}
			if len(lines) == 0 {
				return a.nothing("", s)
			}
			cells := make([][]string, len(lines))
			for i, line := range lines {
				state := strconv.Itoa(line.Operations)
				if line.Problem != nil {
					state = line.Problem.Code // the whole problem is in the log, and in -o yaml
				}
				cells[i] = []string{line.Name, line.Title, line.Version, state, line.Path}
			}
			return render.Rows(a.screen(), []string{"plugin", "title", "version", "operations", "path"}, cells)
		},
	}
	command.Flags().BoolVar(&ship, "ship", false, "write each plugin's manifest beside its program, so that the first start need not run it")
	return command
}

// ship writes the manifests of the plugins that describe themselves, and names the files.
func (a *app) ship(ctx context.Context, s *session) error {
	for _, plugin := range s.plugins.Plugins() {
		if err := s.broken[plugin.Name()]; err != nil {
			return err
		}
		path, err := plugin.Ship(ctx)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(a.stdout, path); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) pluginLines(s *session) ([]pluginLine, error) {
	lines := []pluginLine{}
	for _, plugin := range s.plugins.Plugins() {
		line := pluginLine{Name: plugin.Name(), Path: plugin.Path(), Problem: sdk.AsProblem(s.broken[plugin.Name()])}
		if manifest := s.manifest(plugin.Name()); manifest != nil {
			settings, err := schema.Publish(manifest.ConfigSchema)
			if err != nil {
				return nil, err
			}
			line.Title, line.Version, line.SDK = manifest.Title, manifest.Version, manifest.SdkVersion
			line.Operations, line.Sandbox, line.Settings = len(manifest.Operations), manifest.Sandbox, settings
			for _, variable := range manifest.Environment {
				_, set := a.lookup(variable.Name)
				line.Variables = append(line.Variables, variableLine{variable.Name, variable.Description, variable.Required, set})
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}
