// Command mqtrail-plugin-aliyun offers the API of Alibaba Cloud's RocketMQ 5.x.
package main

import (
	"embed"
	"fmt"
	"time"

	"github.com/mqtrail/mqtrail/plugins/aliyun/emulator"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// source carries the doc comments of Settings.
//
//go:embed settings.go
var source embed.FS

func main() {
	sdk.Serve(plugin())
}

func plugin() sdk.Plugin[Settings, *client] {
	return sdk.Plugin[Settings, *client]{
		Name:        "aliyun",
		Title:       "Alibaba Cloud",
		Environment: environment(),
		Open:        open,
		Check:       check,
		Sandbox:     startSandbox,
		Operations:  sdk.Operations[*client](rest.FromFiles[*client](schemas.Aliyun), trail.Implemented[*client]()),
		Source:      source,
	}
}

func startSandbox() (Settings, error) {
	endpoint, err := sandbox.Start(emulator.Vendor(time.Now))
	if err != nil {
		return Settings{}, fmt.Errorf("starting the sandbox: %w", err)
	}
	return Settings{
		Settings:        sdk.Settings{Endpoint: endpoint},
		AccessKeyID:     emulator.AccessKeyID,
		AccessKeySecret: emulator.AccessKeySecret,
	}, nil
}
