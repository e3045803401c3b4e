//go:build !linux

package pluginhost

import "os/exec"

// launcher starts processes. Only Linux ties them to a thread.
type launcher struct{}

func (*launcher) run(start func() error) error { return start() }

func (*launcher) close() {}

// awaitExit waits until the process has ended. It is reaped: for the moment until attend has the lock its number
// could be another's, which systems that count upwards do not let happen in so short a time.
func awaitExit(cmd *exec.Cmd) { _ = cmd.Wait() } // how it ended is in cmd.ProcessState
