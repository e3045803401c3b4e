package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

const topSecret = "top-secret-value"

func TestFixedCredentials(t *testing.T) {
	tests := []struct {
		name        string
		settings    Settings
		environment map[string]string
		want        credential
		fault       []string
	}{
		{name: "settings", settings: Settings{AccessKeyID: "i", AccessKeySecret: "s"},
			environment: map[string]string{varKeyID: "other", varKeySecret: "other", varToken: "other"}, want: credential{"i", "s", ""}},
		{name: "settings with a token", settings: Settings{AccessKeyID: "i", AccessKeySecret: "s", SecurityToken: "t"}, want: credential{"i", "s", "t"}},
		{name: "environment", environment: map[string]string{varKeyID: "i", varKeySecret: "s"}, want: credential{"i", "s", ""}},
		{name: "environment with a token", environment: map[string]string{varKeyID: "i", varKeySecret: "s", varToken: "t"}, want: credential{"i", "s", "t"}},
		{name: "nothing", fault: []string{"access_key_id", "access_key_secret", "profile", "ecs_role", varKeyID, varKeySecret}},
		{name: "no secret in the settings", settings: Settings{AccessKeyID: "i"}, environment: map[string]string{varKeySecret: topSecret}, fault: []string{"access_key_secret"}},
		{name: "no id in the settings", settings: Settings{AccessKeySecret: topSecret}, fault: []string{"access_key_id"}},
		{name: "a token alone", settings: Settings{SecurityToken: topSecret}, fault: []string{"access_key_id"}},
		{name: "no secret in the environment", environment: map[string]string{varKeyID: "i"}, fault: []string{varKeySecret}},
		{name: "no id in the environment", environment: map[string]string{varKeySecret: topSecret}, fault: []string{varKeyID}},
		{name: "several sources", settings: Settings{AccessKeyID: "i", AccessKeySecret: topSecret, Profile: "p", ECSRole: "r"}, fault: []string{"access_key_id, profile, ecs_role"}},
		{name: "a profile without any file", settings: Settings{Profile: "prod"}, fault: []string{"prod", "config.json", varConfigFile}},
		{name: "a profile of the environment without any file", environment: map[string]string{varProfile: "prod"}, fault: []string{"prod"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bare(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			test.settings.Region = "cn-hangzhou"
			c, err := open(t.Context(), test.settings)
			if test.fault != nil {
				fault(t, err, test.fault...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.credentials.get(t.Context()); err != nil || got != test.want {
				t.Errorf("credential %v, error %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestProfiles(t *testing.T) {
	const keys = `"access_key_id":"i","access_key_secret":"top-secret-value"`
	config := func(profiles ...string) string {
		return `{"current":"default","profiles":[` + strings.Join(profiles, ",") + `]}`
	}
	tests := []struct {
		name, profile, config string
		want                  credential
		region                string
		fault                 []string
	}{
		{name: "current", config: config(`{"name":"x","mode":"AK"}`, `{"name":"default","mode":"AK","region_id":"cn-beijing",`+keys+`}`),
			want: credential{"i", topSecret, ""}, region: "cn-beijing"},
		{name: "by name", profile: "x", config: config(`{"name":"default","mode":"External"}`, `{"name":"x","mode":"StsToken","sts_token":"t",`+keys+`}`),
			want: credential{"i", topSecret, "t"}},
		{name: "unknown", profile: "y", config: config(`{"name":"default","mode":"AK",` + keys + `}`), fault: []string{`"y"`, `"default"`}},
		{name: "no profiles", config: `{}`, fault: []string{"no profile"}},
		{name: "no secret", config: config(`{"name":"default","mode":"AK","access_key_id":"i"}`), fault: []string{"access_key_secret"}},
		{name: "no token", config: config(`{"name":"default","mode":"StsToken",` + keys + `}`), fault: []string{"sts_token"}},
		{name: "no role", config: config(`{"name":"default","mode":"RamRoleArn",` + keys + `}`), fault: []string{"ram_role_arn"}},
		{name: "OAuth", config: config(`{"name":"default","mode":"OAuth","oauth_refresh_token":"top-secret-value"}`), fault: []string{"OAuth"}},
		{name: "unknown mode", config: config(`{"name":"default","mode":"Magic",` + keys + `}`), fault: []string{"Magic", "CloudSSO"}},
		{name: "a chain that is a circle", config: config(
			`{"name":"default","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"b"}`,
			`{"name":"b","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"default"}`), fault: []string{"own source"}},
		{name: "a chain that begins nowhere", config: config(`{"name":"default","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"b"}`), fault: []string{`"b"`}},
		{name: "malformed", config: `{"current":"default","profiles":[{"name":"default",` + keys + `]}`, fault: []string{"config.json", "byte 110"}},
		{name: "wrong type", config: `{"profiles":"top-secret-value"}`, fault: []string{"wrong type"}},
		{name: "empty", config: ``, fault: []string{"valid JSON"}},
		{name: "huge", config: strings.Repeat("top-secret-value", maxConfig/8), fault: []string{"too many"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := bare(t)
			writeFile(t, filepath.Join(home, ".aliyun", "config.json"), test.config)
			settings := Settings{Profile: test.profile}
			if test.region == "" {
				settings.Region = "cn-hangzhou"
			}
			c, err := open(t.Context(), settings)
			if test.fault != nil {
				fault(t, err, test.fault...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.credentials.get(t.Context()); err != nil || got != test.want {
				t.Errorf("credential %v, error %v", got, err)
			}
			if test.region != "" && !strings.Contains(c.Endpoint, test.region) {
				t.Errorf("endpoint %s, want the region %s", c.Endpoint, test.region)
			}
		})
	}
}

// A profile that runs a command is refused when the connection is opened, and the command has not run, alone or as
// the source of another profile.
func TestNoCommandIsRun(t *testing.T) {
	home := bare(t)
	ran := filepath.Join(home, "ran")
	command := "touch " + ran
	if runtime.GOOS == "windows" {
		command = "cmd /c echo > " + ran
	}
	text, err := json.Marshal(map[string]any{"current": "run", "profiles": []map[string]any{
		{"name": "run", "mode": "External", "process_command": command},
		{"name": "role", "mode": "ChainableRamRoleArn", "ram_role_arn": "acs:ram::1:role/r", "source_profile": "run"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(home, "elsewhere.json")
	writeFile(t, file, string(text))
	t.Setenv(varConfigFile, file)
	for _, profile := range []string{"", "run", "role"} {
		_, err := open(t.Context(), Settings{Region: "cn-hangzhou", Profile: profile})
		fault(t, err, "External", "running a command")
	}
	// A file that changes after the connection was opened is checked again before it is used.
	writeFile(t, file, `{"current":"run","profiles":[{"name":"run","mode":"CloudSSO","access_token":"t"}]}`)
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	fault(t, err, "CloudSSO")
	writeFile(t, file, string(text))
	_, err = c.credentials.get(t.Context())
	fault(t, err, "External")
	if _, err := os.Stat(ran); err == nil {
		t.Error("the command was run")
	}
}

func TestDisabledProfiles(t *testing.T) {
	home := bare(t)
	writeFile(t, filepath.Join(home, ".aliyun", "config.json"), "not JSON")
	t.Setenv(varCLIProfileDisabled, "true")
	_, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	fault(t, err, "No credentials are set")
}

func TestCredentialsFile(t *testing.T) {
	home := bare(t)
	writeFile(t, filepath.Join(home, ".alibabacloud", "credentials"),
		"[default]\ntype = access_key\naccess_key_id = i\naccess_key_secret = s\n[broken]\ntype = access_key\naccess_key_id = "+topSecret+"\n")
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.credentials.get(t.Context()); err != nil || got != (credential{"i", "s", ""}) {
		t.Errorf("credential %v, error %v", got, err)
	}
	c, err = open(t.Context(), Settings{Region: "cn-hangzhou", Profile: "broken"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	fault(t, err, "credentials file")

	writeFile(t, filepath.Join(home, ".alibabacloud", "credentials"), "[default\n"+topSecret+"\n")
	c, err = open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	fault(t, err, "withheld")
}

func TestSignedOutOfCloudSSO(t *testing.T) {
	home := bare(t)
	expired, err := json.Marshal(map[string]any{"current": "sso", "profiles": []map[string]any{{
		"name": "sso", "mode": "CloudSSO", "access_token": topSecret, "cloud_sso_access_token_expire": time.Now().Add(-time.Hour).Unix(),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(home, ".aliyun", "config.json"), string(expired))
	c, err := open(t.Context(), Settings{Region: "cn-hangzhou"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.credentials.get(t.Context())
	fault(t, err, "signed out", "Sign in again")
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fault checks that an error is about the settings, says these words, and no secret.
func fault(t *testing.T, err error, words ...string) {
	t.Helper()
	problem := want(t, err, sdk.CodeInvalidConfig, "")
	for _, word := range words {
		if !strings.Contains(problem.Error(), word) {
			t.Errorf("problem %q lacks %q", problem.Error(), word)
		}
	}
	if problem.Source != sdk.SourceCaller || strings.Contains(problem.Error(), topSecret) {
		t.Errorf("problem %v of %s", problem, problem.Source)
	}
}
