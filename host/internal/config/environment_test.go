package config_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

var manifests = []*protocol.Manifest{
	{Name: "full", Sandbox: true, Environment: []*protocol.EnvironmentVariable{
		{Name: "FULL_KEY", Required: true}, {Name: "FULL_SECRET", Required: true}, {Name: "FULL_REGION"},
	}},
	{Name: "half", Environment: []*protocol.EnvironmentVariable{{Name: "HALF_KEY", Required: true}, {Name: "HALF_SECRET", Required: true}}},
	{Name: "empty", Environment: []*protocol.EnvironmentVariable{{Name: "EMPTY_KEY", Required: true}}},
	{Name: "optional", Sandbox: true, Environment: []*protocol.EnvironmentVariable{{Name: "FULL_KEY"}}},
	{Name: "bare"},
}

func connection(name string, origin config.Origin) config.Connection {
	return config.Connection{
		Name: name, Plugin: name, Access: sdk.AccessRead, Settings: json.RawMessage(`{}`), Timeout: 30 * time.Second,
		CallsPerSecond: 20, CallsAtOnce: 8, Origin: origin,
	}
}

func TestFromEnvironment(t *testing.T) {
	got := config.FromEnvironment(manifests, environment(map[string]string{"FULL_KEY": "k", "FULL_SECRET": "s", "HALF_KEY": "k", "EMPTY_KEY": ""}))
	want := []config.Connection{connection("full", config.OriginEnvironment)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
}

func TestSandbox(t *testing.T) {
	want := []config.Connection{connection("full", config.OriginSandbox), connection("optional", config.OriginSandbox)}
	for i := range want {
		want[i].CallsPerSecond, want[i].CallsAtOnce = 0, 64 // nobody else uses the sandbox
	}
	if diff := cmp.Diff(want, config.Sandbox(manifests)); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
}
