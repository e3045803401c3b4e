package pluginhost

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Connection is a named way to the vendor.
type Connection struct {
	Name string
	// Settings are one JSON object that fits the plugin's config schema.
	Settings json.RawMessage
	// Sandbox connects to the plugin's own emulator; Settings are ignored.
	Sandbox bool
}

func (c Connection) request(checkOnly bool) *protocol.OpenRequest {
	return &protocol.OpenRequest{Connection: c.Name, ConfigJson: c.Settings, Sandbox: c.Sandbox, CheckOnly: checkOnly}
}

// registration is a connection and how often it was registered: a later one replaces what is open.
type registration struct {
	Connection
	version int
}

// Register makes a connection known. It is opened in every process at the first call that needs it.
func (p *Plugin) Register(connection Connection) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.connections[connection.Name] = registration{connection, p.connections[connection.Name].version + 1}
}

// CheckSettings asks the plugin whether a connection's settings are fine, and opens nothing.
func (p *Plugin) CheckSettings(ctx context.Context, connection Connection) error {
	return p.exchange(ctx, exchange{doing: "checking settings", repeats: always, run: func(ctx context.Context, g *generation) error {
		return g.send(ctx, connection.request(true))
	}})
}

// Check asks the vendor whether a connection works, and says in a few words what came back.
func (p *Plugin) Check(ctx context.Context, connection string) (summary string, err error) {
	err = p.exchange(ctx, exchange{doing: "checking connection " + connection, repeats: always, run: func(ctx context.Context, g *generation) error {
		if err := g.open(ctx, connection); err != nil {
			return err
		}
		response, err := g.service.Check(ctx, &protocol.CheckRequest{Connection: connection})
		if err != nil {
			return err
		}
		summary = printable(g.redact(response.Summary))
		return p.decodeProblem(response.ProblemJson)
	}})
	return summary, err
}

// opened are the connections that are open in one process, by name, with their version.
type opened struct {
	mutex sync.Mutex
	names map[string]*opening
}

type opening struct {
	turn    chan struct{} // held while it is being opened
	version int           // of the registration that is open; 0 is none
}

func (o *opened) of(name string) *opening {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.names == nil {
		o.names = map[string]*opening{}
	}
	if o.names[name] == nil {
		o.names[name] = &opening{turn: make(chan struct{}, 1)}
	}
	return o.names[name]
}

// open makes sure that the connection is open in this process, as it was registered last.
func (g *generation) open(ctx context.Context, name string) error {
	g.plugin.mutex.Lock()
	registered, ok := g.plugin.connections[name]
	g.plugin.mutex.Unlock()
	if !ok {
		return sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownConnection, "The plugin %s has no connection %q.", g.plugin.name, name)
	}
	opening := g.opened.of(name)
	select {
	case opening.turn <- struct{}{}:
		defer func() { <-opening.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if opening.version >= registered.version {
		return nil
	}
	if err := g.send(ctx, registered.request(false)); err != nil {
		return err
	}
	opening.version = registered.version
	return nil
}

func (g *generation) send(ctx context.Context, request *protocol.OpenRequest) error {
	response, err := g.service.Open(ctx, request)
	if err != nil {
		return err
	}
	return g.plugin.decodeProblem(response.ProblemJson)
}
