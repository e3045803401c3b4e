package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// credential signs requests: an access key, with a token when it is temporary.
type credential struct{ id, secret, token string }

func (c credential) complete() bool { return c.id != "" && c.secret != "" }

// credentialSource gives the credential of one attempt.
type credentialSource struct {
	// from names the place for messages.
	from string
	get  func(ctx context.Context) (credential, error)
}

// always is a source of one fixed credential.
func always(from string, key credential) credentialSource {
	return credentialSource{from, func(context.Context) (credential, error) { return key, nil }}
}

// credentials picks the one place that credentials come from, and the region that a profile names. The first place
// that is set counts, and its failure is reported: falling through to the next would act as somebody else unasked.
func (s Settings) credentials() (credentialSource, string, error) {
	origin, region, err := s.origin()
	if err != nil {
		return credentialSource{}, "", err
	}
	if s.RoleARN != "" {
		role := cliProfile{RoleARN: s.RoleARN}
		if s.Network == networkVPC { // where the public token service may be out of reach
			role.EnableVPC, role.STSRegion = true, firstOf(s.Region, os.Getenv(varRegion), region)
		}
		origin = assumed(origin, role)
	}
	if origin.fixed.complete() {
		return always(origin.from, origin.fixed), region, nil
	}
	return credentialSource{origin.from, newFetcher(origin).credential}, region, nil
}

func (s Settings) origin() (origin, string, error) {
	if err := s.oneSource(); err != nil {
		return origin{}, "", err
	}
	keys := credential{s.AccessKeyID, s.AccessKeySecret, s.SecurityToken}
	switch {
	case keys != credential{}:
		found, err := keysFrom("the settings", keys, "access_key_id", "access_key_secret")
		return found, "", err
	case s.Profile != "":
		return profileFrom(s.Profile)
	case s.ECSRole != "":
		return ecsOrigin(s.ECSRole), "", nil
	default:
		return environmentOrigin()
	}
}

// oneSource refuses settings that name several places.
func (s Settings) oneSource() error {
	var named []string
	if s.AccessKeyID != "" || s.AccessKeySecret != "" || s.SecurityToken != "" {
		named = append(named, "access_key_id")
	}
	if s.Profile != "" {
		named = append(named, "profile")
	}
	if s.ECSRole != "" {
		named = append(named, "ecs_role")
	}
	if len(named) > 1 {
		return invalidConfig("The settings name several sources of credentials: %s.", strings.Join(named, ", ")).WithHint("Keep one of them.")
	}
	return nil
}

// keysFrom is a pair of keys that must be whole.
func keysFrom(place string, keys credential, idName, secretName string) (origin, error) {
	switch {
	case keys.id == "":
		return origin{}, invalidConfig("The access key in %s has no id.", place).WithHint("Set %s.", idName)
	case keys.secret == "":
		return origin{}, invalidConfig("The access key in %s has no secret.", place).WithHint("Set %s.", secretName)
	default:
		return origin{from: place, fixed: keys}, nil
	}
}

// environmentOrigin is the first place that the environment offers, in the order that the vendor's SDKs have.
func environmentOrigin() (origin, string, error) {
	keys := credential{os.Getenv(varKeyID), os.Getenv(varKeySecret), os.Getenv(varToken)}
	switch {
	case keys.id != "" || keys.secret != "":
		found, err := keysFrom("the environment", keys, varKeyID, varKeySecret)
		return found, "", err
	case os.Getenv(varOIDCProviderARN) != "" && os.Getenv(varRoleARN) != "" && firstOf(os.Getenv(varOIDCTokenFile), os.Getenv(varOIDCToken)) != "":
		return oidcOrigin(), "", nil
	}
	found, region, err := profileFrom(os.Getenv(varProfile))
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return found, region, err
	case os.Getenv(varECSRole) != "":
		return ecsOrigin(os.Getenv(varECSRole)), "", nil
	case os.Getenv(varCredentialsURI) != "":
		return uriOrigin(), "", nil
	default:
		return origin{}, "", invalidConfig("No credentials are set.").
			WithHint("Set access_key_id and access_key_secret, or profile, or ecs_role; or the variables %s and %s.", varKeyID, varKeySecret)
	}
}

// profileFrom finds a profile, "" being the current one: in the command line's configuration, or without that in the
// credentials file. The error is fs.ErrNotExist when neither file exists and no profile was asked for.
func profileFrom(name string) (origin, string, error) {
	config := homeFile(varConfigFile, ".aliyun", "config.json")
	if !strings.EqualFold(os.Getenv(varCLIProfileDisabled), "true") && exists(config) {
		return cliOrigin(config, name)
	}
	ini := homeFile(varCredentialsFile, ".alibabacloud", "credentials")
	switch {
	case exists(ini):
		return iniOrigin(ini, name), "", nil
	case name != "":
		return origin{}, "", invalidConfig("The profile %q cannot be read: neither %s nor %s exists.", name, config, ini).
			WithHint("Run the vendor's command line to configure the profile, or name its file in %s.", varConfigFile)
	default:
		return origin{}, "", fs.ErrNotExist
	}
}

// homeFile is the file that the variable names, else the one in the user's home folder; "" when there is none.
func homeFile(variable string, path ...string) string {
	if name := os.Getenv(variable); name != "" {
		return name
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(append([]string{home}, path...)...)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
