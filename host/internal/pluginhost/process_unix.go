//go:build unix

package pluginhost

import (
	"os"
	"syscall"
)

const programSuffix = ""

var passedHere []string

// group is the process group that a plugin leads.
type group struct{ leader int }

func newGroup(process *os.Process) group { return group{process.Pid} }

func (g group) kill() { _ = syscall.Kill(-g.leader, syscall.SIGKILL) } // fails only when nobody is left

func (group) release() {}
