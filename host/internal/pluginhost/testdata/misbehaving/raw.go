package main

import (
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// pause is between two looks.
func pause() { time.Sleep(time.Millisecond) }

// left says that the connection was left on purpose.
var left atomic.Bool

// serveRaw serves without the SDK, and so without its care.
func serveRaw(name string, version uint) {
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion: version, MagicCookieKey: protocol.CookieKey, MagicCookieValue: protocol.CookieValue,
		},
		Plugins: goplugin.PluginSet{protocol.Name: &registrar{name: name}},
		Logger:  hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, grpc.MaxRecvMsgSize(2*protocol.MaxMessage))...)
		},
	})
	if left.Load() {
		linger()
	}
}

type registrar struct {
	goplugin.NetRPCUnsupportedPlugin
	name string
}

func (r *registrar) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	protocol.RegisterPluginServer(server, &raw{name: r.name, server: server})
	return nil
}

func (*registrar) GRPCClient(context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, os.ErrInvalid
}

type raw struct {
	protocol.UnimplementedPluginServer
	name   string
	server *grpc.Server
}

func (r *raw) Describe(ctx context, _ *protocol.DescribeRequest) (*protocol.DescribeResponse, error) {
	manifest := &protocol.Manifest{Name: r.name, Version: "1", ConfigSchema: []byte(`{}`)}
	switch r.name {
	case "liar":
		manifest.Name = "somebody"
	case "speechless":
		<-ctx.Done()
		return nil, ctx.Err()
	case "mad":
		return &protocol.DescribeResponse{ProblemJson: []byte(`{"code":"plugin_invalid","source":"plugin","message":"I am beside myself."}`)}, nil
	}
	return &protocol.DescribeResponse{Manifest: manifest}, nil
}

func (r *raw) Open(context, *protocol.OpenRequest) (*protocol.OpenResponse, error) {
	return &protocol.OpenResponse{}, nil
}

func (r *raw) Invoke(request *protocol.InvokeRequest, stream grpc.ServerStreamingServer[protocol.InvokeEvent]) error {
	final := func(result, problem string) error {
		return stream.Send(&protocol.InvokeEvent{Event: &protocol.InvokeEvent_Final{
			Final: &protocol.Final{ResultJson: []byte(result), ProblemJson: []byte(problem)},
		}})
	}
	switch request.Operation {
	case "raw_endless":
		return nil
	case "raw_garbage":
		return final("certainly!", "")
	case "raw_empty":
		return final("", "")
	case "raw_problem":
		return final("", `{"code":`)
	case "raw_silent":
		return final("", `{}`)
	case "raw_status":
		return status.Error(codes.PermissionDenied, "no \x1b[31mway, swordfish")
	case "raw_unknown":
		return stream.Send(&protocol.InvokeEvent{})
	case "raw_leave":
		// The connection ends, the process does not.
		left.Store(true)
		go r.server.Stop()
		<-stream.Context().Done()
		return stream.Context().Err()
	case "raw_flood":
		piece := []byte(strings.Repeat("z", 8<<20))
		for range 9 {
			if err := stream.Send(&protocol.InvokeEvent{Event: &protocol.InvokeEvent_Partial{Partial: piece}}); err != nil {
				return err
			}
		}
		return final("{}", "")
	case "raw_giant":
		return final(strings.Repeat("z", 2*protocol.MaxMessage), "")
	default:
		return final(`{"fine":true}`, "")
	}
}
