// Command mqtrail-plugin-ctyun offers the message queues of CTyun (天翼云) to mqtrail.
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

func main() {
	sdk.Serve(plugin())
}

func plugin() sdk.Plugin[settings, *client] {
	return sdk.Plugin[settings, *client]{
		Name:        "ctyun",
		Title:       "CTyun",
		Environment: environment(),
		Open:        open,
		Check:       check,
		Sandbox:     startSandbox,
		Operations:  sdk.Operations[*client](rest.FromFiles[*client](schemas.CTyun), trail.Implemented[*client]()),
		Source:      source,
	}
}
