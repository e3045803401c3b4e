package pluginhost

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// cause is why a process is no longer there.
type cause int32

const (
	none    cause = iota // it is there
	crashed              // it ended by itself, or somebody else ended it
	hung                 // it no longer answered and was killed
	broken               // its connection broke and it was killed
	stopped              // it was asked to end
)

// generation is one process of a plugin with its connection to the host. After it comes another.
type generation struct {
	plugin  *Plugin
	id      identity // of the program that was started
	process *process
	log     *sink
	folder  *folder
	started time.Time
	service protocol.PluginClient
	client  goplugin.ClientProtocol
	health  health
	opened  opened

	why      atomic.Int32 // a cause; the first one counts
	stopOnce sync.Once
	gone     chan struct{} // closed when nothing of it is left

	connected chan struct{} // closed when connect has returned
	conn      atomic.Pointer[grpc.ClientConn]

	discarding sync.Mutex
}

// launch verifies the program and starts it with the environment. The problem says what went wrong, with what the
// process wrote.
func (p *Plugin) launch(environment []string) (*generation, error) {
	id, problem := p.identify()
	if problem != nil {
		return nil, problem
	}
	p.forgive(id)
	if problem := p.disabled(); problem != nil {
		return nil, problem
	}
	if problem := p.verify(); problem != nil {
		p.failed(problem, false)
		return nil, problem
	}
	p.host.sweep.Do(func() { go sweepFolders() })
	g := &generation{plugin: p, id: id, log: newSink(p), started: time.Now(), connected: make(chan struct{}), gone: make(chan struct{})}
	g.process = newProcess(p.path, &p.host.launcher, g.log)
	var err error
	if g.folder, err = newFolder(); err != nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginStart, "The plugin %s could not be started: %v.", p.name, err)
	}
	if !p.host.admit(g) {
		_ = g.folder.remove() // empty
		return nil, closing()
	}
	if err := g.connect(environment); err != nil {
		problem := g.explain(err)
		g.discard()
		p.failed(problem, g.process.ran())
		return nil, problem
	}
	return g, nil
}

// connect starts the process and waits for the connection, within the time that a start may take.
func (g *generation) connect(environment []string) error {
	defer close(g.connected)
	ctx, cancel := context.WithTimeout(g.plugin.host.context, g.plugin.host.timing.start)
	defer cancel()
	defer context.AfterFunc(ctx, g.process.kill)()
	client, err := goplugin.NewClient(g.configuration(environment)).Client()
	if err == nil {
		g.client = client
		var service any
		service, err = client.Dispense(protocol.Name)
		g.service, _ = service.(protocol.PluginClient)
	}
	if err == nil { // go-plugin returns a client although nobody listens
		err = g.ask(ctx)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// silent is a logger whose Named is as silent: go-plugin then parses nothing.
func silent() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard})
}

func (g *generation) configuration(environment []string) *goplugin.ClientConfig {
	return &goplugin.ClientConfig{
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion: protocol.Version, MagicCookieKey: protocol.CookieKey, MagicCookieValue: protocol.CookieValue,
		},
		Plugins:          goplugin.PluginSet{protocol.Name: dispensed{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		StartTimeout:     2 * g.plugin.host.timing.start, // connect is sooner
		SkipHostEnv:      true,
		Logger:           silent(),
		SyncStdout:       g.log.laterStdout,
		SyncStderr:       g.log.laterStderr,
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: g.folder.path},
		// A unix socket in a private folder needs no certificates, which cost more than the whole start.
		AutoMTLS: runtime.GOOS == "windows",
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, _ string) (runner.Runner, error) {
			g.process.env = slices.Concat(environment, cmd.Env) // the last of a name wins
			return g.process, nil
		},
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(protocol.MaxMessage), grpc.MaxCallSendMsgSize(protocol.MaxMessage)),
			grpc.WithInitialWindowSize(protocol.Window),
			grpc.WithInitialConnWindowSize(protocol.Window),
			grpc.WithIdleTimeout(0), // a plugin takes the end of its connection for the end of its host
			grpc.WithNoProxy(),
			grpc.WithStreamInterceptor(g.noteConnection),
		},
	}
}

// noteConnection remembers the connection: go-plugin forgets it when it cannot finish a start.
func (g *generation) noteConnection(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, streamer grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	g.conn.CompareAndSwap(nil, conn)
	return streamer(ctx, desc, conn, method, options...)
}

// dispensed is the host's side of go-plugin's service registry.
type dispensed struct {
	goplugin.NetRPCUnsupportedPlugin
}

func (dispensed) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is the host's side")
}

func (dispensed) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return protocol.NewPluginClient(conn), nil
}

// alive reports whether calls may be sent.
func (g *generation) alive() bool { return cause(g.why.Load()) == none && !g.process.ended() }

// end notes the cause of the end, lets no more calls in, and returns the first cause that was noted.
func (g *generation) end(why cause) cause {
	g.why.CompareAndSwap(int32(none), int32(why))
	return cause(g.why.Load())
}

// attend waits for the end of the process and clears up after it.
func (g *generation) attend() {
	refresh := time.AfterFunc(g.plugin.host.timing.refresh, g.refresh)
	<-g.process.done
	refresh.Stop()
	p := g.plugin
	if why := g.end(crashed); why != stopped {
		p.failed(g.loss(why), true)
		p.logger.Error().Int("pid", g.process.pid()).Str("exit", g.process.exit()).Dur("lived", time.Since(g.started)).Msg("the plugin's process was lost")
	}
	p.current.CompareAndSwap(g, nil)
	g.discard()
}

// stop ends the process in order, and by force when that takes too long. It waits until nothing is left, but
// never for long.
func (g *generation) stop() {
	g.stopOnce.Do(func() {
		g.end(stopped)
		timing := g.plugin.host.timing
		if g.wasConnected() {
			go func() { _ = g.client.Close() }() // asks the plugin to end; what counts is that the process ends
			if g.within(timing.stop) {
				g.discard()
				return
			}
			g.plugin.logger.Warn().Int("pid", g.process.pid()).Msg("the plugin did not stop and is killed")
		}
		g.process.kill()
		if !g.process.ran() || g.within(timing.kill) {
			g.discard()
		}
	})
}

// wasConnected reports whether the process can be asked to end. A start that is under way was cancelled by Close.
func (g *generation) wasConnected() bool {
	select {
	case <-g.connected:
		return g.client != nil
	case <-time.After(g.plugin.host.timing.kill):
		return false
	}
}

// within reports whether the process ends within that time.
func (g *generation) within(limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-g.process.done:
		return true
	case <-timer.C:
		return false
	}
}

// discard clears up after the process, which is killed if it still runs.
func (g *generation) discard() {
	g.process.kill()
	g.discarding.Lock()
	defer g.discarding.Unlock()
	select {
	case <-g.gone:
		return
	default:
	}
	if g.process.ran() && !g.within(g.plugin.host.timing.kill) {
		g.plugin.logger.Error().Int("pid", g.process.pid()).Msg("the plugin's process does not end, not even when killed")
		return
	}
	if conn := g.conn.Load(); conn != nil {
		_ = conn.Close() // that it is closed already is no fault
	}
	if err := g.folder.remove(); err != nil {
		g.plugin.logger.Warn().Err(err).Msg("the folder of a plugin's socket could not be removed")
	}
	close(g.gone)
	g.plugin.host.dismiss(g)
}
