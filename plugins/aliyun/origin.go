package main

import (
	"os"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// provider is what the vendor's library gives credentials through.
type provider = providers.CredentialsProvider

// sessionName marks this program in the vendor's audit log of assumed roles.
const sessionName = "mqtrail"

// origin is a place that credentials come from: fixed ones, or how to set up the vendor's library, which happens when
// a call needs it. The library's own choice of profiles is not used: it runs commands (mode External), rewrites the
// user's configuration (mode OAuth), follows profiles in circles, and moves on to another identity after a failure.
type origin struct {
	from  string
	fixed credential
	build func() (provider, error)
}

func (o origin) provider() (provider, error) {
	if o.fixed.complete() {
		return fixedProvider(o.fixed), nil
	}
	return o.build()
}

// fixedProvider lets a fixed credential assume a role.
type fixedProvider credential

func (p fixedProvider) GetCredentials() (*providers.Credentials, error) {
	return &providers.Credentials{AccessKeyId: p.id, AccessKeySecret: p.secret, SecurityToken: p.token, ProviderName: p.GetProviderName()}, nil
}

func (p fixedProvider) GetProviderName() string { return "static" }

// assumed is a role that the base assumes.
func assumed(base origin, role cliProfile) origin {
	return origin{from: base.from + " (as " + role.RoleARN + ")", build: func() (provider, error) {
		previous, err := base.provider()
		if err != nil {
			return nil, err
		}
		return built(providers.NewRAMRoleARNCredentialsProviderBuilder().
			WithCredentialsProvider(previous).
			WithRoleArn(role.RoleARN).
			WithRoleSessionName(firstOf(role.RoleSessionName, os.Getenv(varRoleSession), sessionName)).
			WithDurationSeconds(role.DurationSeconds).
			WithStsRegionId(role.STSRegion).
			WithEnableVpc(role.EnableVPC).
			WithPolicy(role.Policy).
			WithExternalId(role.ExternalID).
			Build())
	}}
}

// ecsAuto asks the instance which role it has.
const ecsAuto = "auto"

func ecsOrigin(role string) origin {
	if role == ecsAuto {
		role = ""
	}
	return origin{from: "the ECS instance's role", build: func() (provider, error) {
		return built(providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(role).Build())
	}}
}

// oidcOrigin takes what it needs from the environment.
func oidcOrigin() origin {
	return origin{from: "the OIDC role of the environment", build: func() (provider, error) {
		return built(providers.NewOIDCCredentialsProviderBuilder().
			WithRoleSessionName(firstOf(os.Getenv(varRoleSession), sessionName)).
			Build())
	}}
}

func uriOrigin() origin {
	return origin{from: "the address in " + varCredentialsURI, build: func() (provider, error) {
		return built(providers.NewURLCredentialsProviderBuilder().Build())
	}}
}

func iniOrigin(path, profile string) origin {
	return origin{from: "the credentials file " + path, build: func() (provider, error) {
		return built(providers.NewProfileCredentialsProviderBuilder().WithProfileName(profile).Build())
	}}
}

// built drops the library's half-made provider when it failed: kept in an interface it is not nil, and panics.
func built[P provider](made P, err error) (provider, error) {
	if err != nil {
		return nil, err
	}
	return made, nil
}
