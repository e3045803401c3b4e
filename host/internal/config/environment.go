package config

import "github.com/mqtrail/mqtrail/sdk/protocol"

// FromEnvironment makes a connection for every plugin that requires variables and finds them all set: a plugin that
// requires none says nothing of whether it is wanted. It is named after the plugin, which reads the variables itself.
func FromEnvironment(manifests []*protocol.Manifest, lookup func(string) (string, bool)) []Connection {
	var connections []Connection
	for _, manifest := range manifests {
		if allSet(manifest.Environment, lookup) {
			connections = append(connections, newConnection(manifest.Name, manifest.Name, OriginEnvironment))
		}
	}
	return connections
}

func allSet(variables []*protocol.EnvironmentVariable, lookup func(string) (string, bool)) bool {
	required := false
	for _, variable := range variables {
		if !variable.Required {
			continue
		}
		required = true
		if value, _ := lookup(variable.Name); value == "" {
			return false
		}
	}
	return required
}

// sandboxCallsAtOnce bounds the sandbox's load; its rate needs no bound, for it has no other users.
const sandboxCallsAtOnce = 64

// Sandbox makes a connection for every plugin that brings an emulator, named after the plugin.
func Sandbox(manifests []*protocol.Manifest) []Connection {
	var connections []Connection
	for _, manifest := range manifests {
		if manifest.Sandbox {
			connection := newConnection(manifest.Name, manifest.Name, OriginSandbox)
			connection.CallsPerSecond, connection.CallsAtOnce = 0, sandboxCallsAtOnce
			connections = append(connections, connection)
		}
	}
	return connections
}
