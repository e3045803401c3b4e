// Command mqtrail-plugin-huawei is the backend for Huawei Cloud: DMS for Kafka and for RocketMQ, and the message
// queues of ROMA Connect.
package main

import (
	"embed"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

//go:embed settings.go
var source embed.FS

func main() { sdk.Serve(plugin()) }

func plugin() sdk.Plugin[Settings, *client] {
	return sdk.Plugin[Settings, *client]{
		Name:        "huawei",
		Title:       "Huawei Cloud",
		Environment: environment(),
		Open:        open,
		Check:       probe,
		Sandbox:     startSandbox,
		Operations:  sdk.Operations[*client](rest.FromFiles[*client](schemas.Huawei), trail.Implemented[*client]()),
		Source:      source,
	}
}
