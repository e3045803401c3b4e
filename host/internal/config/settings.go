package config

import (
	"encoding/json"
	"slices"

	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// CheckSettings holds one connection's settings to its plugin's schema. The pointers of the faults are
// file:line:column for a connection from a file, else JSON pointers. Secrets, and whatever came from a variable,
// are never shown.
func (c *Config) CheckSettings(connection string, settingsSchema json.RawMessage) []sdk.Fault {
	found, ok := c.connection(connection)
	if !ok {
		return []sdk.Fault{{Message: "there is no connection " + connection}}
	}
	checker, err := schema.CompileStrict(settingsSchema)
	if err != nil {
		return []sdk.Fault{{Message: "the settings of plugin " + found.Plugin + " cannot be checked: " + err.Error()}}
	}
	path := []string{"connections", connection, "config"}
	faults := checker.CheckAs(found.Settings, schema.View{
		Noun: "setting",
		Hide: func(within []string) bool { return c.source.isFilled(slices.Concat(path, within)) },
	})
	if found.Origin != OriginFile || faults == nil {
		return faults
	}
	return c.source.faults(c.source.locateAll(path, faults))
}

// Secrets are the values of one connection's settings that the plugin's schema marks as secret, for redaction.
// When the schema cannot be read, every text of the settings counts as one.
func (c *Config) Secrets(connection string, settingsSchema json.RawMessage) []string {
	found, ok := c.connection(connection)
	if !ok {
		return nil
	}
	checker, err := schema.Compile(settingsSchema)
	if err != nil {
		checker, err = schema.Compile(json.RawMessage(`{"x-secret": true}`))
	}
	if err != nil {
		return nil
	}
	return checker.Secrets(found.Settings)
}

// Fault is a fault of one key of a connection, with its place in the file.
func (c *Config) Fault(connection, key, message string) sdk.Fault {
	path := []string{"connections", connection, key}
	return c.source.faults(c.source.locateAll(path, []sdk.Fault{{Message: message}}))[0]
}

func (c *Config) connection(name string) (Connection, bool) {
	at := slices.IndexFunc(c.Connections, func(connection Connection) bool { return connection.Name == name })
	if at < 0 {
		return Connection{}, false
	}
	return c.Connections[at], true
}
