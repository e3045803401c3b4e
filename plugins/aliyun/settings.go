package main

import (
	"os"
	"regexp"

	"github.com/mqtrail/mqtrail/sdk"
)

// Settings of a connection. Credentials come from one place: the keys, the profile or the ECS role given here, else
// the first of these that the environment offers: keys, OIDC role, CLI profile, credentials file, ECS role, URI.
type Settings struct {
	sdk.Settings
	// Region whose instances are called, such as cn-hangzhou: an instance is seen in its own region only. Left out:
	// ALIBABA_CLOUD_REGION_ID, then the profile's region.
	Region string `json:"region,omitempty" jsonschema:"example=cn-hangzhou"`
	// Network to reach the region by: public, the default, or vpc, the address inside a VPC of that region.
	Network string `json:"network,omitempty" jsonschema:"enum=public,enum=vpc"`
	// AccessKeyID of an access key; goes with access_key_secret.
	AccessKeyID string `json:"access_key_id,omitempty"`
	// AccessKeySecret of the access key.
	AccessKeySecret string `json:"access_key_secret,omitempty" mqtrail:"secret"`
	// SecurityToken of a temporary access key.
	SecurityToken string `json:"security_token,omitempty" mqtrail:"secret"`
	// Profile of the vendor's command line, in ~/.aliyun/config.json or the file that ALIBABA_CLOUD_CONFIG_FILE names;
	// without such a file, a profile of ~/.alibabacloud/credentials.
	Profile string `json:"profile,omitempty"`
	// ECSRole is the RAM role of the ECS instance that this runs on, or auto for the one role that it has.
	ECSRole string `json:"ecs_role,omitempty"`
	// RoleARN names a RAM role that is assumed with the credentials given otherwise.
	RoleARN string `json:"role_arn,omitempty" jsonschema:"example=acs:ram::123456789012****:role/reader"`
}

// The networks that a region is reached by.
const (
	networkPublic = "public"
	networkVPC    = "vpc"
)

var regionName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// region is the connection's; "" when the address was given and the region was not.
func (s Settings) region(profileRegion string) string {
	if s.Endpoint != "" {
		return s.Region
	}
	return firstOf(s.Region, os.Getenv(varRegion), profileRegion)
}

// endpoint is the base URL to call. profileRegion is the region of the profile that credentials come from, if any.
func (s Settings) endpoint(profileRegion string) (string, error) {
	if s.Endpoint != "" {
		return s.Endpoint, nil
	}
	region := s.region(profileRegion)
	if region == "" {
		return "", invalidConfig("No region is set, so there is no address to call.").
			WithHint("Set region (such as cn-hangzhou) or endpoint, or the variable %s.", varRegion)
	}
	if !regionName.MatchString(region) {
		return "", invalidConfig("The region %q is no region id.", region).WithHint("A region id looks like cn-hangzhou or ap-southeast-1.")
	}
	switch s.Network {
	case "", networkPublic:
		return "https://rocketmq." + region + ".aliyuncs.com", nil
	case networkVPC:
		return "https://rocketmq-vpc." + region + ".aliyuncs.com", nil
	default:
		return "", invalidConfig("The network %q is unknown.", s.Network).WithHint("network is %s or %s.", networkPublic, networkVPC)
	}
}

// firstOf is the first value that is not empty.
func firstOf(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

func invalidConfig(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, format, args...)
}
