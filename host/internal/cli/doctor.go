package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/sdk"
)

// checkTime bounds one check of the doctor's.
const checkTime = 20 * time.Second

// finding is one thing that the doctor looked at.
type finding struct {
	What   string `json:"what"`
	Good   bool   `json:"good"`
	Detail string `json:"detail"`
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "doctor",
		Short:   "Check configuration, plugins and connections",
		Long:    "Read the configuration, start every plugin, and ask every vendor whether the connection's endpoint and\ncredentials work. Nothing is changed anywhere.",
		Example: "  mqtrail doctor\n  mqtrail doctor --sandbox\n  mqtrail doctor -o json --jq '.findings[] | select(.good | not)'",
		Args:    positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			ctx := command.Context()
			s, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer s.close()
			findings := a.examine(ctx, s)
			if err := a.showFindings(ctx, findings); err != nil {
				return err
			}
			return unwell(findings)
		},
	}
}

// unwell is the doctor's exit status: 0 only when all is well.
func unwell(findings []finding) error {
	wrong := 0
	for _, f := range findings {
		if !f.Good {
			wrong++
		}
	}
	if wrong == 0 {
		return nil
	}
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeUnwell, "%d of %d checks failed; each says above what to do.", wrong, len(findings))
}

func (a *app) examine(ctx context.Context, s *session) []finding {
	findings := []finding{configFinding(s)}
	plugins := s.plugins.Plugins()
	if len(plugins) == 0 {
		findings = append(findings, finding{"plugins", false, "none found; put mqtrail-plugin-* beside mqtrail or name a folder in plugin_dirs"})
	}
	connections := s.gateway.Connections()
	if len(connections) == 0 {
		findings = append(findings, finding{"connections", false, "none; write mqtrail.yaml, set a vendor's usual variables, or add --sandbox"})
	}
	checks := make([]finding, len(plugins)+len(connections))
	var wait sync.WaitGroup
	for i, plugin := range plugins {
		wait.Go(func() { checks[i] = pluginFinding(ctx, s, plugin) })
	}
	for i, connection := range connections {
		wait.Go(func() { checks[len(plugins)+i] = connectionFinding(ctx, s, connection) })
	}
	wait.Wait()
	return append(findings, checks...)
}

func configFinding(s *session) finding {
	if s.config.Path == "" {
		return finding{"configuration", true, "no file; connections come from the environment or the sandbox"}
	}
	return finding{"configuration", true, s.config.Path}
}

func pluginFinding(ctx context.Context, s *session, plugin *pluginhost.Plugin) finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	what := "plugin " + plugin.Name()
	if err := s.broken[plugin.Name()]; err != nil {
		return finding{what, false, err.Error()}
	}
	if err := plugin.Warm(ctx); err != nil {
		return finding{what, false, err.Error()}
	}
	manifest := s.manifest(plugin.Name())
	return finding{what, true, fmt.Sprintf("%s %s runs, %d operations", manifest.Title, manifest.Version, len(manifest.Operations))}
}

func connectionFinding(ctx context.Context, s *session, connection *gateway.Connection) finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	what := "connection " + connection.Name
	summary, err := s.gateway.Check(ctx, connection)
	if err != nil {
		return finding{what, false, err.Error()}
	}
	return finding{what, true, summary}
}

func (a *app) showFindings(ctx context.Context, findings []finding) error {
	if !a.plainText() {
		return a.showValue(ctx, map[string]any{"findings": findings})
	}
	cells := make([][]string, len(findings))
	for i, f := range findings {
		mark := "ok"
		if !f.Good {
			mark = "WRONG"
		}
		cells[i] = []string{mark, f.What, f.Detail}
	}
	return render.Rows(a.screen(), []string{"", "what", "detail"}, cells)
}
