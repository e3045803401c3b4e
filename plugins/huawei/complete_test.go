package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
)

// isolate gives a test an environment of its own, and a home with the credentials file when there is text.
func isolate(t *testing.T, variables map[string]string, profile string) {
	t.Helper()
	for _, variable := range environment() {
		t.Setenv(variable.Name, variables[variable.Name])
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if profile == "" {
		return
	}
	folder := filepath.Join(home, ".huaweicloud")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "credentials"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	dms4  = "https://dms.cn-north-4.myhuaweicloud.com"
	iam4  = "https://iam.cn-north-4.myhuaweicloud.com"
	roma4 = "https://roma.cn-north-4.myhuaweicloud.com"
)

func TestComplete(t *testing.T) {
	at := func(endpoint string) sdk.Settings { return sdk.Settings{Endpoint: endpoint} }
	pair := map[string]string{accessVariable: "ea", secretVariable: "es", tokenVariable: "et"}
	for name, test := range map[string]struct {
		given     Settings
		variables map[string]string
		profile   string
		want      Settings
	}{
		"all from the environment": {
			variables: map[string]string{
				accessVariable: " ea\n", secretVariable: "es", tokenVariable: "et", projectVariable: "ep",
				regionVariable: "cn-north-4", otherRegionVariable: "cn-east-3",
			},
			want: Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AccessKey: "ea", SecretKey: "es", SecurityToken: "et", ProjectID: "ep", IAMEndpoint: iam4},
		},
		"terraform's region": {
			given: Settings{AuthToken: "t"}, variables: map[string]string{otherRegionVariable: "cn-north-4"},
			want: Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AuthToken: "t", IAMEndpoint: iam4},
		},
		"settings win, and keep the environment's token away": {
			given: Settings{Region: "cn-north-4", AccessKey: "a", SecretKey: "s"}, variables: pair,
			want: Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AccessKey: "a", SecretKey: "s", IAMEndpoint: iam4},
		},
		"auth token keeps keys away": {
			given: Settings{Region: "cn-north-4", AuthToken: "t\n"}, variables: pair,
			want: Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AuthToken: "t", IAMEndpoint: iam4},
		},
		"project from the environment beside own keys": {
			given:     Settings{Region: "cn-north-4", AccessKey: "a", SecretKey: "s"},
			variables: map[string]string{projectVariable: "ep", iamVariable: "https://iam.example.com"},
			want:      Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AccessKey: "a", SecretKey: "s", ProjectID: "ep", IAMEndpoint: "https://iam.example.com"},
		},
		"credentials file": {
			given:   Settings{Region: "cn-north-4"},
			profile: "\ufeff# mine\r\n[global]\r\nak = no\r\n[basic]\r\nak = fa\r\nsk=f=s\r\n; sk = no\r\nproject_id = fp\r\nsecurity_token = ft\r\niam_endpoint = https://iam.example.com\r\n[other]\r\nsk = no\r\n",
			want:    Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AccessKey: "fa", SecretKey: "f=s", SecurityToken: "ft", ProjectID: "fp", IAMEndpoint: "https://iam.example.com"},
		},
		"environment before the file": {
			given: Settings{Region: "cn-north-4"}, variables: pair, profile: "[basic]\nak=fa\nsk=fs\nproject_id=fp\n",
			want: Settings{Settings: at(dms4), RomaEndpoint: roma4, Region: "cn-north-4", AccessKey: "ea", SecretKey: "es", SecurityToken: "et", IAMEndpoint: iam4},
		},
		"endpoint and project need no region": {
			given: Settings{Settings: at("https://private.example.com"), AccessKey: "a", SecretKey: "s", ProjectID: "p"},
			want:  Settings{Settings: at("https://private.example.com"), AccessKey: "a", SecretKey: "s", ProjectID: "p", IAMEndpoint: globalIAM},
		},
		"a new region by its endpoint": {
			given: Settings{Settings: at("https://dms.cn-new-1.example.com"), Region: "cn-new-1", AccessKey: "a", SecretKey: "s"},
			want:  Settings{Settings: at("https://dms.cn-new-1.example.com"), Region: "cn-new-1", AccessKey: "a", SecretKey: "s", IAMEndpoint: globalIAM},
		},
		"the european region": {
			given: Settings{Region: "eu-west-101", AccessKey: "a", SecretKey: "s"},
			want:  Settings{Settings: at("https://dms.eu-west-101.myhuaweicloud.eu"), Region: "eu-west-101", AccessKey: "a", SecretKey: "s", IAMEndpoint: globalIAM},
		},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t, test.variables, test.profile)
			got, err := test.given.complete()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		given     Settings
		variables map[string]string
		profile   string
		says      []string
	}{
		"no credentials":         {given: Settings{Region: "cn-north-4"}, says: []string{"access_key", "secret_key", "auth_token", accessVariable, secretVariable, "credentials"}},
		"half in the settings":   {given: Settings{Region: "cn-north-4", AccessKey: "the-ak"}, variables: map[string]string{secretVariable: "the-sk"}, says: []string{"The settings", "secret_key is missing"}},
		"token alone":            {given: Settings{Region: "cn-north-4", SecurityToken: "the-st"}, says: []string{"access_key and secret_key is missing"}},
		"half in the variables":  {given: Settings{Region: "cn-north-4"}, variables: map[string]string{secretVariable: "the-sk"}, says: []string{"The environment", accessVariable + " is missing"}},
		"half in the file":       {given: Settings{Region: "cn-north-4"}, profile: "[basic]\nak=the-ak\n", says: []string{"The file", "sk is missing"}},
		"token and key":          {given: Settings{Region: "cn-north-4", AuthToken: "the-token", AccessKey: "the-ak"}, says: []string{"auth_token", "access key"}},
		"no region":              {given: Settings{AccessKey: "a", SecretKey: "the-sk"}, says: []string{"region", regionVariable, "project_id"}},
		"no region to look up":   {given: Settings{Settings: sdk.Settings{Endpoint: "https://private.example.com"}, AccessKey: "a", SecretKey: "the-sk"}, says: []string{"region", "project_id"}},
		"unknown region":         {given: Settings{Region: "cn-north-44", AccessKey: "a", SecretKey: "the-sk"}, says: []string{`"cn-north-44"`, "cn-north-4,", "endpoint"}},
		"region that is an URL":  {given: Settings{Region: "evil.example.com/", AccessKey: "a", SecretKey: "the-sk"}, says: []string{"not known"}},
		"file that is too large": {given: Settings{Region: "cn-north-4"}, profile: strings.Repeat("#", maxProfile+1), says: []string{"too large"}},
	} {
		t.Run(name, func(t *testing.T) {
			isolate(t, test.variables, test.profile)
			_, err := open(t.Context(), test.given)
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != sdk.CodeInvalidConfig || problem.Source != sdk.SourceCaller {
				t.Fatalf("got %v, want a problem with the settings", err)
			}
			for _, want := range test.says {
				if !strings.Contains(problem.Error(), want) {
					t.Errorf("%q does not say %q", problem.Error(), want)
				}
			}
			for _, secret := range []string{"the-sk", "the-st", "the-token"} {
				if strings.Contains(problem.Error(), secret) {
					t.Errorf("%q repeats a secret", problem.Error())
				}
			}
		})
	}
}

