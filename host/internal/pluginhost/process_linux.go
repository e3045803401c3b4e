package pluginhost

import (
	"errors"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes put the plugin into a group of its own, so that a terminal's Ctrl-C does not reach it and its
// children can be ended with it, and have the kernel end it when the host is killed. SIGTERM, not SIGKILL: the
// SDK then removes the socket.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// launcher starts processes from one thread that lives as long as the host: the kernel sends Pdeathsig when the
// thread ends that started the process, and Go ends threads as it likes.
type launcher struct {
	mutex  sync.Mutex
	starts chan func()
	closed bool
}

func (l *launcher) run(start func() error) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.closed {
		return errKilledBeforeStart
	}
	if l.starts == nil {
		l.starts = make(chan func())
		go serve(l.starts)
	}
	result := make(chan error)
	l.starts <- func() { result <- start() }
	return <-result
}

func serve(starts <-chan func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for start := range starts {
		start()
	}
}

// close ends the thread's duty. No plugin may be running.
func (l *launcher) close() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.starts != nil && !l.closed {
		close(l.starts)
	}
	l.closed = true
}

// awaitExit waits until the process has ended and leaves it unreaped: until then its number, which is its
// group's, is nobody else's.
func awaitExit(cmd *exec.Cmd) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
