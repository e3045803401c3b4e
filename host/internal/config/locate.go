package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mqtrail/mqtrail/sdk"
)

// fileName is the configuration's name in the working folder and in the user's configuration folder.
const fileName = "mqtrail.yaml"

// Locate is the path of the file to read; "" when there is none. The flag comes first, then $MQTRAIL_CONFIG: a
// file that is named there must exist. Then ./mqtrail.yaml and mqtrail/mqtrail.yaml in the user's configuration
// folder, if they exist.
func Locate(flag string, lookup func(string) (string, bool)) (string, error) {
	if flag != "" {
		return flag, mustExist(flag, "--config")
	}
	if named, _ := lookup("MQTRAIL_CONFIG"); named != "" {
		return named, mustExist(named, "$MQTRAIL_CONFIG")
	}
	candidates := []string{fileName}
	if folder, err := os.UserConfigDir(); err == nil { // without a home there is no such folder
		candidates = append(candidates, filepath.Join(folder, "mqtrail", fileName))
	}
	for _, candidate := range candidates {
		switch _, err := os.Stat(candidate); {
		case err == nil:
			return candidate, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", unreadable(candidate, err)
		}
	}
	return "", nil
}

func mustExist(path, source string) error {
	_, err := os.Stat(path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The configuration file %s, named by %s, does not exist.", path, source).
			WithHint("Correct the path, or leave %s out.", source)
	default:
		return unreadable(path, err)
	}
}

func unreadable(path string, err error) error {
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err // the path is named once
	}
	return sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The configuration file %s cannot be read: %v.", path, err)
}
