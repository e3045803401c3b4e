package pluginhost

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// folder is the private folder of one process's socket: 0700, with a short name, since the address of a unix
// socket has about a hundred bytes. It is locked while its host lives, so that the folders of killed hosts can be
// told from those of living ones, in whatever container they are.
type folder struct {
	path string
	lock *os.File // nil where there are no locks
}

// spaceNeeded is the length of what comes below the base: our folder, go-plugin's folder in it, the socket.
const spaceNeeded = len("/"+protocol.SocketDirPrefix+"4194304-") + 10 + len("/plugin-dir") + 10 + len("/plugin") + 10

func newFolder() (*folder, error) {
	base := folderBase()
	path, err := os.MkdirTemp(base, fmt.Sprintf("%s%d-", protocol.SocketDirPrefix, os.Getpid()))
	if err != nil {
		return nil, fmt.Errorf("making a private folder for the plugin's socket: %w", err)
	}
	lock, err := lockFolder(path)
	if err != nil {
		_ = os.Remove(path) // empty; the lock's error is the one to tell
		return nil, fmt.Errorf("locking the private folder of the plugin's socket: %w", err)
	}
	return &folder{path: path, lock: lock}, nil
}

// remove removes the folder and what is left in it. The plugin may have done so already.
func (f *folder) remove() error {
	if f.lock != nil {
		_ = f.lock.Close() // unlocks; nothing was written
	}
	return os.RemoveAll(f.path)
}

// sweepFolders removes the folders of hosts that were killed together with their plugins.
func sweepFolders() {
	base := folderBase()
	left, err := filepath.Glob(filepath.Join(base, protocol.SocketDirPrefix+"*-*"))
	if err != nil {
		return // the base cannot be in a pattern; nothing is lost but space
	}
	for _, path := range left {
		if abandoned(path) {
			removeSockets(path)
		}
	}
}

// removeSockets removes a folder that holds nothing but go-plugin's folders of sockets; anything else stays.
func removeSockets(path string) {
	dirs, err := filepath.Glob(filepath.Join(path, "plugin-dir*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if entry.Type() == os.ModeSocket {
				_ = os.Remove(filepath.Join(dir, entry.Name())) // another sweep may have been here
			}
		}
		_ = os.Remove(dir) // stays when something else is in it
	}
	_ = os.Remove(path) // stays when something else is in it
}
