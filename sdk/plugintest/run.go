package plugintest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Run checks a plugin: its manifest, its schemas, its settings, and, when it has a sandbox, a call of every
// operation that documents an example.
func Run[C, T any](t *testing.T, plugin sdk.Plugin[C, T]) {
	t.Helper()
	client := dial(t, plugin.Service())
	manifest := describe(t, client)
	t.Run("manifest", func(t *testing.T) { checkManifest(t, manifest) })
	for _, operation := range manifest.Operations {
		t.Run("operation/"+operation.Name, func(t *testing.T) { checkOperation(t, operation) })
	}
	t.Run("settings", func(t *testing.T) { checkSettings(t, client, manifest) })
	t.Run("unknown", func(t *testing.T) { checkUnknown(t, client, manifest) })
	if manifest.Sandbox {
		t.Run("sandbox", func(t *testing.T) { checkSandbox(t, client, manifest) })
	}
}

func dial(t *testing.T, service protocol.PluginServer) protocol.PluginClient {
	t.Helper()
	listener := bufconn.Listen(protocol.Window)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(protocol.MaxMessage))
	protocol.RegisterPluginServer(server, service)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	connection, err := grpc.NewClient("passthrough:///plugin",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(protocol.MaxMessage)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = connection.Close()
		server.Stop()
		if err := <-done; err != nil {
			t.Errorf("serving the plugin: %v", err)
		}
	})
	return protocol.NewPluginClient(connection)
}

func describe(t *testing.T, client protocol.PluginClient) *protocol.Manifest {
	t.Helper()
	response, err := client.Describe(t.Context(), &protocol.DescribeRequest{})
	if err != nil {
		t.Fatalf("Describe: %v", err)
	}
	if problem := decodeProblem(t, response.ProblemJson); problem != nil {
		t.Fatalf("the plugin cannot describe itself: %v", problem)
	}
	return response.Manifest
}

func decodeProblem(t *testing.T, encoded []byte) *sdk.Problem {
	t.Helper()
	if len(encoded) == 0 {
		return nil
	}
	var problem sdk.Problem
	if err := json.Unmarshal(encoded, &problem); err != nil {
		t.Fatalf("a problem is not JSON: %v: %s", err, encoded)
	}
	if problem.Code == "" || problem.Message == "" || problem.Source == "" {
		t.Errorf("a problem has a code, a message and a source, this one not all: %s", encoded)
	}
	return &problem
}

// refusal is the problem that a call comes to; nil when it succeeds.
func refusal(ctx context.Context, t *testing.T, client protocol.PluginClient, request *protocol.InvokeRequest) *sdk.Problem {
	t.Helper()
	_, encoded, err := call(ctx, client, request)
	if err != nil {
		t.Fatalf("%s: %v", request.Operation, err)
	}
	return decodeProblem(t, encoded)
}

// call runs one operation and joins its result. The error is the transport's.
func call(ctx context.Context, client protocol.PluginClient, request *protocol.InvokeRequest) (result json.RawMessage, problem []byte, err error) {
	stream, err := client.Invoke(ctx, request)
	if err != nil {
		return nil, nil, err
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return nil, nil, fmt.Errorf("the call ended without a final event: %w", err)
		}
		result = append(result, event.GetPartial()...)
		if final := event.GetFinal(); final != nil {
			return append(result, final.ResultJson...), final.ProblemJson, nil
		}
	}
}
