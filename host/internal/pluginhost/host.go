package pluginhost

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/sdk"
)

// Options say where plugins are and how they are run.
type Options struct {
	// Dirs are searched in order; the first find of a name wins. Programs are named mqtrail-plugin-<name>[.exe].
	Dirs []string
	// CacheDir keeps manifests, so that listing operations starts no process. Empty keeps none.
	CacheDir string
	// Checksums are the SHA-256 sums in hex that a plugin's program may have, by plugin name: one per platform,
	// say. A plugin that is absent may have any.
	Checksums map[string][]string
	// Environ looks up a variable of the host's environment; os.LookupEnv when nil.
	Environ func(name string) (string, bool)
	// Logger receives what plugins log, at the level that they chose.
	Logger zerolog.Logger
	// Redact removes secrets from a text that came from a plugin. It is applied before the text is logged or put
	// into an error. Nil changes nothing.
	Redact func(text string) string
}

// timing holds the bounds of everything that waits. It is constant but for tests.
type timing struct {
	call      time.Duration // a call that has no deadline of its own
	start     time.Duration // from exec to the answer that proves the plugin ready
	probe     time.Duration // between two health checks while calls are in flight
	answer    time.Duration // how long one health check may take; two in a row must fail
	exit      time.Duration // from a broken connection to the end of its process
	drain     time.Duration // Close: calls in flight, when the context has no deadline
	stop      time.Duration // Close: an orderly end of the process
	kill      time.Duration // from SIGKILL to the end of the process
	refresh   time.Duration // from start to asking the running plugin for its manifest
	crashSpan time.Duration // crashes older than this are forgotten
	crashMax  int           // more crashes than this within crashSpan disable the plugin
}

var defaults = timing{
	call: 60 * time.Second, start: 10 * time.Second, probe: 2 * time.Second, answer: 2500 * time.Millisecond,
	exit: time.Second, drain: 5 * time.Second, stop: 2 * time.Second, kill: 2 * time.Second,
	refresh: 5 * time.Second, crashSpan: time.Hour, crashMax: 5,
}

// Host holds the plugins that were found. It is safe for concurrent use.
type Host struct {
	options  Options
	timing   timing
	dirs     []string
	plugins  []*Plugin // sorted by name
	calls    gate
	launcher launcher
	sweep    sync.Once
	// context ends when calls have been drained: nothing is started after it.
	context context.Context
	cancel  context.CancelFunc

	mutex   sync.Mutex
	running map[*generation]struct{} // every process, describing runs too
	retired bool                     // no process may join running
}

// New lists the plugins in the folders. It starts no process.
func New(options Options) *Host { return newHost(options, defaults) }

func newHost(options Options, timing timing) *Host {
	if options.Environ == nil {
		options.Environ = os.LookupEnv
	}
	if options.Redact == nil {
		options.Redact = func(text string) string { return text }
	}
	h := &Host{options: options, timing: timing, running: map[*generation]struct{}{}}
	h.context, h.cancel = context.WithCancel(context.Background())
	h.search()
	return h
}

// Plugins lists the plugins found, sorted by name.
func (h *Host) Plugins() []*Plugin { return h.plugins }

// Close lets the calls in flight end until ctx does (5 seconds when it has no deadline), stops every plugin and
// removes sockets and folders. Stopping takes at most 4 seconds more. The error says what had to be cut or could
// not be stopped.
func (h *Host) Close(ctx context.Context) error {
	cut := h.drain(ctx)
	h.cancel()
	remaining := h.stopAll()
	h.launcher.close()
	switch {
	case remaining > 0:
		return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginHung, "%d plugin processes did not end, not even when killed.", remaining)
	case cut > 0:
		return fmt.Errorf("%d calls were still in flight when the plugins were stopped", cut)
	default:
		return nil
	}
}

// drain waits for the calls in flight and returns how many are left.
func (h *Host) drain(ctx context.Context) int {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.timing.drain)
		defer cancel()
	}
	select {
	case <-h.calls.close():
		return 0
	case <-ctx.Done():
		return h.calls.count()
	}
}

// stopAll stops every process at the same time and returns how many are left.
func (h *Host) stopAll() int {
	h.mutex.Lock()
	h.retired = true
	all := make([]*generation, 0, len(h.running))
	for g := range h.running {
		all = append(all, g)
	}
	h.mutex.Unlock()
	var stopping sync.WaitGroup
	for _, g := range all {
		stopping.Go(g.stop)
	}
	stopping.Wait()
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return len(h.running)
}

// admit notes a process that is about to start; false when the host is closing.
func (h *Host) admit(g *generation) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.retired {
		return false
	}
	h.running[g] = struct{}{}
	return true
}

// dismiss forgets a process that has ended.
func (h *Host) dismiss(g *generation) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.running, g)
}

func closing() *sdk.Problem {
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeCancelled, "mqtrail is stopping; the call was not started.")
}
