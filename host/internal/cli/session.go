package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/host/internal/schema"
	"github.com/mqtrail/mqtrail/sdk"
)

// closeTime bounds how long a command waits for its plugins to end.
const closeTime = 5 * time.Second

// session is an open host: configuration read, plugins found and described, connections known. No connection is
// open yet and no plugin needs to run.
type session struct {
	config    *config.Config
	plugins   *pluginhost.Host
	manifests []*pluginhost.Manifest
	// broken are the plugins that could not be described, with why. They offer nothing and stop nobody.
	broken map[string]error
	// lost are the connections of broken plugins.
	lost    []*gateway.Connection
	gateway *gateway.Gateway
	logger  zerolog.Logger
}

// open makes a session; the caller closes it.
func (a *app) open(ctx context.Context) (*session, error) {
	s := &session{logger: a.logger(), broken: map[string]error{}, config: &config.Config{}}
	if err := a.readConfig(s); err != nil {
		return nil, err
	}
	redactor := &redact.Redactor{}
	s.plugins = pluginhost.New(pluginhost.Options{
		Dirs: a.pluginDirs(s.config), CacheDir: a.cacheDir(), Checksums: s.config.Checksums,
		Environ: a.lookup, Logger: s.logger, Redact: redactor.Text,
	})
	s.describe(ctx)
	if err := a.connect(s, redactor); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (a *app) readConfig(s *session) error {
	path, err := config.Locate(a.flags.config, a.lookup)
	if err != nil || path == "" {
		return err
	}
	if s.config, err = config.Load(path, a.lookup); err != nil {
		return err
	}
	for _, warning := range s.config.Warnings() {
		s.logger.Warn().Msg(warning)
	}
	return nil
}

// pluginDirs are the folders where plugins are looked for: beside the program, those of the configuration, the
// user's data folder.
func (a *app) pluginDirs(c *config.Config) []string {
	var dirs []string
	if program, err := os.Executable(); err == nil {
		if resolved, err := filepath.EvalSymlinks(program); err == nil {
			program = resolved
		}
		dirs = append(dirs, filepath.Dir(program))
	}
	dirs = append(dirs, c.PluginDirs...)
	if home, ok := a.lookup("XDG_DATA_HOME"); ok && filepath.IsAbs(home) {
		return append(dirs, filepath.Join(home, "mqtrail", "plugins"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".local", "share", "mqtrail", "plugins"))
	}
	return dirs
}

// cacheDir is where manifests are kept; empty when the system names no folder for it.
func (a *app) cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "mqtrail", "manifests")
}

// describe reads every plugin's manifest, side by side.
func (s *session) describe(ctx context.Context) {
	var wait sync.WaitGroup
	var mutex sync.Mutex
	for _, plugin := range s.plugins.Plugins() {
		wait.Go(func() {
			manifest, err := plugin.Manifest(ctx)
			mutex.Lock()
			defer mutex.Unlock()
			if err != nil {
				s.broken[plugin.Name()] = err
				return
			}
			s.manifests = append(s.manifests, manifest)
		})
	}
	wait.Wait()
	slices.SortFunc(s.manifests, func(a, b *pluginhost.Manifest) int { return strings.Compare(a.Name, b.Name) })
	for name, err := range s.broken {
		s.logger.Warn().Str("plugin", name).Msg(err.Error())
	}
}

// connect checks the connections' settings and opens the gateway over them.
func (a *app) connect(s *session, redactor *redact.Redactor) error {
	connections, err := a.connections(s)
	if err != nil {
		return err
	}
	for _, manifest := range s.manifests {
		for _, variable := range manifest.Environment {
			if value, ok := a.lookup(variable.Name); ok && variable.Secret {
				redactor.Add(value)
			}
		}
	}
	var opened []*gateway.Connection
	for _, connection := range connections {
		if manifest := s.manifest(connection.Plugin); manifest != nil {
			redactor.Add(s.config.Secrets(connection.Name, manifest.ConfigSchema)...)
		}
		if a.flags.access != "" {
			connection.Access = sdk.Access(a.flags.access)
		}
		if a.flags.timeout > 0 {
			connection.Timeout = a.flags.timeout
		}
		opened = append(opened, gateway.NewConnection(connection))
	}
	s.gateway, err = gateway.New(gateway.Options{
		Catalogue: operations.New(s.manifests...), Connections: opened, Plugins: s.plugins, Broken: s.broken, Lost: s.lost,
		Redactor: redactor, Logger: s.logger,
	})
	return err
}

// connections are the sandbox's, or the file's, or, without a file, those that the environment has credentials
// for.
func (a *app) connections(s *session) ([]config.Connection, error) {
	switch {
	case a.flags.sandbox:
		s.loseUnnamed(config.OriginSandbox)
		return config.Sandbox(pluginhost.Briefs(s.manifests)), nil
	case s.config.Path == "":
		s.loseUnnamed(config.OriginEnvironment)
		return config.FromEnvironment(pluginhost.Briefs(s.manifests), a.lookup), nil
	}
	var faults []sdk.Fault
	var usable []config.Connection
	for _, connection := range s.config.Connections {
		manifest := s.manifest(connection.Plugin)
		switch {
		case manifest != nil:
			faults = append(faults, s.config.CheckSettings(connection.Name, manifest.ConfigSchema)...)
			usable = append(usable, connection)
		case s.broken[connection.Plugin] != nil:
			// Named by a warning already; the other connections go on.
			s.lost = append(s.lost, gateway.NewConnection(connection))
		default:
			faults = append(faults, s.config.Fault(connection.Name, "plugin", s.unknownPlugin(connection.Plugin)))
		}
	}
	if len(faults) > 0 {
		problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The configuration %s has faults; nothing was started.", s.config.Path).
			WithHint("A plugin's settings are listed by: mqtrail plugins -o yaml")
		problem.Faults = faults
		return nil, problem
	}
	return usable, nil
}

// loseUnnamed counts every broken plugin as a lost connection: whether it would have one, named like it, is in the manifest
// that it did not give.
func (s *session) loseUnnamed(origin config.Origin) {
	for name := range s.broken {
		s.lost = append(s.lost, gateway.NewConnection(config.Connection{Name: name, Plugin: name, Origin: origin}))
	}
}

func (s *session) unknownPlugin(name string) string {
	var names []string
	for _, plugin := range s.plugins.Plugins() {
		names = append(names, plugin.Name())
	}
	text := fmt.Sprintf("there is no plugin %q", name)
	if nearest := schema.Nearest(name, names); nearest != "" {
		return text + "; did you mean " + nearest + "?"
	}
	return text + fmt.Sprintf("; found: %v", names)
}

func (s *session) manifest(plugin string) *pluginhost.Manifest {
	for _, manifest := range s.manifests {
		if manifest.Name == plugin {
			return manifest
		}
	}
	return nil
}

// close ends the plugins, within bounds.
func (s *session) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if err := s.plugins.Close(ctx); err != nil {
		s.logger.Warn().Err(err).Msg("ending the plugins")
	}
}

// sandboxNotice says once, on standard error, that no cloud was asked.
func (a *app) sandboxNotice() {
	if a.flags.sandbox {
		fmt.Fprintln(a.stderr, "sandbox: answers come from the plugins' emulators, not from a cloud; ids and times are new at each start")
	}
}