func TestOpenNamesUnreadableFile(t *testing.T) {
	folder := t.TempDir() // a folder in the file's place cannot be read as one, whoever runs the test
	isolate(t, map[string]string{profileVariable: folder}, "")
	_, err := open(t.Context(), Settings{Region: "cn-north-4"})
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeInvalidConfig || !strings.Contains(problem.Error(), folder) {
		t.Errorf("got %v, want a problem that names %s", err, folder)
	}
}

func TestOpenWithoutHome(t *testing.T) {
	isolate(t, nil, "")
	for _, name := range []string{"HOME", "USERPROFILE", "home"} { // each system has its own
		t.Setenv(name, "")
	}
	_, err := open(t.Context(), Settings{Region: "cn-north-4"})
	if problem := sdk.AsProblem(err); problem == nil || problem.Code != sdk.CodeInvalidConfig || !strings.Contains(problem.Error(), "access_key") {
		t.Errorf("got %v, want a problem that says what to set", err)
	}
}

func TestRegions(t *testing.T) {
	table, err := readRegions()
	if err != nil {
		t.Fatal(err)
	}
	if len(table) != 34 {
		t.Errorf("%d regions, want the vendor's 34", len(table))
	}
	for region, hosts := range table {
		if !strings.HasPrefix(hosts.DMS, "https://dms."+region+".myhuaweicloud.") || !strings.HasPrefix(hosts.IAM, "https://iam.") {
			t.Errorf("%s: %+v", region, hosts)
		}
	}
}
