//go:build unix

package sdk

import (
	"os"
	"syscall"
)

// endChildren ends the processes that the plugin started and that are left, when the host gave it a group of its
// own: a killed host cannot do it. The plugin gets the signal too, and waits for it already.
func endChildren() {
	if syscall.Getpgrp() == os.Getpid() {
		_ = syscall.Kill(0, syscall.SIGTERM) // fails only when nobody is left
	}
}
