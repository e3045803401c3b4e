//go:build unix

package pluginhost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// programs are built once for all tests.
var programs struct{ misbehaving, host string }

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pluginhost")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs.misbehaving, programs.host = filepath.Join(dir, "misbehaving"), filepath.Join(dir, "host")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", dir+"/", "./testdata/misbehaving", "./testdata/host")
	if output, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, output))
	}
	if err := os.Chmod(programs.misbehaving, 0o755); err != nil { // whatever the umask is
		panic(err)
	}
	return m.Run()
}

// quick are bounds that let a test see things happen, yet leave a busy machine its time.
func quick() timing {
	timing := defaults
	timing.probe, timing.answer = 100*time.Millisecond, time.Second
	timing.refresh = time.Hour
	return timing
}

// bench is a host with a folder of plugins, and its log.
type bench struct {
	*Host
	t   *testing.T
	dir string
	log *record
}

// record is a log that may be read while it is written.
type record struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (r *record) Write(data []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.Write(data)
}

func (r *record) String() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.String()
}

// lines are the log's lines, decoded.
func (r *record) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.String()) {
		var fields map[string]any
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		if err := decoder.Decode(&fields); err != nil {
			t.Fatalf("the log has a broken line: %v: %q", err, line)
		}
		all = append(all, fields)
	}
	return all
}

// find returns the log line whose message contains text.
func (r *record) find(t *testing.T, text string) map[string]any {
	t.Helper()
	for _, line := range r.lines(t) {
		if message, _ := line["message"].(string); strings.Contains(message, text) {
			return line
		}
	}
	return nil
}

// place makes the program the plugin of that name.
func place(t *testing.T, dir, program, name string) string {
	t.Helper()
	path := filepath.Join(dir, programPrefix+name)
	if err := os.Link(program, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func newBench(t *testing.T, change func(*Options, *timing), names ...string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), log: &record{}}
	for _, name := range names {
		place(t, b.dir, programs.misbehaving, name)
	}
	options := Options{
		Dirs: []string{b.dir}, CacheDir: t.TempDir(), Logger: zerolog.New(b.log),
		Redact: func(text string) string { return strings.ReplaceAll(text, "swordfish", "[secret]") },
	}
	timing := quick()
	if change != nil {
		change(&options, &timing)
	}
	b.Host = newHost(options, timing)
	t.Cleanup(b.close)
	return b
}

// close stops the host; nothing may be left.
func (b *bench) close() {
	running := b.processes()
	if err := b.Close(context.Background()); err != nil {
		b.t.Errorf("Close: %v", err)
	}
	for _, g := range running {
		b.vanished(g)
	}
	if b.t.Failed() {
		b.t.Logf("log, its end:\n%s", b.log.String()[max(0, len(b.log.String())-4096):])
	}
}

func (b *bench) processes() []*generation {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var all []*generation
	for g := range b.running {
		all = append(all, g)
	}
	return all
}

func (b *bench) vanished(g *generation) {
	b.t.Helper()
	if g.process.ran() && exists(g.process.pid()) {
		b.t.Errorf("process %d is left", g.process.pid())
	}
	if _, err := os.Stat(g.folder.path); !errors.Is(err, os.ErrNotExist) {
		b.t.Errorf("folder %s is left: %v", g.folder.path, err)
	}
}

// exists reports whether a process runs; a zombie that waits for its parent does not.
func exists(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	return !strings.Contains(string(stat), ") Z ")
}

func (b *bench) plugin(name string) *Plugin {
	b.t.Helper()
	plugin, err := b.Plugin(name)
	if err != nil {
		b.t.Fatal(err)
	}
	plugin.Register(Connection{Name: "main", Settings: json.RawMessage(`{"label":"first"}`)})
	return plugin
}

// answer has the fields of all results of the misbehaving plugin.
type answer struct {
	Text    string   `json:"text"`
	Label   string   `json:"label"`
	Serial  int64    `json:"serial"`
	PID     int      `json:"pid"`
	Environ []string `json:"environ"`
	Stdin   string   `json:"stdin"`
	Group   bool     `json:"group"`
	Length  int      `json:"length"`
}

// call runs an operation of a plugin, given by its short name. Operations that end in _write are no reads.
func call(ctx context.Context, plugin *Plugin, operation string, arguments any) (answer, error) {
	if arguments == nil {
		arguments = fields{}
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return answer{}, err
	}
	result, err := plugin.Invoke(ctx, Call{
		Connection: "main", Operation: plugin.Name() + "_" + operation, Arguments: encoded, RequestID: "r1",
		Reads: !strings.HasSuffix(operation, "_write"),
	})
	if err != nil {
		return answer{}, err
	}
	var decoded answer
	return decoded, json.Unmarshal(result, &decoded)
}

func mustCall(t *testing.T, plugin *Plugin, operation string, arguments any) answer {
	t.Helper()
	result, err := call(t.Context(), plugin, operation, arguments)
	if err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
	return result
}

type fields map[string]any

// wantProblem holds an error to a code and to texts that it must contain.
func wantProblem(t *testing.T, err error, code string, texts ...string) *sdk.Problem {
	t.Helper()
	var problem *sdk.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("the error is no problem but %T: %v", err, err)
	}
	if problem.Code != code {
		t.Fatalf("code %s, want %s: %v", problem.Code, code, problem)
	}
	for _, text := range texts {
		if !strings.Contains(problem.Error(), text) {
			t.Errorf("the problem does not contain %q: %v", text, problem)
		}
	}
	return problem
}

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	for !holds() {
		select {
		case <-poll.C:
		case <-limit.C:
			t.Fatalf("not seen: %s", what)
		}
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func manifestOf(t *testing.T, plugin *Plugin) *protocol.Manifest {
	t.Helper()
	whole, err := offerOf(t, plugin).whole()
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

func offerOf(t *testing.T, plugin *Plugin) *Manifest {
	t.Helper()
	manifest, err := plugin.Manifest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}
