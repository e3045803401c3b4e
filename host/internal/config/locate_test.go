package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/config"
)

func TestLocate(t *testing.T) {
	here, home := t.TempDir(), t.TempDir()
	t.Chdir(here)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, home)
	}
	folder, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	users := filepath.Join(folder, "mqtrail", "mqtrail.yaml")
	named := map[string]string{"MQTRAIL_CONFIG": "named.yaml"}

	expect := func(step, flag string, variables map[string]string, want string) {
		t.Helper()
		if got, err := config.Locate(flag, environment(variables)); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", step, got, err, want)
		}
	}
	refuse := func(step, flag string, variables map[string]string, want string) {
		t.Helper()
		if got, err := config.Locate(flag, environment(variables)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want an error with %q", step, got, err, want)
		}
	}
	create := func(path string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	expect("no file at all", "", nil, "")
	expect("a variable that is empty", "", map[string]string{"MQTRAIL_CONFIG": ""}, "")
	refuse("a flag to nothing", "flag.yaml", named, "flag.yaml, named by --config, does not exist")
	refuse("a variable to nothing", "", named, "named.yaml, named by $MQTRAIL_CONFIG, does not exist")

	create(users)
	expect("the user's file", "", nil, users)
	create("mqtrail.yaml")
	expect("the folder's file", "", nil, "mqtrail.yaml")
	create("named.yaml")
	expect("the variable's file", "", named, "named.yaml")
	create("flag.yaml")
	expect("the flag's file", "flag.yaml", named, "flag.yaml")
}
