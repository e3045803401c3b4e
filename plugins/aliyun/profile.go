package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxConfig bounds the command line's configuration, in bytes.
const maxConfig = 1 << 20

// cliConfig is the configuration of the vendor's command line.
type cliConfig struct {
	path     string
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

// cliProfile is one identity in it.
type cliProfile struct {
	Name              string `json:"name"`
	Mode              string `json:"mode"`
	AccessKeyID       string `json:"access_key_id"`
	AccessKeySecret   string `json:"access_key_secret"`
	STSToken          string `json:"sts_token"`
	RegionID          string `json:"region_id"`
	RoleARN           string `json:"ram_role_arn"`
	RoleSessionName   string `json:"ram_session_name"`
	RoleName          string `json:"ram_role_name"`
	DurationSeconds   int    `json:"expired_seconds"`
	STSRegion         string `json:"sts_region"`
	EnableVPC         bool   `json:"enable_vpc"`
	SourceProfile     string `json:"source_profile"`
	Policy            string `json:"policy"`
	ExternalID        string `json:"external_id"`
	OIDCToken         string `json:"oidc_token"`
	OIDCTokenFile     string `json:"oidc_token_file"`
	OIDCProviderARN   string `json:"oidc_provider_arn"`
	SignInURL         string `json:"cloud_sso_sign_in_url"`
	AccountID         string `json:"cloud_sso_account_id"`
	AccessConfig      string `json:"cloud_sso_access_config"`
	AccessToken       string `json:"access_token"`
	AccessTokenExpire int64  `json:"cloud_sso_access_token_expire"`
}

// cliOrigin is a profile of the command line's configuration, with its region. It is looked up at once, so that a
// fault shows when the connection is opened, and again whenever credentials could not be had: the user may have
// signed in meanwhile.
func cliOrigin(path, name string) (origin, string, error) {
	found, region, err := lookUp(path, name)
	if err != nil || found.fixed.complete() {
		return found, region, err
	}
	return origin{from: found.from, build: func() (provider, error) {
		again, _, err := lookUp(path, name)
		if err != nil {
			return nil, err
		}
		return again.provider()
	}}, region, nil
}

func lookUp(path, name string) (origin, string, error) {
	config, err := readCLIConfig(path)
	if err != nil {
		return origin{}, "", err
	}
	profile, err := config.profile(firstOf(name, config.Current))
	if err != nil {
		return origin{}, "", err
	}
	found, err := config.origin(profile, nil)
	return found, profile.RegionID, err
}

// readCLIConfig reads the file. Its errors tell where, never what: the file holds secrets.
func readCLIConfig(path string) (*cliConfig, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, invalidConfig("The configuration of the vendor's command line cannot be read: %v", err)
	}
	defer func() { _ = file.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err != nil {
		return nil, invalidConfig("The configuration of the vendor's command line cannot be read: %v", err)
	}
	if len(text) > maxConfig {
		return nil, invalidConfig("The file %s has more than %d bytes, too many for a configuration of the vendor's command line.", path, maxConfig)
	}
	config := &cliConfig{path: path}
	if err := json.Unmarshal(text, config); err != nil {
		return nil, invalidConfig("The file %s is no configuration of the vendor's command line: %s.", path, position(err)).
			WithHint("Repair the file, name another in %s, or set access_key_id and access_key_secret.", varConfigFile)
	}
	return config, nil
}

// position is where a JSON text is wrong, without a word of the text.
func position(err error) string {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("no valid JSON at byte %d", syntax.Offset)
	case errors.As(err, &mismatch):
		return fmt.Sprintf("a value of the wrong type at byte %d", mismatch.Offset)
	default:
		return "no valid JSON"
	}
}

func (c *cliConfig) profile(name string) (cliProfile, error) {
	var names []string
	for _, profile := range c.Profiles {
		if profile.Name == name {
			return profile, nil
		}
		names = append(names, profile.Name)
	}
	return cliProfile{}, invalidConfig("The file %s has no profile %q.", c.path, name).WithHint("It has: %q.", names)
}

