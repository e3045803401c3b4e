package main

import (
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

// bare takes away whatever credentials the machine that runs the tests has, and gives an empty home folder.
func bare(t *testing.T) (home string) {
	for _, variable := range environment() {
		t.Setenv(variable.Name, "")
	}
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	return home
}

func TestEndpoint(t *testing.T) {
	keys := Settings{AccessKeyID: "id", AccessKeySecret: "secret"}
	tests := []struct {
		name             string
		settings         Settings
		variable, region string
		want, fault      string
	}{
		{name: "region", settings: Settings{Region: "cn-hangzhou"}, variable: "cn-beijing", want: "https://rocketmq.cn-hangzhou.aliyuncs.com"},
		{name: "public", settings: Settings{Region: "ap-southeast-1", Network: "public"}, want: "https://rocketmq.ap-southeast-1.aliyuncs.com"},
		{name: "vpc", settings: Settings{Region: "cn-hangzhou", Network: "vpc"}, want: "https://rocketmq-vpc.cn-hangzhou.aliyuncs.com"},
		{name: "variable", variable: "cn-beijing", want: "https://rocketmq.cn-beijing.aliyuncs.com"},
		{name: "endpoint", settings: Settings{Settings: sdk.Settings{Endpoint: "https://private.example"}, Region: "cn-hangzhou"}, want: "https://private.example"},
		{name: "none", fault: "No region"},
		{name: "another host", settings: Settings{Region: "evil.example/#"}, fault: "no region id"},
		{name: "unknown network", settings: Settings{Region: "cn-hangzhou", Network: "intranet"}, fault: "intranet"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bare(t)
			t.Setenv(varRegion, test.variable)
			test.settings.AccessKeyID, test.settings.AccessKeySecret = keys.AccessKeyID, keys.AccessKeySecret
			c, err := open(t.Context(), test.settings)
			if test.fault != "" {
				if problem := want(t, err, sdk.CodeInvalidConfig, ""); problem.Source != sdk.SourceCaller || problem.Hint == "" || !strings.Contains(problem.Message, test.fault) {
					t.Errorf("problem %v, want %q in it and a hint", problem, test.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.Endpoint != test.want {
				t.Errorf("endpoint %s, want %s", c.Endpoint, test.want)
			}
		})
	}
}

func TestEnvironmentNamesWhatIsNeeded(t *testing.T) {
	var required []string
	for _, variable := range environment() {
		if variable.Required {
			required = append(required, variable.Name)
		}
		if variable.Description == "" {
			t.Errorf("%s has no description", variable.Name)
		}
	}
	if got := strings.Join(required, " "); got != varKeyID+" "+varKeySecret {
		t.Errorf("required: %s", got)
	}
}
