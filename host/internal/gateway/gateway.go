// Package gateway is the one path of a call: look up, check, allow, confirm, limit, invoke, shape, record. The MCP server
// and the command line both go through it.
package gateway

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// Gateway carries calls to plugins. It is safe for concurrent use.
type Gateway struct {
	options     Options
	connections map[string]*Connection // by name
	sorted      []*Connection          // by name
	seals       *seals
}

// Options are what a gateway is made of.
type Options struct {
	Catalogue   *operations.Catalogue
	Connections []*Connection
	Plugins     *pluginhost.Host
	// Broken are the plugins that offer nothing, by name, with why. Lost are the connections of those: nothing can be
	// called over them, and who looks everywhere has to say so.
	Broken   map[string]error
	Lost     []*Connection
	Redactor *redact.Redactor
	Logger   zerolog.Logger
	// Now is the clock by which confirmations expire; nil is the system's.
	Now func() time.Time
}

// New makes a gateway and registers the connections with their plugins.
func New(options Options) (*Gateway, error) {
	g := &Gateway{options: options, connections: map[string]*Connection{}, seals: newSeals(options.Now)}
	for _, connection := range options.Connections {
		plugin, err := options.Plugins.Plugin(connection.Plugin)
		if err != nil {
			return nil, err
		}
		plugin.Register(pluginhost.Connection{Name: connection.Name, Settings: connection.Settings, Sandbox: connection.Sandbox()})
		g.connections[connection.Name] = connection
		g.sorted = append(g.sorted, connection)
	}
	slices.SortFunc(g.sorted, func(a, b *Connection) int { return strings.Compare(a.Name, b.Name) })
	return g, nil
}

// Call is one wish to run an operation.
type Call struct {
	Operation string
	// Connection may be empty when the operation's plugin has one connection.
	Connection string
	// Arguments are one JSON object; empty means none.
	Arguments json.RawMessage
	// Confirm is how the call stands if it needs a confirmation.
	Confirm Confirm
	// Shape is what is made of the answer.
	Shape Shape
	// Progress hears how far the call is. Optional.
	Progress func(done, total float64, text string)

	// lookupOf is the request whose target the call looks up.
	lookupOf string
}

// Result is what a call came to.
type Result struct {
	// JSON is the vendor's answer, one object, as its bytes came but for what Call.Shape takes out.
	JSON       json.RawMessage
	Operation  *operations.Operation
	Connection *Connection
	RequestID  string
	Took       time.Duration

	confirmation, confirmedBy string // for the record
}

// Lookup finds an operation by name, as Call does.
func (g *Gateway) Lookup(name string) (*operations.Operation, error) {
	operation, err := g.lookup(name)
	if err != nil {
		return nil, g.clean(sdk.AsProblem(err))
	}
	return operation, nil
}

// Catalogue is what can be called.
func (g *Gateway) Catalogue() *operations.Catalogue { return g.options.Catalogue }

// Connections lists the connections by name.
func (g *Gateway) Connections() []*Connection { return slices.Clone(g.sorted) }

// Lost lists the connections of broken plugins by name. Looking up an operation of such a plugin tells why it is broken.
func (g *Gateway) Lost() []*Connection {
	return slices.SortedFunc(slices.Values(g.options.Lost), func(a, b *Connection) int { return strings.Compare(a.Name, b.Name) })
}

// ConnectionsOf lists the connections of one plugin by name.
func (g *Gateway) ConnectionsOf(plugin string) []*Connection {
	var found []*Connection
	for _, connection := range g.sorted {
		if connection.Plugin == plugin {
			found = append(found, connection)
		}
	}
	return found
}

// Call runs one operation. The error is always a *sdk.Problem. Nothing is sent to the vendor unless the
// arguments are valid, the connection's owner allows the operation, and, where it destroys something or costs
// money, it is confirmed. One that is not fails with a plan.
func (g *Gateway) Call(ctx context.Context, call Call) (*Result, error) {
	began := time.Now()
	result := &Result{RequestID: uuid.NewString()}
	err := g.call(ctx, call, result)
	result.Took = time.Since(began)
	problem := g.clean(sdk.AsProblem(err))
	g.record(call, result, problem)
	if problem != nil {
		return result, problem
	}
	return result, nil
}

func (g *Gateway) call(ctx context.Context, call Call, result *Result) (err error) {
	if result.Operation, err = g.lookup(call.Operation); err != nil {
		return err
	}
	if result.Connection, err = g.connection(result.Operation, call.Connection); err != nil {
		return err
	}
	arguments := call.Arguments
	if len(arguments) == 0 {
		arguments = json.RawMessage(`{}`)
	}
	if err := result.Operation.Check(arguments); err != nil {
		return err
	}
	// Before anything is sent: a call is not to be made again because its expression was wrong.
	selection, err := compileSelection(result.Operation, call.Shape.Select)
	if err != nil {
		return err
	}
	needs := result.Operation.NeedsFor(arguments)
	if err := allowed(result.Operation, needs, result.Connection); err != nil {
		return err
	}
	wish := wish{operation: result.Operation, connection: result.Connection, arguments: arguments, needs: needs, requestID: result.RequestID}
	if err := g.confirm(ctx, wish, call.Confirm, result); err != nil {
		return err
	}
	answer, err := g.invoke(ctx, call, wish)
	if err != nil {
		return err
	}
	result.JSON, err = call.Shape.apply(ctx, result.Operation, selection, answer)
	return err
}

