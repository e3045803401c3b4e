package pluginhost

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/singleflight"

	"github.com/mqtrail/mqtrail/sdk"
)

// Plugin is one plugin's program and, once needed, its process. It is safe for concurrent use.
type Plugin struct {
	host   *Host
	name   string
	path   string
	logger zerolog.Logger

	flight  singleflight.Group // one start, one describing run at a time
	current atomic.Pointer[generation]

	mutex       sync.Mutex
	connections map[string]registration
	known       known
	crashes     crashes
	tried       identity // the program that crashes are counted of
	starting    bool
	starts      int
	last        *sdk.Problem // why it does not run; nil while it does
}

func newPlugin(host *Host, name, path string) *Plugin {
	return &Plugin{
		host: host, name: name, path: path,
		logger:      host.options.Logger.With().Str("plugin", name).Logger(),
		connections: map[string]registration{},
		crashes:     crashes{span: host.timing.crashSpan, most: host.timing.crashMax},
	}
}

// Name is the plugin's name, as in the name of its program.
func (p *Plugin) Name() string { return p.name }

// Path is where the plugin's program is, absolute.
func (p *Plugin) Path() string { return p.path }

// State says how a plugin is.
type State string

// The states of a plugin.
const (
	StateFound      State = "found"      // not started yet
	StateRunning    State = "running"    // its process answers
	StateRestarting State = "restarting" // its process ended; the next call starts another
	StateDisabled   State = "disabled"   // crashed too often
	StateInvalid    State = "invalid"    // its file or manifest is no good; it is looked at again at the next call
)

// Status is how a plugin is right now.
type Status struct {
	State State
	// PID of the process; 0 when none runs.
	PID int
	// Started is when the process was started; zero when none runs.
	Started time.Time
	// Restarts counts the starts after the first.
	Restarts int
	// Problem is why it does not run; nil when nothing is wrong.
	Problem *sdk.Problem
}

// Status tells how the plugin is. It never waits.
func (p *Plugin) Status() Status {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	status := Status{State: StateFound, Restarts: max(0, p.starts-1), Problem: p.last}
	_, disabled := p.crashes.until(time.Now())
	g := p.current.Load()
	switch {
	case g != nil && g.alive():
		status.State, status.PID, status.Started = StateRunning, g.process.pid(), g.started
	case disabled:
		status.State = StateDisabled
	case p.starting && p.starts > 0:
		status.State = StateRestarting
	case p.last == nil:
	case p.last.Code == sdk.CodePluginInvalid, p.last.Code == sdk.CodePluginProtocol:
		status.State = StateInvalid
	default:
		status.State = StateRestarting
	}
	return status
}

// Warm starts the process now, if it does not run.
func (p *Plugin) Warm(ctx context.Context) error {
	return p.exchange(ctx, exchange{doing: "starting", repeats: always, run: func(context.Context, *generation) error { return nil }})
}

func always() bool { return true }

// ready returns the running process and starts one if there is none. Callers share one start, which goes on when
// they leave.
func (p *Plugin) ready(ctx context.Context) (*generation, error) {
	if g := p.current.Load(); g != nil && g.alive() {
		return g, nil
	}
	outcome := p.flight.DoChan("start", func() (any, error) { return p.start() })
	select {
	case result := <-outcome:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*generation), nil
	case <-ctx.Done():
		return nil, p.notUp(ctx, "starting")
	}
}

func (p *Plugin) start() (*generation, error) {
	if g := p.current.Load(); g != nil && g.alive() {
		return g, nil
	}
	p.mark(true)
	defer p.mark(false)
	ctx, cancel := context.WithTimeout(p.host.context, 2*p.host.timing.start) // a describing run may come first
	defer cancel()
	manifest, err := p.Manifest(ctx)
	if err != nil {
		return nil, err
	}
	g, err := p.launch(p.environment(manifest.Environment))
	if err != nil {
		return nil, err
	}
	p.mutex.Lock()
	p.starts++
	p.last = nil
	p.mutex.Unlock()
	p.current.Store(g)
	go g.attend()
	p.logger.Debug().Int("pid", g.process.pid()).Dur("took", time.Since(g.started)).Msg("plugin started")
	return g, nil
}

func (p *Plugin) mark(starting bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.starting = starting
}

// failed notes why the plugin does not run, and counts it when a process ran and was lost.
func (p *Plugin) failed(problem *sdk.Problem, crashed bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.last = problem
	if crashed {
		p.crashes.add(time.Now())
	}
}

// forgive forgets the crashes of another program that was at the same path.
func (p *Plugin) forgive(id identity) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.tried != id {
		p.tried, p.crashes.times = id, nil
	}
}

// disabled is the problem that a plugin has which crashed too often; nil when it may be started.
func (p *Plugin) disabled() *sdk.Problem {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	until, disabled := p.crashes.until(time.Now())
	if !disabled {
		return nil
	}
	problem := sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginDisabled,
		"The plugin %s (%s) is switched off: its process was lost more than %d times within %s.",
		p.name, p.path, p.crashes.most, p.crashes.span)
	if p.last != nil {
		problem.Message += " The last time: " + p.last.Message
	}
	return problem.WithHint("It is tried again after %s, at once when its file is replaced, or when mqtrail is started again.",
		until.Format("15:04:05"))
}
