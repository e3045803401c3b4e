package config

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
)

// namesSecret guesses by a setting's name that it holds a secret: the plugin, whose schema knows, has not been
// asked yet.
func namesSecret(path []string) bool {
	name := strings.ToLower(path[len(path)-1])
	for _, word := range []string{"secret", "password", "passwd", "token", "credential", "private", "access_key", "accesskey", "api_key", "apikey"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return strings.HasSuffix(name, "_ak") || strings.HasSuffix(name, "_sk") || name == "ak" || name == "sk"
}

// permissionWarning is about a file that holds secrets and can be read by others. Windows has no such bits.
func permissionWarning(path string, mode fs.FileMode, secrets bool) []string {
	if runtime.GOOS == "windows" || !secrets || mode.Perm()&0o077 == 0 {
		return nil
	}
	return []string{fmt.Sprintf(
		"%s holds secrets and other users of this computer may read it (mode %04o): run chmod 600 %s, or take the secrets from the environment with ${NAME}.",
		path, mode.Perm(), path)}
}
