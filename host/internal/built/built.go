// Package built gives tests the real programs: mqtrail and its plugins, built once per test process.
package built

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Plugins are the names of the plugins that Dir holds.
var Plugins = [...]string{"aliyun", "ctyun", "huawei"}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "mqtrail-built-*")
	if err != nil {
		return "", err
	}
	if err := program(filepath.Join(dir, "mqtrail"), "./host/cmd/mqtrail", raceEnabled); err != nil {
		return dir, err
	}
	for _, name := range Plugins {
		if err := program(filepath.Join(dir, "mqtrail-plugin-"+name), "./plugins/"+name, raceEnabled); err != nil {
			return dir, err
		}
	}
	return dir, nil
})

// Dir is the folder that holds the programs. Main must run the tests.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

// Main runs a package's tests and removes the programs afterwards; call it from TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if dir, _ := build(); dir != "" {
		_ = os.RemoveAll(dir) // a temporary folder
	}
	return code
}

// Root is the project's folder.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Release builds mqtrail alone, as users have it: the race detector's memory is not the program's.
func Release(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "mqtrail")
	if err := program(path, "./host/cmd/mqtrail", false); err != nil {
		tb.Fatal(err)
	}
	return path
}

func program(output, source string, race bool) error {
	if runtime.GOOS == "windows" {
		output += ".exe"
	}
	arguments := []string{"build", "-o", output}
	if race {
		arguments = append(arguments, "-race")
	}
	command := exec.CommandContext(context.Background(), "go", append(arguments, source)...)
	command.Dir = Root()
	if text, err := command.CombinedOutput(); err != nil {
		return &buildError{source, string(text), err}
	}
	return nil
}

type buildError struct {
	source, output string
	err            error
}

func (e *buildError) Error() string {
	return "building " + e.source + ": " + e.err.Error() + "\n" + e.output
}
func (e *buildError) Unwrap() error { return e.err }
