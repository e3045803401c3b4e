package sdk

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

const (
	// collectAt is the garbage collector's goal, in per cent of the memory in use. What a call leaves behind is many
	// times what a plugin keeps; the host's GOMEMLIMIT bounds what that comes to.
	collectAt = 400
	// streamWorkers take calls one after another, and keep the stacks that calls make them grow. A call that finds
	// none free gets a goroutine of its own.
	streamWorkers = 32
)

// Serve runs the plugin until its host leaves. Call it first in main: anything printed before it breaks the
// handshake. It does not return while the host is there; main should do nothing after it.
func Serve[C, T any](p Plugin[C, T]) {
	if os.Getenv(protocol.CookieKey) != protocol.CookieValue {
		fmt.Fprintf(os.Stderr, "%s %s is a plugin of mqtrail and does nothing by itself.\n"+
			"Put it beside mqtrail, or into a folder that plugin_dirs names, and run: mqtrail plugins\n",
			filepath.Base(os.Args[0]), p.version())
		os.Exit(2)
	}
	// Written before go-plugin replaces os.Stderr by a pipe of its own: lines reach the host whole and at once.
	zerolog.TimeFieldFormat = time.RFC3339Nano
	logger := zerolog.New(os.Stderr).Level(logLevel()).With().Timestamp().Logger()
	debug.SetGCPercent(collectAt)
	life := newLifetime()
	service := newServer(p, logger)
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  protocol.Version,
			MagicCookieKey:   protocol.CookieKey,
			MagicCookieValue: protocol.CookieValue,
		},
		Plugins: goplugin.PluginSet{protocol.Name: &dispensed{service: service}},
		Logger:  hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			server := grpc.NewServer(append(options,
				grpc.MaxRecvMsgSize(protocol.MaxMessage),
				grpc.MaxSendMsgSize(protocol.MaxMessage),
				grpc.InitialWindowSize(protocol.Window),
				grpc.InitialConnWindowSize(protocol.Window),
				grpc.NumStreamWorkers(streamWorkers),
				grpc.StatsHandler(life),
			)...)
			life.watch(server)
			return server
		},
	})
	service.closeAll()
	removeSocketDir()
}

// Service is the plugin as the host meets it, for tests that need no process (package plugintest).
func (p Plugin[C, T]) Service() protocol.PluginServer {
	return newServer(p, zerolog.Nop())
}

// logLevel is what the host would log. A call writes some lines at debug level: to format, send and drop them would
// be a good part of its time.
func logLevel() zerolog.Level {
	level, err := zerolog.ParseLevel(os.Getenv(protocol.LogLevel))
	if err != nil || os.Getenv(protocol.LogLevel) == "" {
		return zerolog.DebugLevel
	}
	return level
}

// dispensed is the plugin's side of go-plugin's service registry.
type dispensed struct {
	goplugin.NetRPCUnsupportedPlugin
	service protocol.PluginServer
}

func (d *dispensed) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	protocol.RegisterPluginServer(server, d.service)
	return nil
}

func (d *dispensed) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, fmt.Errorf("this is the plugin's side")
}
