package pluginhost

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-plugin/runner"
)

// outputGrace is how long the rest of a dead process's output is waited for. Only a child that left the group
// and holds the pipe makes it pass.
const outputGrace = 250 * time.Millisecond

// process is one plugin process, with its group and its pipes. To go-plugin it is a runner that shows nothing but
// the handshake line: everything else is read here, so that nobody who holds a pipe can hold up anything.
type process struct {
	path     string
	env      []string
	launcher *launcher
	log      *sink

	handshake *handshake
	done      chan struct{} // closed when it has ended and its output is read
	reading   sync.WaitGroup
	outputs   [2]*os.File
	id        atomic.Int64

	mutex  sync.Mutex
	cmd    *exec.Cmd
	group  group
	killed bool // before it was started, or since
	reaped bool
}

var _ runner.Runner = (*process)(nil)

func newProcess(path string, launcher *launcher, log *sink) *process {
	return &process{
		path: path, launcher: launcher, log: log, handshake: newHandshake(),
		done: make(chan struct{}),
	}
}

var errKilledBeforeStart = errors.New("killed before it was started")

// Start starts the process with nothing on its standard input.
func (p *process) Start(context.Context) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.killed {
		return errKilledBeforeStart
	}
	// The context is for starting alone: what ends the process is kill.
	cmd := exec.CommandContext(context.Background(), p.path)
	cmd.Env = p.env
	cmd.SysProcAttr = attributes()
	var ends [2]*os.File
	for i, stream := range []*io.Writer{&cmd.Stdout, &cmd.Stderr} {
		read, write, err := os.Pipe()
		if err != nil {
			closeAll(p.outputs[:], ends[:])
			return fmt.Errorf("making a pipe: %w", err)
		}
		p.outputs[i], ends[i], *stream = read, write, write
	}
	err := p.launcher.run(cmd.Start)
	closeAll(ends[:])
	if err != nil {
		closeAll(p.outputs[:])
		return err
	}
	p.cmd = cmd
	p.id.Store(int64(cmd.Process.Pid))
	p.group = newGroup(cmd.Process)
	p.reading.Go(p.readStdout)
	p.reading.Go(p.readStderr)
	go p.attend()
	return nil
}

func closeAll(lists ...[]*os.File) {
	for _, files := range lists {
		for _, file := range files {
			if file != nil {
				_ = file.Close() // pipe ends: nothing is buffered that could be lost
			}
		}
	}
}

// attend waits for the end, ends the group, and lets go of the pipes.
func (p *process) attend() {
	awaitExit(p.cmd)
	p.mutex.Lock()
	p.group.kill() // children that are left; the leader's number is still taken
	_ = p.cmd.Wait()
	p.group.release()
	p.reaped = true
	p.mutex.Unlock()
	read := make(chan struct{})
	go func() {
		p.reading.Wait()
		close(read)
	}()
	select {
	case <-read:
	case <-time.After(outputGrace):
	}
	closeAll(p.outputs[:])
	p.log.flush()
	close(p.done)
}

// kill ends the whole group at once. It never waits.
func (p *process) kill() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.killed = true
	if p.cmd != nil && !p.reaped {
		p.group.kill()
	}
}

// ended reports whether the process has ended; false too when it never ran.
func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// ran reports whether there ever was a process.
func (p *process) ran() bool { return p.id.Load() != 0 }

func (p *process) pid() int { return int(p.id.Load()) }

// exit says how the process ended, when done is closed.
func (p *process) exit() string { return p.cmd.ProcessState.String() }

func (p *process) readStdout() {
	input := bufio.NewReaderSize(p.outputs[0], maxLine)
	line, err := input.ReadSlice('\n') // at most maxLine: a handshake is shorter
	p.handshake.set(line)
	if err == nil || errors.Is(err, bufio.ErrBufferFull) {
		_, _ = io.Copy(p.log.stdout, input) // ends with the process or with its pipe
	}
}

func (p *process) readStderr() {
	_, _ = io.Copy(p.log.stderr, p.outputs[1]) // ends with the process or with its pipe
}

// What follows is go-plugin's view.

// Stdout shows the first line and then the end.
func (p *process) Stdout() io.ReadCloser { return io.NopCloser(p.handshake) }

// Stderr shows nothing: go-plugin parses it, splits it, and crashes on some of it.
func (p *process) Stderr() io.ReadCloser { return io.NopCloser(eof{}) }

// Wait waits for the end of the process.
func (p *process) Wait(context.Context) error {
	<-p.done
	return nil
}

// Kill ends the whole group.
func (p *process) Kill(context.Context) error {
	p.kill()
	return nil
}

// Name is the program's path.
func (p *process) Name() string { return p.path }

// ID is the process's number.
func (p *process) ID() string { return strconv.Itoa(p.pid()) }

// Diagnose says nothing: failures are explained by explain.
func (p *process) Diagnose(context.Context) string { return "" }

// PluginToHost leaves an address as it is: plugin and host share a system.
func (p *process) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

// HostToPlugin leaves an address as it is.
func (p *process) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// handshake is a reader of the one line that a plugin writes when it is ready.
type handshake struct {
	ready chan struct{}
	line  []byte
	rest  []byte
}

func newHandshake() *handshake { return &handshake{ready: make(chan struct{})} }

// set is called once, with the line or with what came instead.
func (h *handshake) set(line []byte) {
	h.line = append(h.line, line...)
	h.rest = h.line
	close(h.ready)
}

func (h *handshake) Read(buffer []byte) (int, error) {
	<-h.ready
	if len(h.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(buffer, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}

// text is the line, or what came instead; empty when nothing has come.
func (h *handshake) text() string {
	select {
	case <-h.ready:
		return string(h.line)
	default:
		return ""
	}
}
