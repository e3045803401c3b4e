//go:build unix && !linux

package pluginhost

import "syscall"

// attributes put the plugin into a group of its own, so that a terminal's Ctrl-C does not reach it and its
// children can be ended with it. When the host is killed, the plugin notices the end of its connection.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