// invoke sends a call that may be made.
func (g *Gateway) invoke(ctx context.Context, call Call, w wish) (json.RawMessage, error) {
	plugin, err := g.options.Plugins.Plugin(w.operation.Plugin)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, w.connection.Timeout)
	defer cancel()
	release, err := w.connection.limits.enter(ctx, w.connection.Name)
	if err != nil {
		return nil, err
	}
	defer release()
	answer, err := plugin.Invoke(ctx, pluginhost.Call{
		Connection: w.connection.Name, Operation: w.operation.Name, Arguments: w.arguments,
		RequestID: w.requestID, Reads: w.needs == sdk.AccessRead && !w.operation.Billable, Progress: call.Progress,
	})
	if err != nil {
		return nil, err
	}
	return g.options.Redactor.Bytes(answer), nil
}

// lookup finds an operation. Where the catalogue has none because its plugin is broken, the plugin's problem is
// the answer.
func (g *Gateway) lookup(name string) (*operations.Operation, error) {
	operation, err := g.options.Catalogue.Lookup(name)
	if err != nil {
		plugin, _, _ := strings.Cut(name, "_")
		if broken := g.options.Broken[plugin]; broken != nil {
			return nil, broken
		}
	}
	return operation, err
}

// connection finds the connection that a call goes over: the one named, or the plugin's only one.
func (g *Gateway) connection(operation *operations.Operation, name string) (*Connection, error) {
	usable := g.ConnectionsOf(operation.Plugin)
	names := make([]string, len(usable))
	for i, connection := range usable {
		names[i] = connection.Name
	}
	switch {
	case len(usable) == 0:
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownConnection, "No connection is configured for the plugin %s.", operation.Plugin).
			WithHint("Name one in mqtrail.yaml, set the vendor's usual environment variables (mqtrail plugins lists them), or try --sandbox.")
	case name == "" && len(usable) == 1:
		return usable[0], nil
	case name == "":
		return nil, sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownConnection, "%s has several connections; say which: %s.", operation.Plugin, strings.Join(names, ", ")).
			WithHint("Give --connection NAME (the tool's argument connection).")
	}
	if i := slices.Index(names, name); i >= 0 {
		return usable[i], nil
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeUnknownConnection, "%q is no connection of %s; there is %s.", name, operation.Plugin, strings.Join(names, ", "))
	if nearest := schema.Nearest(name, names); nearest != "" {
		return nil, problem.WithHint("Did you mean %s?", nearest)
	}
	if other, ok := g.connections[name]; ok {
		return nil, problem.WithHint("%s is a connection of the plugin %s.", name, other.Plugin)
	}
	return nil, problem
}

func allowed(operation *operations.Operation, needs sdk.Access, connection *Connection) error {
	if connection.Access.Allows(needs) {
		return nil
	}
	name := operation.Name
	if needs != operation.Needs() {
		name += " with these arguments"
	}
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeNotAllowed, "%s needs %s access; the connection %s allows %s. Nothing was sent.",
		name, needs, connection.Name, connection.Access).
		WithHint("The owner can allow it: access: %s under connections.%s in mqtrail.yaml, or --access %s.", needs, connection.Name, needs)
}

// clean removes secrets from a problem: vendors and libraries repeat what they were given.
func (g *Gateway) clean(problem *sdk.Problem) *sdk.Problem {
	if problem == nil {
		return nil
	}
	cleaned := *problem
	cleaned.Message = g.options.Redactor.Text(problem.Message)
	cleaned.Hint = g.options.Redactor.Text(problem.Hint)
	cleaned.VendorCode = g.options.Redactor.Text(problem.VendorCode)
	cleaned.Faults = slices.Clone(problem.Faults)
	for i := range cleaned.Faults {
		cleaned.Faults[i].Message = g.options.Redactor.Text(cleaned.Faults[i].Message)
	}
	return &cleaned
}

// record writes the one line that says who called what and what it came to. Arguments are not in it: they may
// hold what nobody wants in a log.
func (g *Gateway) record(call Call, result *Result, problem *sdk.Problem) {
	event := g.options.Logger.Info().Str("request_id", result.RequestID).Str("operation", call.Operation).
		Dur("took", result.Took).Int("bytes", len(result.JSON))
	if result.Connection != nil {
		event = event.Str("connection", result.Connection.Name).Bool("sandbox", result.Connection.Sandbox())
	}
	if call.lookupOf != "" {
		event = event.Str("lookup_of", call.lookupOf)
	}
	if result.confirmation != "" {
		event = event.Str("confirmation", result.confirmation)
	}
	if result.confirmedBy != "" {
		event = event.Str("confirmed_by", result.confirmedBy)
	}
	if problem != nil {
		event.Str("outcome", problem.Code).Str("vendor_request_id", problem.VendorRequestID).Msg("call failed")
		return
	}
	event.Str("outcome", "ok").Msg("call")
}

// Check asks the vendor whether a connection works and says in a few words what came back.
func (g *Gateway) Check(ctx context.Context, connection *Connection) (string, error) {
	plugin, err := g.options.Plugins.Plugin(connection.Plugin)
	if err != nil {
		return "", err
	}
	summary, err := plugin.Check(ctx, connection.Name)
	if err != nil {
		return "", g.clean(sdk.AsProblem(err))
	}
	return g.options.Redactor.Text(summary), nil
}

// Warm starts the processes of the plugins that have connections, so that a first call need not wait. A plugin
// that does not start is told of when it is called.
func (g *Gateway) Warm(ctx context.Context) {
	for _, connection := range g.connections {
		plugin, err := g.options.Plugins.Plugin(connection.Plugin)
		if err == nil {
			err = plugin.Warm(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return // the host is ending, and nobody waits for the rest
		case err != nil:
			g.options.Logger.Warn().Str("plugin", connection.Plugin).Msg(g.options.Redactor.Text(err.Error()))
		}
	}
}
