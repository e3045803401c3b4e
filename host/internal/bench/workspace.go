package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

const (
	module = "github.com/mqtrail/mqtrail/host/internal/bench/"
	// known is how many operations a host knows when calls are measured.
	known = 500
)

// plugins are those that come with mqtrail.
var plugins = []string{"aliyun", "huawei", "ctyun"}

// prefixed are the names of plugins' programs.
func prefixed(plugins []string) []string {
	programs := make([]string, len(plugins))
	for i, name := range plugins {
		programs[i] = "mqtrail-plugin-" + name
	}
	return programs
}

// workspace is a folder with everything that is measured.
type workspace struct {
	dir string
	// shipped has the plugins that come with mqtrail, and so many operations.
	shipped    installation
	operations int
	// filled has two of them and a synthetic one of that name, whose operations do nothing but what is measured.
	filled    installation
	synthetic string
}

// installation is mqtrail in a folder with plugins of its own, and a home of its own.
type installation struct {
	mqtrail, config, home string
	// dirs are where its plugins are.
	dirs []string
}

func newWorkspace(ctx context.Context, programs string) (w *workspace, err error) {
	dir, err := os.MkdirTemp("", "mqtrail-bench-*")
	if err != nil {
		return nil, err
	}
	w = &workspace{dir: dir}
	if err := os.Mkdir(filepath.Join(dir, "built"), 0o700); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.remove())
		}
	}()
	for _, program := range append([]string{"mqtrail"}, prefixed(plugins)...) {
		if err := copyProgram(w.built(program), filepath.Join(programs, program+suffix())); err != nil {
			return nil, err
		}
	}
	for _, program := range []string{"floor/mcp", "floor/host", "floor/plugin", "synthetic"} {
		if err := compile(ctx, w.built(program), module+program); err != nil {
			return nil, err
		}
	}
	return w, w.install(ctx)
}

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

// compile builds a program as anybody would, with the toolchain's defaults.
func compile(ctx context.Context, output, program string) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", output, program)
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", program, err, text)
	}
	return nil
}

func (w *workspace) built(program string) string {
	return filepath.Join(w.dir, "built", filepath.Base(program)+suffix())
}

func suffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// install makes the two installations of three plugins. In the second the synthetic plugin makes up for those that
// are lacking to 500 operations.
func (w *workspace) install(ctx context.Context) (err error) {
	if w.shipped, err = w.installation("shipped", plugins, nil); err != nil {
		return err
	}
	// As make build does it: a program's manifest lies beside it.
	if err := w.shipped.command(ctx, w.shipped.home, "plugins", "--ship").Run(); err != nil {
		return err
	}
	if w.operations, err = w.shipped.operations(ctx); err != nil {
		return err
	}
	two := plugins[:2]
	counted, err := w.installation("counted", two, nil)
	if err != nil {
		return err
	}
	operations, err := counted.operations(ctx)
	if err != nil {
		return err
	}
	w.synthetic = fmt.Sprintf("bench%d", max(known-operations, 3))
	w.filled, err = w.installation("filled", two, []string{w.synthetic})
	return err
}

// installation puts mqtrail and plugins into a folder, and synthetic plugins into another that plugin_dirs names.
func (w *workspace) installation(name string, shipped, synthetic []string) (installation, error) {
	root := filepath.Join(w.dir, name)
	beside, more := filepath.Join(root, "bin"), filepath.Join(root, "plugins")
	i := installation{
		mqtrail: filepath.Join(beside, "mqtrail"+suffix()), config: filepath.Join(root, "mqtrail.yaml"),
		home: filepath.Join(root, "home"), dirs: []string{beside, more},
	}
	for _, dir := range []string{beside, more, i.home} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return i, err
		}
	}
	for _, program := range append([]string{"mqtrail"}, prefixed(shipped)...) {
		if err := os.Link(w.built(program), filepath.Join(beside, program+suffix())); err != nil {
			return i, err
		}
	}
	for _, program := range prefixed(synthetic) {
		if err := os.Link(w.built("synthetic"), filepath.Join(more, program+suffix())); err != nil {
			return i, err
		}
	}
	config, err := json.Marshal(map[string]any{"plugin_dirs": []string{more}}) // JSON is YAML
	if err != nil {
		return i, err
	}
	return i, os.WriteFile(i.config, config, 0o600)
}

// copyProgram copies a program, so that a build that runs meanwhile does not change what is measured.
func copyProgram(to, from string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("%w: run make build first", err)
	}
	defer func() { _ = source.Close() }()                                    // only read
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700) //nolint:gosec // a program
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}

// operations is how many operations the installation's plugins have together.
func (i installation) operations(ctx context.Context) (int, error) {
	text, err := i.command(ctx, i.home, "operations", "-o", "json").Output()
	if err != nil {
		return 0, fmt.Errorf("mqtrail operations: %w", withStderr(err))
	}
	var listed struct {
		Operations []json.RawMessage `json:"operations"`
	}
	if err := json.Unmarshal(text, &listed); err != nil {
		return 0, fmt.Errorf("mqtrail operations: %w", err)
	}
	return len(listed.Operations), nil
}

// command is a run of mqtrail over the sandbox with a home folder, which holds the cache.
func (i installation) command(ctx context.Context, home string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, i.mqtrail, append(arguments, "--sandbox", "--config", i.config)...)
	command.Env = environment(home)
	command.Dir = home
	return command
}

// environment is that of all programs, floors too: the user's own settings must not matter.
func environment(home string) []string {
	variables := []string{"HOME=" + home, "USERPROFILE=" + home, "LocalAppData=" + home, "AppData=" + home}
	for _, name := range []string{"PATH", "TMPDIR", "TEMP", "SystemRoot"} {
		if value, ok := os.LookupEnv(name); ok {
			variables = append(variables, name+"="+value)
		}
	}
	return variables
}

// withStderr adds what the program said.
func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return err
}
