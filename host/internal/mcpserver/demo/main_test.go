package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

func TestMain(m *testing.M) { os.Exit(built.Main(m)) }

func program(t *testing.T) string {
	path := filepath.Join(built.Dir(t), "mqtrail")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	home := t.TempDir()
	for _, name := range []string{"HOME", "USERPROFILE", "LocalAppData", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	return path
}

func TestDemo(t *testing.T) {
	var out strings.Builder
	if err := run(program(t), &out); err != nil {
		t.Fatal(err)
	}
	for _, name := range showcase {
		// By its own tool, or by call_operation.
		if !strings.Contains(out.String(), "tools/call "+name+"\n") && !strings.Contains(out.String(), `operation = "`+name+`"`) {
			t.Errorf("%s is not called", name)
		}
	}
	for _, want := range []string{"connection huawei, sandbox", `"hello world"`, "did you mean topicName?", "Go on"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the demo does not show %q:\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(out.String()) {
		if utf8.RuneCountInString(line) > 101 && !strings.Contains(line, built.Dir(t)) {
			t.Errorf("a line is too long for a screen: %s", line)
		}
	}
}

func TestDemoFailsClearly(t *testing.T) {
	var out strings.Builder
	missing := filepath.Join(t.TempDir(), "mqtrail")
	if err := run(missing, &out); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("without a program: %v", err)
	}
}
