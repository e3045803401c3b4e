package pluginhost

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	goplugin "github.com/hashicorp/go-plugin"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// exitGrace is how long a failed start waits to see whether the process has ended by itself.
const exitGrace = 250 * time.Millisecond

// explain says why a start failed. go-plugin's error texts are no API, so what counts is what the process did:
// whether it ran, what its first line was, how it ended, what it wrote.
func (g *generation) explain(err error) *sdk.Problem {
	if g.plugin.host.context.Err() != nil {
		return closing()
	}
	if !g.process.ran() {
		return g.plugin.explainExec(err)
	}
	exited := g.within(exitGrace)
	g.process.kill()
	g.within(g.plugin.host.timing.kill) // for its last lines
	line := strings.TrimSpace(g.process.handshake.text())
	versions := handshakeVersions(line)
	switch {
	case versions != nil && !versions.ours():
		return g.notStarted(sdk.CodePluginProtocol, "it speaks %s; this mqtrail speaks version %d of its plugin protocol", versions, protocol.Version).
			WithHint("Install the plugin and mqtrail from the same release, or build the plugin again with this SDK.")
	case versions == nil && line != "":
		return g.notStarted(sdk.CodePluginStart, "its first line on standard output is %q instead of the handshake", cut(printable(g.redact(line)), tailWidth)).
			WithHint("A plugin calls sdk.Serve first in main and writes nothing to standard output before. If the program is no plugin of mqtrail, remove it from the folder.")
	case errors.Is(err, context.DeadlineExceeded):
		return g.notStarted(sdk.CodePluginStart, "it was not ready within %s and was killed", g.plugin.host.timing.start).
			WithHint("If the machine is very busy, try again. Otherwise the plugin hangs before or in sdk.Serve.")
	case exited && line == "":
		return g.notStarted(sdk.CodePluginStart, "its process ended (%s) before it was ready", g.process.exit()).
			WithHint("Its last lines, if there are any, say why. To see it alone: run mqtrail doctor.")
	case exited:
		return g.notStarted(sdk.CodePluginStart, "its process ended (%s) before it could be reached", g.process.exit())
	default:
		return g.notStarted(sdk.CodePluginStart, "no connection came about: %s", printable(g.redact(err.Error())))
	}
}

func (g *generation) redact(text string) string { return g.plugin.host.options.Redact(text) }

func (g *generation) notStarted(code, format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourcePlugin, code, "The plugin %s (%s) did not start: %s.%s",
		g.plugin.name, g.plugin.path, fmt.Sprintf(format, args...), g.log.tail)
}

// explainExec says why the system would not run the program.
func (p *Plugin) explainExec(err error) *sdk.Problem {
	platform := platformOf(p.path)
	switch {
	case platform != "" && platform != here && platform != "darwin/universal":
		return p.invalid("it was built for %s and this is %s", platform, here).WithHint("Install the plugin for %s.", here)
	case errors.Is(err, syscall.ENOEXEC) || platform == "" && runtime.GOOS == "windows":
		return p.invalid("the system does not know how to run it (%v)", reason(err)).
			WithHint("It is no program for %s. Install it again: it may have been cut short.", here)
	case errors.Is(err, fs.ErrNotExist) && platform != "":
		return p.invalid("the loader or library that it needs is not there (%v)", reason(err)).
			WithHint("Build it with CGO_ENABLED=0, or install what it needs: ldd %s", p.path)
	case errors.Is(err, fs.ErrPermission):
		return p.invalid("the system does not allow to run it (%v)", reason(err)).
			WithHint("Its file system may be mounted noexec, or a security policy may forbid it.")
	default:
		return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginStart, "The plugin %s (%s) could not be started: %v.", p.name, p.path, reason(err))
	}
}

// versions is what a handshake line says: core|protocol|network|address|kind[|…].
type versions struct{ core, protocol, kind string }

// handshakeVersions returns nil for a line that is no handshake.
func handshakeVersions(line string) *versions {
	parts := strings.Split(line, "|")
	if len(parts) < 4 {
		return nil
	}
	for _, number := range parts[:2] {
		if _, err := strconv.Atoi(number); err != nil {
			return nil
		}
	}
	kind := string(goplugin.ProtocolNetRPC) // when unsaid
	if len(parts) > 4 {
		kind = parts[4]
	}
	return &versions{parts[0], parts[1], kind}
}

func (v *versions) ours() bool {
	return v.core == strconv.Itoa(goplugin.CoreProtocolVersion) && v.protocol == strconv.Itoa(protocol.Version) &&
		v.kind == string(goplugin.ProtocolGRPC)
}

func (v *versions) String() string {
	switch {
	case v.core != strconv.Itoa(goplugin.CoreProtocolVersion):
		return "version " + v.core + " of go-plugin's handshake"
	case v.kind != string(goplugin.ProtocolGRPC):
		return cut(printable(v.kind), 40) + " instead of grpc"
	default:
		return "version " + v.protocol
	}
}
