package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// versionInfo is what this program is.
type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Protocol int    `json:"plugin_protocol"`
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of mqtrail and of its plugin protocol",
		Example: "  mqtrail version\n  mqtrail version -o json --jq .commit",
		Args:    positional(0, 0),
		RunE: func(command *cobra.Command, _ []string) error {
			info := thisVersion()
			if !a.plainText() {
				return a.showValue(command.Context(), info)
			}
			commit := ""
			if info.Commit != "" {
				commit = " (" + info.Commit + ")"
			}
			_, err := fmt.Fprintf(a.stdout, "mqtrail %s%s, %s, %s, plugin protocol %d\n", info.Version, commit, info.Go, info.Platform, info.Protocol)
			return err
		},
	}
}

func thisVersion() versionInfo {
	info := versionInfo{
		Version: sdk.Version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Protocol: protocol.Version,
	}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	for _, setting := range build.Settings {
		switch setting.Key {
		case "vcs.revision":
			info.Commit = setting.Value
		case "vcs.modified":
			info.Modified = setting.Value == "true"
		}
	}
	return info
}

// showValue writes a value of ours like an answer.
func (a *app) showValue(ctx context.Context, value any) error {
	encoded, err := encode(value)
	if err != nil {
		return err
	}
	return a.show(ctx, encoded)
}
