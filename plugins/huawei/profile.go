package main

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxProfile bounds the credentials file, in bytes.
const maxProfile = 64 << 10

// profile is section [basic] of the credentials file that Huawei Cloud's SDKs share.
type profile struct {
	path        string
	keys        keys
	projectID   string
	iamEndpoint string
}

// readProfile reads the credentials file, the last place that is looked at. No file is an empty profile; one
// that cannot be read is a problem.
func readProfile() (profile, error) {
	found := profile{path: variable(profileVariable)}
	if found.path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return found, noCredentials("~/.huaweicloud/credentials")
		}
		found.path = filepath.Join(home, ".huaweicloud", "credentials")
	}
	text, err := readBounded(found.path)
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err != nil {
		return found, invalid("The credentials file cannot be read: %v", err).
			WithHint("Make %s readable, or set access_key and secret_key in the connection's config.", found.path)
	}
	section := parseSection(text, "basic")
	found.keys = keys{section["ak"], section["sk"], section["security_token"]}
	found.projectID, found.iamEndpoint = section["project_id"], section["iam_endpoint"]
	return found, nil
}

func readBounded(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxProfile+1))
	if err = cmp.Or(err, file.Close()); err != nil {
		return "", err
	}
	if len(text) > maxProfile {
		return "", errors.New(path + " is too large for a credentials file")
	}
	return string(text), nil
}

// parseSection reads the key = value lines of one [section]. Later lines win.
func parseSection(text, section string) map[string]string {
	values := map[string]string{}
	current := ""
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			current = strings.TrimSpace(strings.TrimSuffix(name, "]"))
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && current == section && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, ";") {
			values[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return values
}
