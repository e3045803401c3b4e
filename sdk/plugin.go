package sdk

import (
	"context"
	"io/fs"
)

// Plugin is what a vendor backend is: how a connection is opened from its settings C, and what can be done
// with the open connection T. One process serves many connections at once.
type Plugin[C, T any] struct {
	// Name is the vendor's short name, lower-case letters and digits; operations are named after it.
	Name string
	// Title is the vendor's name for people.
	Title string
	// Version of the plugin; the SDK's when empty.
	Version string
	// Environment names the variables of the host's environment that the plugin may read.
	Environment []Variable
	// Open makes a connection from its settings, once per connection. It should not call the vendor. A result
	// that has a method Close() error is closed with the connection.
	Open func(ctx context.Context, settings C) (T, error)
	// Check asks the vendor whether the connection works and says in a few words what came back. Optional.
	Check func(ctx context.Context, connection T) (string, error)
	// Sandbox starts the vendor's emulator on loopback and returns the settings of a connection to it. It is
	// called once at most and the emulator lives as long as the process. Optional.
	Sandbox func() (C, error)
	// Operations are the plugin's operations; see [Operations].
	Operations []Operation[T]
	// Source holds the plugin's own Go files, embedded with //go:embed *.go: the doc comments of its types become
	// the descriptions of settings and arguments. Optional.
	Source fs.FS
}

// Variable is one variable of the host's environment that a plugin may see.
type Variable struct {
	Name        string
	Description string
	// Secret values are removed from everything that the host prints.
	Secret bool
	// Required variables, when all are set, make the host offer a connection without a configuration file.
	Required bool
}

// Settings is embedded in every plugin's settings.
type Settings struct {
	// Endpoint is the base URL to call instead of the vendor's public one: a private link, or a test.
	Endpoint string `json:"endpoint,omitempty" jsonschema:"format=uri,description=Base URL to call instead of the vendor's public endpoint: a private link or a test server."`
}
