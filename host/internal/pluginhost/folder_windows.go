package pluginhost

import "os"

// Windows plugins listen on loopback; the folder stays empty.

func folderBase() string { return os.TempDir() }

func lockFolder(string) (*os.File, error) { return nil, nil }

func abandoned(string) bool { return false }
