package main

import (
	"os"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// settings are the settings of a connection to CTyun.
type settings struct {
	sdk.Settings
	// AccessKey is the access key (AK) of the account. Left out, it is CTYUN_AK or CTYUN_ACCESS_KEY.
	AccessKey string `json:"access_key,omitempty" mqtrail:"secret"`
	// SecretKey is the secret key (SK) of the account. Left out, it is CTYUN_SK or CTYUN_SECRET_KEY.
	SecretKey string `json:"secret_key,omitempty" mqtrail:"secret"`
	// RegionID is the id of the resource pool to call, such as 200000002368; v3 operations need it, v2 do not. Left out, it is CTYUN_REGION_ID.
	RegionID string `json:"region_id,omitempty"`
	// KafkaEndpoint is the base URL to call for Kafka instead of CTyun's public one; endpoint is RocketMQ's.
	KafkaEndpoint string `json:"kafka_endpoint,omitempty" jsonschema:"format=uri"`
	// ProjectID is the enterprise project that Kafka's orders and prices are for. Left out, it is the default project.
	ProjectID string `json:"project_id,omitempty"`
}

// The variables that CTyun's users have, the usual name of each setting first.
var (
	accessKeyVariables = []string{"CTYUN_AK", "CTYUN_ACCESS_KEY"}
	secretKeyVariables = []string{"CTYUN_SK", "CTYUN_SECRET_KEY"}
	regionVariables    = []string{"CTYUN_REGION_ID"}
)

func environment() []sdk.Variable {
	return []sdk.Variable{
		{Name: "CTYUN_AK", Description: "Access key of the account.", Secret: true, Required: true},
		{Name: "CTYUN_SK", Description: "Secret key of the account.", Secret: true, Required: true},
		{Name: "CTYUN_ACCESS_KEY", Description: "Access key, where CTYUN_AK is not set.", Secret: true},
		{Name: "CTYUN_SECRET_KEY", Description: "Secret key, where CTYUN_SK is not set.", Secret: true},
		{Name: "CTYUN_REGION_ID", Description: "Resource pool that v3 operations are for."},
	}
}

// complete takes what was left out from the environment. Space around a value is no part of it: keys are read
// from files that end with a newline.
func (s settings) complete() settings {
	s.AccessKey = firstOf(s.AccessKey, accessKeyVariables)
	s.SecretKey = firstOf(s.SecretKey, secretKeyVariables)
	s.RegionID = firstOf(s.RegionID, regionVariables)
	s.ProjectID = strings.TrimSpace(s.ProjectID)
	return s
}

func firstOf(given string, variables []string) string {
	value := strings.TrimSpace(given)
	for _, variable := range variables {
		if value != "" {
			break
		}
		value = strings.TrimSpace(os.Getenv(variable))
	}
	return value
}

// check names every credential that is missing.
func (s settings) check() error {
	var faults []sdk.Fault
	if s.AccessKey == "" {
		faults = append(faults, sdk.Fault{Pointer: "/access_key", Message: "not set; set it, or the variable " + strings.Join(accessKeyVariables, " or ")})
	}
	if s.SecretKey == "" {
		faults = append(faults, sdk.Fault{Pointer: "/secret_key", Message: "not set; set it, or the variable " + strings.Join(secretKeyVariables, " or ")})
	}
	if len(faults) == 0 {
		return nil
	}
	problem := sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "CTyun needs an access key and a secret key to sign with.").
		WithHint("CTyun's console shows both to the account's owner, under the account's AccessKey management.")
	problem.Faults = faults
	return problem
}
