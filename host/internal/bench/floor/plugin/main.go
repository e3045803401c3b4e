// Command plugin is a bare go-plugin plugin: nothing around one unary call.
package main

import (
	"io"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"

	"github.com/mqtrail/mqtrail/host/internal/bench/floor/echo"
)

func main() {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: echo.Handshake,
		Plugins:         echo.Plugins,
		GRPCServer:      goplugin.DefaultGRPCServer,
		Logger:          hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
	})
}
