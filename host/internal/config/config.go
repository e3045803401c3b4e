// Package config reads mqtrail.yaml and the environment: which connections there are, what they may do, and
// where plugins are looked for. Everything that is wrong is found before anything starts.
package config

import (
	_ "embed"
	"encoding/json"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// What a connection has when its file says nothing else.
const (
	DefaultTimeout        = 30 * time.Second
	DefaultCallsPerSecond = 20
	DefaultCallsAtOnce    = 8
)

// The bounds of a connection's timeout.
const (
	minTimeout = 100 * time.Millisecond
	maxTimeout = 10 * time.Minute
)

// Origin says where a connection comes from.
type Origin string

// The origins of connections.
const (
	OriginFile        Origin = "file"
	OriginEnvironment Origin = "environment"
	OriginSandbox     Origin = "sandbox"
)

// Config is what mqtrail was told.
type Config struct {
	// Path is the file; "" when there is none.
	Path string
	// Connections are in the order of the file.
	Connections []Connection
	// PluginDirs are the folders named by the file, absolute.
	PluginDirs []string
	// Checksums are the SHA-256 checksums that a plugin's program may have, in lower-case hexadecimal, by the
	// plugin's name. A plugin without an entry may have any.
	Checksums map[string][]string

	source   source
	warnings []string
}

// Connection is one account with one vendor.
type Connection struct {
	Name, Plugin string
	// Access is what calls may do.
	Access sdk.Access
	// Settings are the plugin's, a JSON object with the variables filled in. They hold secrets.
	Settings json.RawMessage
	// Timeout bounds one call.
	Timeout time.Duration
	// CallsPerSecond and CallsAtOnce bound the load that calls put on the vendor; 0 calls a second is no bound.
	CallsPerSecond float64
	CallsAtOnce    int
	// Toolsets are the groups whose operations are tools of their own over MCP; nil is what the server was told.
	Toolsets []string
	Origin   Origin
}

// newConnection is a connection of which nothing else was said.
func newConnection(name, plugin string, origin Origin) Connection {
	return Connection{
		Name: name, Plugin: plugin, Access: sdk.AccessRead, Settings: json.RawMessage("{}"), Timeout: DefaultTimeout,
		CallsPerSecond: DefaultCallsPerSecond, CallsAtOnce: DefaultCallsAtOnce, Origin: origin,
	}
}

//go:embed mqtrail.schema.json
var fileSchema []byte

// Schema is the JSON schema of mqtrail.yaml, for editors.
func Schema() json.RawMessage { return append(json.RawMessage(nil), fileSchema...) }

// Warnings are sentences about the file that the user should read, although it can be used.
func (c *Config) Warnings() []string { return c.warnings }
