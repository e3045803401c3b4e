package pluginhost

import (
	"fmt"
	"runtime"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// memoryLimit is a soft bound that keeps a plugin small after a burst of large answers, at no visible cost.
const memoryLimit = "GOMEMLIMIT=40MiB"

// processors bounds how many a plugin uses: half of the host's. Most of its time a plugin waits for the network, and
// the host works when it does not; more processors find less to do, and waking them costs more than half of a call.
func processors() string { return fmt.Sprintf("GOMAXPROCS=%d", max(1, runtime.GOMAXPROCS(0)/2)) }

// passed are the variables of the host that every plugin sees: where programs and homes are, the way to the
// network, whom to trust, and how to show time. Everything else may be a secret.
var passed = append([]string{
	"PATH", "HOME", "TMPDIR",
	"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "LANG",
}, passedHere...)

// environment is the plugin's: what every plugin sees, what its manifest names, and the host's own wishes.
func (p *Plugin) environment(named []*protocol.EnvironmentVariable) []string {
	var all []string
	add := func(name string) {
		if value, ok := p.host.options.Environ(name); ok {
			all = append(all, name+"="+value)
		}
	}
	for _, name := range passed {
		add(name)
	}
	for _, variable := range named {
		add(variable.Name)
	}
	return append(all, memoryLimit, processors(), protocol.LogLevel+"="+p.host.options.Logger.GetLevel().String())
}
