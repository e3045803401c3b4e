package cli_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/built"
)

var consoleBlock = regexp.MustCompile("(?s)```console\nbin/(mqtrail serve [^\n]*)\n```")

// The server that the README starts, at any free port, says where it is, answers there, and ends with an interrupt.
func TestReadmeServesHTTP(t *testing.T) {
	found := consoleBlock.FindStringSubmatch(read(t, filepath.Join(built.Root(), "README.md")))
	if found == nil || !strings.Contains(found[1], " --http 127.0.0.1:8080") {
		t.Fatal("the README starts no server")
	}
	arguments := strings.Fields(strings.Replace(found[1], ":8080", ":0", 1))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	home := t.TempDir()
	command := exec.CommandContext(ctx, filepath.Join(built.Dir(t), arguments[0]), arguments[1:]...)
	command.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home, "MQTRAIL_CONFIG=", "MQTRAIL_HTTP_TOKEN=")
	command.Dir = home
	var out strings.Builder
	command.Stdout = &out
	standardError, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(standardError)
	url := ""
	for url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("it did not say where it listens: %v", err)
		}
		if _, at, ok := strings.Cut(line, "serving MCP at "); ok {
			url, _, _ = strings.Cut(at, ";")
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(
		`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close() // it was read to its end
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(text), `"serverInfo"`) {
		t.Errorf("initialize: %s %s %v", response.Status, text, err)
	}
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("then it wrote %s, %v", rest, err)
	}
	if err := command.Wait(); err != nil || out.Len() > 0 {
		t.Errorf("it ended with %v, and wrote %q", err, out.String())
	}
}
