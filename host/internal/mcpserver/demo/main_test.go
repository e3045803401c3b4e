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
	picture := filepath.Join(t.TempDir(), "bin", "trail.html")
	if err := run(program(t), picture, &out, false); err != nil {
		t.Fatal(err)
	}
	told := out.String()
	for _, want := range append([]string{
		"tools/call trace_message", `message = "order-7201"`, "✗ DEAD_LETTERED (proven)", "✓ billing", "✗ warehouse",
		"tools/call get_message", `"order-7201"`, "tools/call consumer_lag", "warehouse: ",
		"group warehouse", "dead letters of warehouse", "did you mean message?", picture, "Go on",
	}, showcase[:]...) {
		if !strings.Contains(told, want) {
			t.Errorf("the demo does not show %q:\n%s", want, told)
		}
	}
	if strings.Contains(told, "\x1b") {
		t.Error("there are colours, and no terminal")
	}
	session, _, _ := strings.Cut(told, "The same at the command line") // whose lines no terminal folds here
	for line := range strings.Lines(session) {
		if utf8.RuneCountInString(line) > 101 && !strings.Contains(line, built.Dir(t)) {
			t.Errorf("a line is too long for a screen: %s", line)
		}
	}
	html, err := os.ReadFile(picture)
	if err != nil || !strings.HasPrefix(string(html), "<!doctype html>") || !strings.Contains(string(html), missed) {
		t.Errorf("the picture: %v, %.100s", err, html)
	}
}

func TestDemoInColour(t *testing.T) {
	var out strings.Builder
	if err := run(program(t), filepath.Join(t.TempDir(), "trail.html"), &out, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\x1b[31m✗\x1b[0m \x1b[1mDEAD_LETTERED\x1b[0m") {
		t.Errorf("without colours:\n%s", out.String())
	}
}

func TestDemoFailsClearly(t *testing.T) {
	var out strings.Builder
	missing := filepath.Join(t.TempDir(), "mqtrail")
	if err := run(missing, "trail.html", &out, false); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("without a program: %v", err)
	}
}
