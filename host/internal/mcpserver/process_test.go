package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

// lifetime bounds a server process, so that a test that waits for nothing ends.
const lifetime = 2 * time.Minute

func TestMain(m *testing.M) { os.Exit(built.Main(m)) }

// mqtrail is the program, with its three plugins beside it.
func mqtrail(t *testing.T) string {
	t.Helper()
	return executable(filepath.Join(built.Dir(t), "mqtrail"))
}

func executable(path string) string {
	if runtime.GOOS == "windows" {
		return path + ".exe"
	}
	return path
}

var buildNoisy sync.Once

// noisyDir is a folder with the noisy plugin; it is removed with the other programs.
func noisyDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(built.Dir(t), "noisy")
	buildNoisy.Do(func() {
		command := exec.Command("go", "build", "-o", executable(filepath.Join(dir, "mqtrail-plugin-noisy")), "./testdata/noisy")
		if text, err := command.CombinedOutput(); err != nil {
			t.Fatalf("building the noisy plugin: %v\n%s", err, text)
		}
	})
	return dir
}

// noisyConfig is a configuration with these connections, in YAML, and the noisy plugin.
func noisyConfig(t *testing.T, connections string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mqtrail.yaml")
	text := fmt.Sprintf("connections:\n%s\nplugin_dirs: [%q]\n", connections, noisyDir(t))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const oneNoisy = "  noisy: {plugin: noisy, config: {}}"

// environment keeps the tests away from the user's files.
func environment(t *testing.T) []string {
	home := filepath.Join(built.Dir(t), "home") // shared, so that manifests are read once
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "HOME="+home, "USERPROFILE="+home, "LocalAppData="+home, "XDG_CACHE_HOME="+filepath.Join(home, "cache"),
		"XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_DATA_HOME="+filepath.Join(home, "data"),
		"MQTRAIL_CONFIG=", "GORACE=halt_on_error=1 atexit_sleep_ms=0")
}

// process is a running mqtrail serve whose lines a test writes and reads itself.
type process struct {
	t       *testing.T
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	stderr  bytes.Buffer
	// notifications are those that came before an answer that was waited for.
	notifications []message
}

// message is any line that the server writes.
type message struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   *struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	} `json:"error"`
}

// kinds is how many of notification, result and error the line is.
func (m message) kinds() int {
	kinds := 0
	for _, is := range []bool{m.Method != "", m.Result != nil, m.Error != nil} {
		if is {
			kinds++
		}
	}
	return kinds
}

// toolResult is the result of tools/call as its bytes came.
type toolResult struct {
	Content []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content"`
	Structured json.RawMessage            `json:"structuredContent"`
	IsError    bool                       `json:"isError"`
	Meta       map[string]json.RawMessage `json:"_meta"`
	ResultType string                     `json:"resultType"`
}

func serve(t *testing.T, arguments ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), lifetime)
	p := &process{t: t, command: exec.CommandContext(ctx, mqtrail(t), append([]string{"serve"}, arguments...)...)}
	p.command.Env = environment(t)
	p.command.Dir = t.TempDir()
	p.command.Stderr = &p.stderr
	var err error
	if p.in, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel() // a process that has ended does not mind
		_ = p.command.Wait()
	})
	return p
}

// send writes lines as they are.
func (p *process) send(lines ...string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")+"\n"); err != nil {
		p.t.Fatalf("writing to the server: %v\n%s", err, p.log())
	}
}

// next reads one line, which must be a message of the protocol.
func (p *process) next() message {
	p.t.Helper()
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		p.t.Fatalf("the server wrote no further line: %v\n%s", err, p.log())
	}
	var m message
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil || m.JSONRPC != "2.0" || m.kinds() != 1 {
		p.t.Fatalf("a line on standard output is no message of the protocol: %v: %s", err, line)
	}
	return m
}

// answer reads until the answer to the request with this id, keeping notifications.
func (p *process) answer(id string) message {
	p.t.Helper()
	for {
		m := p.next()
		if m.Method != "" {
			p.notifications = append(p.notifications, m)
			continue
		}
		if string(m.ID) != id {
			p.t.Fatalf("an answer to %s came, want one to %s: %s %v", m.ID, id, m.Result, m.Error)
		}
		return m
	}
}

// result is the result of a request that must succeed.
func (p *process) result(id string, target any) {
	p.t.Helper()
	m := p.answer(id)
	if m.Error != nil {
		p.t.Fatalf("request %s: error %d: %s", id, m.Error.Code, m.Error.Message)
	}
	if err := json.Unmarshal(m.Result, target); err != nil {
		p.t.Fatalf("request %s: %v: %s", id, err, m.Result)
	}
}

// call calls a tool.
func (p *process) call(tool, arguments string) toolResult {
	p.t.Helper()
	p.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":"call","method":"tools/call","params":{"name":%q,"arguments":%s}}`, tool, arguments))
	var result toolResult
	p.result(`"call"`, &result)
	return result
}

// succeed calls a tool that must not fail and decodes its answer.
func (p *process) succeed(tool, arguments string, answer any) {
	p.t.Helper()
	result := p.call(tool, arguments)
	if result.IsError {
		p.t.Fatalf("%s %s: %s", tool, arguments, result.Content[0].Text)
	}
	if err := json.Unmarshal(result.Structured, answer); err != nil {
		p.t.Fatalf("%s %s: %v: %s", tool, arguments, err, result.Structured)
	}
}

// alive makes sure that the server still answers.
func (p *process) alive() {
	p.t.Helper()
	p.send(`{"jsonrpc":"2.0","id":"alive","method":"ping"}`)
	p.result(`"alive"`, &struct{}{})
}

// end closes the input; the process must end well without another word.
func (p *process) end() {
	p.t.Helper()
	if err := p.in.Close(); err != nil {
		p.t.Fatal(err)
	}
	rest, err := io.ReadAll(p.out)
	if err != nil || len(rest) > 0 {
		p.t.Errorf("at its end the server wrote %q, %v", rest, err)
	}
	if err := p.command.Wait(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
		p.t.Errorf("the server ended with %v\n%s", err, p.stderr.String())
	}
}

// log ends the process and is what it logged.
func (p *process) log() string {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
	return "standard error:\n" + p.stderr.String()
}

// tool is a tool in a list.
type tool struct {
	Name        string                     `json:"name"`
	Title       string                     `json:"title"`
	Description string                     `json:"description"`
	Input       json.RawMessage            `json:"inputSchema"`
	Output      json.RawMessage            `json:"outputSchema"`
	Annotations map[string]json.RawMessage `json:"annotations"`
}

func (p *process) tools() []tool {
	p.t.Helper()
	p.send(`{"jsonrpc":"2.0","id":"tools","method":"tools/list"}`)
	var listed struct{ Tools []tool }
	p.result(`"tools"`, &listed)
	return listed.Tools
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(lifetime / 2)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
		runtime.Gosched()
	}
}