// origin is where a profile's credentials come from. seen are the profiles on the way to it.
func (c *cliConfig) origin(profile cliProfile, seen []string) (origin, error) {
	name := profile.Name
	if slices.Contains(seen, name) {
		return origin{}, c.fault(name, "is its own source")
	}
	from := c.place(profile)
	keys := credential{profile.AccessKeyID, profile.AccessKeySecret, ""}
	switch profile.Mode {
	case "AK":
		return c.keys(profile, keys)
	case "StsToken":
		if profile.STSToken == "" {
			return origin{}, c.fault(name, "has no sts_token")
		}
		keys.token = profile.STSToken
		return c.keys(profile, keys)
	case "RamRoleArn":
		base, err := c.keys(profile, keys)
		if err != nil {
			return origin{}, err
		}
		return c.role(base, profile)
	case "ChainableRamRoleArn":
		source, err := c.profile(profile.SourceProfile)
		if err != nil {
			return origin{}, err
		}
		base, err := c.origin(source, append(seen, name))
		if err != nil {
			return origin{}, err
		}
		return c.role(base, profile)
	case "EcsRamRole":
		return origin{from: from, build: ecsOrigin(profile.RoleName).build}, nil
	case "OIDC":
		return origin{from: from, build: profile.oidc}, nil
	case "CloudSSO":
		return origin{from: from, build: func() (provider, error) { return c.cloudSSO(profile) }}, nil
	case "External":
		return origin{}, c.fault(name, "gets its credentials by running a command (mode External), which mqtrail does not do").
			WithHint("Run the command yourself and set what it prints: access_key_id, access_key_secret, security_token.")
	case "OAuth":
		return origin{}, c.fault(name, "would be rewritten with every sign-in (mode OAuth), which mqtrail does not do").
			WithHint("Use a profile of another mode, such as CloudSSO or StsToken.")
	default:
		return origin{}, c.fault(name, fmt.Sprintf("has the mode %q, which is not known", profile.Mode)).
			WithHint("Known are AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, OIDC and CloudSSO.")
	}
}

func (c *cliConfig) fault(profile, what string) *sdk.Problem {
	return invalidConfig("The profile %q of %s %s.", profile, c.path, what)
}

func (c *cliConfig) place(profile cliProfile) string {
	return fmt.Sprintf("the profile %q of %s", profile.Name, c.path)
}

func (c *cliConfig) keys(profile cliProfile, keys credential) (origin, error) {
	return keysFrom(c.place(profile), keys, "access_key_id there", "access_key_secret there")
}

func (c *cliConfig) role(base origin, profile cliProfile) (origin, error) {
	if profile.RoleARN == "" {
		return origin{}, c.fault(profile.Name, "has no ram_role_arn")
	}
	return assumed(base, profile), nil
}

func (p cliProfile) oidc() (provider, error) {
	return built(providers.NewOIDCCredentialsProviderBuilder().
		WithOIDCToken(p.OIDCToken).
		WithOIDCTokenFilePath(p.OIDCTokenFile).
		WithOIDCProviderARN(p.OIDCProviderARN).
		WithRoleArn(p.RoleARN).
		WithRoleSessionName(firstOf(p.RoleSessionName, sessionName)).
		WithDurationSeconds(p.DurationSeconds).
		WithStsRegionId(p.STSRegion).
		WithEnableVpc(p.EnableVPC).
		WithPolicy(p.Policy).
		Build())
}

func (c *cliConfig) cloudSSO(p cliProfile) (provider, error) {
	if p.AccessToken == "" || p.AccessTokenExpire <= time.Now().Unix() {
		return nil, c.fault(p.Name, "is signed out of CloudSSO").WithHint("Sign in again with the vendor's command line.")
	}
	return built(providers.NewCloudSSOCredentialsProviderBuilder().
		WithSignInUrl(p.SignInURL).
		WithAccountId(p.AccountID).
		WithAccessConfig(p.AccessConfig).
		WithAccessToken(p.AccessToken).
		WithAccessTokenExpire(p.AccessTokenExpire).
		Build())
}
