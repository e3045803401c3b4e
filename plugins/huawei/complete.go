package main

import (
	"cmp"
	"os"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// complete fills in what the settings leave out, from the environment and the credentials file, and says what
// is still missing.
func (s Settings) complete() (Settings, error) {
	for _, field := range []*string{&s.Endpoint, &s.Region, &s.AccessKey, &s.SecretKey, &s.SecurityToken, &s.AuthToken, &s.ProjectID, &s.RomaEndpoint, &s.IAMEndpoint} {
		*field = strings.TrimSpace(*field) // a pasted line end breaks a header
	}
	s.Region = cmp.Or(s.Region, variable(regionVariable), variable(otherRegionVariable))
	s.ProjectID = cmp.Or(s.ProjectID, variable(projectVariable))
	s.IAMEndpoint = cmp.Or(s.IAMEndpoint, variable(iamVariable))
	s, err := s.withCredentials()
	if err != nil {
		return s, err
	}
	return s.withEndpoints()
}

func (s Settings) withCredentials() (Settings, error) {
	own := keys{s.AccessKey, s.SecretKey, s.SecurityToken}
	switch {
	case s.AuthToken != "" && own.any():
		return s, invalid("The settings give both auth_token and an access key.").
			WithHint("Keep one: auth_token, or access_key and secret_key.")
	case s.AuthToken != "":
		return s, nil
	case own.any():
		return s, own.check("The settings", "access_key", "secret_key")
	}
	environment := keys{variable(accessVariable), variable(secretVariable), variable(tokenVariable)}
	if environment.any() {
		s.AccessKey, s.SecretKey, s.SecurityToken = environment.access, environment.secret, environment.token
		return s, environment.check("The environment", accessVariable, secretVariable)
	}
	profile, err := readProfile()
	if err != nil {
		return s, err
	}
	s.AccessKey, s.SecretKey, s.SecurityToken = profile.keys.access, profile.keys.secret, profile.keys.token
	s.ProjectID = cmp.Or(s.ProjectID, profile.projectID)
	s.IAMEndpoint = cmp.Or(s.IAMEndpoint, profile.iamEndpoint)
	if !profile.keys.any() {
		return s, noCredentials(profile.path)
	}
	return s, profile.keys.check("The file "+profile.path, "ak", "sk")
}

func (s Settings) withEndpoints() (Settings, error) {
	if s.Region == "" && (s.Endpoint == "" || s.ProjectID == "") {
		return s, invalid("The connection has no region.").
			WithHint("Set region in the connection's config, like cn-north-4, or the variable %s. Without a region, set both endpoint and project_id.", regionVariable)
	}
	table, err := readRegions()
	if err != nil {
		return s, err
	}
	hosts, known := table[s.Region]
	if !known && s.Endpoint == "" {
		return s, invalid("The region %q is not known.", s.Region).
			WithHint("Known: %s. For another, set endpoint, and iam_endpoint or project_id.", table.names())
	}
	s.Endpoint = cmp.Or(s.Endpoint, hosts.DMS)
	s.RomaEndpoint = cmp.Or(s.RomaEndpoint, hosts.ROMA) // not all regions have it: calls find out
	s.IAMEndpoint = cmp.Or(s.IAMEndpoint, hosts.IAM, globalIAM)
	return s, nil
}

// keys are an access key and what belongs to it. They are taken from one place whole: the key of one place
// with the secret or the token of another signs nothing.
type keys struct{ access, secret, token string }

func (k keys) any() bool { return k != keys{} }

func (k keys) check(place, accessName, secretName string) error {
	var missing []string
	if k.access == "" {
		missing = append(missing, accessName)
	}
	if k.secret == "" {
		missing = append(missing, secretName)
	}
	if len(missing) == 0 {
		return nil
	}
	return invalid("%s gives only a part of an access key: %s is missing.", place, strings.Join(missing, " and ")).
		WithHint("Give %s and %s together, from one place.", accessName, secretName)
}

func noCredentials(file string) *sdk.Problem {
	return invalid("Huawei Cloud needs credentials, and none were found.").
		WithHint("Set access_key and secret_key (or auth_token) in the connection's config, or the variables %s and %s, or ak and sk in section [basic] of %s.",
			accessVariable, secretVariable, file)
}

func variable(name string) string { return strings.TrimSpace(os.Getenv(name)) }

func invalid(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, format, args...)
}
