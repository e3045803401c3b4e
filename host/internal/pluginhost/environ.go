package pluginhost

import (
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// memoryLimit is a soft bound that keeps a plugin small after a burst of large answers, at no visible cost.
const memoryLimit = "GOMEMLIMIT=40MiB"

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
	return append(all, memoryLimit, protocol.LogLevel+"="+p.host.options.Logger.GetLevel().String())
}
