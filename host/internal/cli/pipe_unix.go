//go:build !windows

package cli

import (
	"os/signal"
	"syscall"
)

func ignoreBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }
