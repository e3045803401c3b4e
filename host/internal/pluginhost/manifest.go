package pluginhost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// known is the manifest that is in use, and the program that it is of.
type known struct {
	id       identity
	manifest *Manifest
}

// Manifest returns what the plugin offers: as remembered, as cached, or else as the plugin tells in a short run of
// its own, in which it sees none of the variables that the manifest names. A program that was replaced is asked
// again.
func (p *Plugin) Manifest(ctx context.Context) (*Manifest, error) {
	id, problem := p.identify()
	if problem != nil {
		return nil, problem
	}
	if manifest := p.recall(id); manifest != nil {
		return manifest, nil
	}
	outcome := p.flight.DoChan("describe", func() (any, error) { return p.describe() })
	select {
	case result := <-outcome:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*Manifest), nil
	case <-ctx.Done():
		return nil, p.notUp(ctx, "describing itself")
	}
}

// recall returns the manifest of that very program, if it is in memory.
func (p *Plugin) recall(id identity) *Manifest {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.known.id != id {
		return nil
	}
	return p.known.manifest
}

// remember puts the manifest of a program into use.
func (p *Plugin) remember(id identity, manifest *Manifest) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.known = known{id, manifest}
	p.last = nil
}

func (p *Plugin) describe() (*Manifest, error) {
	id, problem := p.identify()
	if problem != nil {
		return nil, problem
	}
	if manifest := p.recall(id); manifest != nil {
		return manifest, nil
	}
	if manifest := p.cached(id); manifest != nil {
		p.remember(id, manifest)
		return manifest, nil
	}
	if manifest := p.shipped(id); manifest != nil {
		p.keep(id, manifest) // which spares the next start the check
		return p.settle(id, manifest), nil
	}
	g, err := p.launch(p.environment(nil))
	if err != nil {
		return nil, err
	}
	defer func() { go g.stop() }() // nobody waits for it but Close
	ctx, cancel := context.WithTimeout(p.host.context, p.host.timing.start)
	defer cancel()
	manifest, err := g.manifest(ctx)
	if err != nil {
		problem := sdk.AsProblem(p.outcome(err, false))
		if errors.As(err, new(*lateError)) {
			problem = g.notStarted(sdk.CodePluginStart, "it did not describe itself within %s", p.host.timing.start)
		}
		p.failed(problem, lost(err))
		return nil, problem
	}
	p.keep(id, manifest)
	return p.settle(id, manifest), nil
}

// settle puts a whole manifest into use: as it lies in the cache by now, or else all of it.
func (p *Plugin) settle(id identity, whole *protocol.Manifest) *Manifest {
	manifest := p.cached(id)
	if manifest == nil {
		manifest = &Manifest{Manifest: whole}
	}
	p.remember(id, manifest)
	return manifest
}

// refresh asks the running plugin for its manifest: what runs is right, whatever the cache says. A file's time and
// size may be the same by chance, or made the same.
func (g *generation) refresh() {
	ctx, cancel := context.WithTimeout(g.plugin.host.context, g.plugin.host.timing.start)
	defer cancel()
	p := g.plugin
	manifest, err := g.manifest(ctx)
	if err != nil {
		if g.alive() {
			p.logger.Warn().Err(err).Msg("the running plugin could not describe itself")
		}
		return
	}
	id, err := p.identity()
	if err != nil || id != g.id || p.knows(id, manifest) {
		return // replaced or removed since: the next Manifest finds out; or as known
	}
	p.keep(id, manifest)
	p.settle(id, manifest)
	p.logger.Info().Str("version", manifest.Version).Msg("the plugin describes itself otherwise than its cached manifest; its own word counts from now on")
}

// knows reports whether that is the manifest in use. One that cannot be read any more is not.
func (p *Plugin) knows(id identity, manifest *protocol.Manifest) bool {
	known := p.recall(id)
	if known == nil {
		return false
	}
	whole, err := known.whole()
	return err == nil && proto.Equal(manifest, whole)
}

// manifest asks the process to describe itself.
func (g *generation) manifest(ctx context.Context) (*protocol.Manifest, error) {
	response, err := g.service.Describe(ctx, &protocol.DescribeRequest{})
	if err != nil {
		return nil, g.judge(ctx, err, "describing itself")
	}
	if err := g.plugin.decodeProblem(response.ProblemJson); err != nil {
		return nil, err
	}
	if response.Manifest == nil {
		return nil, g.plugin.invalidManifest(fmt.Errorf("it is empty"))
	}
	if err := g.plugin.check(response.Manifest); err != nil {
		return nil, g.plugin.invalidManifest(err)
	}
	return response.Manifest, nil
}

func (p *Plugin) invalidManifest(err error) *sdk.Problem {
	return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "The manifest of the plugin %s (%s) is not valid: %s.",
		p.name, p.path, printable(p.host.options.Redact(err.Error()))).
		WithHint("This is a fault of the plugin. Tell its author; its other versions may work.")
}

var (
	operationName = pluginName
	variableName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// check holds a manifest to what the host relies on: the SDK does the same, but a plugin need not be written with it.
func (p *Plugin) check(manifest *protocol.Manifest) error {
	if manifest.Name != p.name {
		return fmt.Errorf("it calls itself %q, but the program is named %s%s", manifest.Name, programPrefix, p.name)
	}
	for _, variable := range manifest.Environment {
		if !variableName.MatchString(variable.GetName()) {
			return fmt.Errorf("%q is no name of an environment variable", variable.GetName())
		}
	}
	if !isObject(manifest.ConfigSchema) {
		return fmt.Errorf("the schema of its settings is no JSON object")
	}
	seen := map[string]bool{}
	for _, operation := range manifest.Operations {
		if err := p.checkOperation(operation); err != nil {
			return fmt.Errorf("operation %q: %w", operation.GetName(), err)
		}
		if seen[operation.Name] {
			return fmt.Errorf("operation %q is there twice", operation.Name)
		}
		seen[operation.Name] = true
	}
	return nil
}

func (p *Plugin) checkOperation(operation *protocol.Operation) error {
	switch {
	case !operationName.MatchString(operation.GetName()):
		return fmt.Errorf("a name is snake_case")
	case len(operation.Name) > sdk.MaxName:
		return fmt.Errorf("a name has at most %d characters", sdk.MaxName)
	case !strings.HasPrefix(operation.Name, p.name+"_"):
		return fmt.Errorf("a name begins with %s_", p.name)
	case !sdk.Access(operation.Access).Valid():
		return fmt.Errorf("access %q is none of read, write, destructive", operation.Access)
	case !slices.Contains(sdk.Toolsets(), operation.Toolset):
		return fmt.Errorf("toolset %q is none of %s", operation.Toolset, strings.Join(sdk.Toolsets(), ", "))
	case !isObject(operation.InputSchema):
		return fmt.Errorf("the input schema is no JSON object")
	case !isObject(operation.OutputSchema):
		return fmt.Errorf("the output schema is no JSON object")
	case len(operation.ExampleArguments) > 0 && !isObject(operation.ExampleArguments):
		return fmt.Errorf("the example arguments are no JSON object")
	default:
		return nil
	}
}

func isObject(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) && json.Valid(data)
}
