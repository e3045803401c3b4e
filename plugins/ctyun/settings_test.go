package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/sdk"
)

// setEnvironment sets the plugin's variables to these and no others.
func setEnvironment(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, variable := range environment() {
		t.Setenv(variable.Name, variables[variable.Name])
	}
}

func TestSettingsFromTheEnvironment(t *testing.T) {
	tests := []struct {
		name        string
		given, want settings
		environment map[string]string
	}{
		{name: "the usual names", environment: map[string]string{"CTYUN_AK": "ak", "CTYUN_SK": "sk", "CTYUN_REGION_ID": "1"},
			want: settings{AccessKey: "ak", SecretKey: "sk", RegionID: "1"}},
		{name: "the long names", environment: map[string]string{"CTYUN_ACCESS_KEY": "ak", "CTYUN_SECRET_KEY": "sk"},
			want: settings{AccessKey: "ak", SecretKey: "sk"}},
		{name: "the usual names come first", environment: map[string]string{"CTYUN_AK": "ak", "CTYUN_SK": "sk", "CTYUN_ACCESS_KEY": "x", "CTYUN_SECRET_KEY": "y"},
			want: settings{AccessKey: "ak", SecretKey: "sk"}},
		{name: "settings come before all", given: settings{AccessKey: "mine", SecretKey: "my own", RegionID: "2"},
			environment: map[string]string{"CTYUN_AK": "ak", "CTYUN_SK": "sk", "CTYUN_REGION_ID": "1"},
			want:        settings{AccessKey: "mine", SecretKey: "my own", RegionID: "2"}},
		{name: "a newline from a file", given: settings{AccessKey: " ak\n"}, environment: map[string]string{"CTYUN_SK": "sk\r\n"},
			want: settings{AccessKey: "ak", SecretKey: "sk"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			setEnvironment(t, test.environment)
			got := test.given.complete()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := got.check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMissingCredentials(t *testing.T) {
	tests := []struct {
		name             string
		given            settings
		named, notNeeded []string
	}{
		{"both", settings{}, []string{"/access_key", "CTYUN_AK", "CTYUN_ACCESS_KEY", "/secret_key", "CTYUN_SK", "CTYUN_SECRET_KEY"}, nil},
		{"the secret key", settings{AccessKey: "given-access-key"}, []string{"/secret_key", "CTYUN_SK"}, []string{"CTYUN_AK", "given-access-key"}},
		{"the access key", settings{SecretKey: "given-secret-key"}, []string{"/access_key", "CTYUN_AK"}, []string{"CTYUN_SK", "given-secret-key"}},
		{"space alone", settings{AccessKey: " ", SecretKey: "sk"}, []string{"/access_key"}, []string{"CTYUN_SK"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			setEnvironment(t, nil)
			_, err := open(t.Context(), test.given)
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != sdk.CodeInvalidConfig || problem.Source != sdk.SourceCaller {
				t.Fatalf("got %v", err)
			}
			for _, word := range test.named {
				if !strings.Contains(problem.Error(), word) {
					t.Errorf("%s is not named: %v", word, problem)
				}
			}
			for _, word := range test.notNeeded {
				if strings.Contains(problem.Error(), word) {
					t.Errorf("%s is named: %v", word, problem)
				}
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	private := "https://private.example.com"
	tests := []struct {
		name            string
		given           settings
		rocketmq, kafka string
	}{
		{"the public ones", settings{}, "https://mq2-global.ctapi.ctyun.cn", "https://ctgkafka-global.ctapi.ctyun.cn"},
		{"RocketMQ's", settings{Settings: sdk.Settings{Endpoint: private}}, private, "https://ctgkafka-global.ctapi.ctyun.cn"},
		{"Kafka's", settings{KafkaEndpoint: private}, "https://mq2-global.ctapi.ctyun.cn", private},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.given.AccessKey, test.given.SecretKey = "ak", "sk"
			c, err := open(t.Context(), test.given)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{c.products[rocketmq].Endpoint, c.products[kafka].Endpoint}
			if diff := cmp.Diff([]string{test.rocketmq, test.kafka}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
