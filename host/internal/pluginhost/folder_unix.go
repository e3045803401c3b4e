//go:build unix

package pluginhost

import (
	"os"
	"regexp"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// maxAddress is the length of a socket's address on the system that allows least.
const maxAddress = 103

// fresh is how long a folder may be there before it is locked.
const fresh = time.Minute

var folderName = regexp.MustCompile(`/` + protocol.SocketDirPrefix + `[0-9]+-[0-9]+$`)

// folderBase is the user's own runtime folder or the folder for temporary files, if a socket's address still
// fits; /tmp else.
func folderBase() string {
	for _, base := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir()} {
		if base == "" || base[0] != '/' || len(base)+spaceNeeded > maxAddress {
			continue
		}
		if info, err := os.Stat(base); err == nil && info.IsDir() && unix.Access(base, unix.W_OK|unix.X_OK) == nil {
			return base
		}
	}
	return "/tmp"
}

func lockFolder(path string) (*os.File, error) {
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = dir.Close() // the lock's error is the one to tell
		return nil, err
	}
	return dir, nil
}

// abandoned reports whether a folder is surely one of a host of ours that is gone: our name, our owner, our mode,
// not just made, and not locked.
func abandoned(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !folderName.MatchString(path) || info.Mode() != os.ModeDir|0o700 || time.Since(info.ModTime()) < fresh {
		return false
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int64(owner.Uid) != int64(os.Getuid()) {
		return false
	}
	lock, err := lockFolder(path)
	if err != nil {
		return false
	}
	_ = lock.Close() // nothing was written
	return true
}
