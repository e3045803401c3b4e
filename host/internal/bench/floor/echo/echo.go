// Package echo is the least that go-plugin can carry: one unary call that answers what it was given.
package echo

import (
	"context"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// Name is the one service that the plugin dispenses.
const Name = "echo"

// method is the call's name on the wire.
const method = "/echo.Echo/Echo"

// Handshake is what host and plugin agree on.
var Handshake = goplugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "MQTRAIL_FLOOR", MagicCookieValue: "echo"}

// Plugins is what the plugin serves and the host asks for.
var Plugins = goplugin.PluginSet{Name: &service{}}

// Caller calls the plugin.
type Caller struct {
	connection *grpc.ClientConn
}

// Echo sends a payload and returns what comes back.
func (c Caller) Echo(ctx context.Context, payload []byte) ([]byte, error) {
	answer := &wrapperspb.BytesValue{}
	if err := c.connection.Invoke(ctx, method, wrapperspb.Bytes(payload), answer); err != nil {
		return nil, err
	}
	return answer.Value, nil
}

// service is both sides of go-plugin's registry.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
}

// GRPCServer is the plugin's side.
func (*service) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	server.RegisterService(&description, nil)
	return nil
}

// GRPCClient is the host's side.
func (*service) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return Caller{connection}, nil
}

// description is what a generated file would say of the service.
var description = grpc.ServiceDesc{
	ServiceName: "echo.Echo",
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Echo", Handler: answer}},
}

func answer(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) { //nolint:revive // the order is gRPC's
	request := &wrapperspb.BytesValue{}
	if err := decode(request); err != nil {
		return nil, err
	}
	return request, nil
}
