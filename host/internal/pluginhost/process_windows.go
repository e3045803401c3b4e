package pluginhost

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

const programSuffix = ".exe"

// passedHere are what Windows needs to open sockets, to find programs and to name a user's folders.
var passedHere = []string{
	"USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERNAME",
}

// attributes keep Ctrl-C and console windows away from the plugin.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW}
}

// group is a job object: the plugin and its children. The system ends all of it when the host's handle closes,
// so also when the host is killed. A child that the plugin starts before it is put into the job escapes; a plugin
// does not come so far in so short a time.
type group struct {
	process *os.Process
	job     windows.Handle
}

func newGroup(process *os.Process) group {
	return group{process, newJob(process.Pid)}
}

// newJob returns 0 when the system has no job for us; the plugin alone is ended then.
func newJob(pid int) windows.Handle {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))) //nolint:gosec // as the call wants it
	if err == nil {
		err = assign(job, pid)
	}
	if err != nil {
		_ = windows.CloseHandle(job) // empty
		return 0
	}
	return job
}

func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid)) //nolint:gosec // a pid
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }() // the job holds the process
	return windows.AssignProcessToJobObject(job, process)
}

// kill fails only when nobody is left.
func (g group) kill() {
	if g.job != 0 {
		_ = windows.TerminateJobObject(g.job, 1)
		return
	}
	_ = g.process.Kill()
}

func (g group) release() {
	if g.job != 0 {
		_ = windows.CloseHandle(g.job)
	}
}
