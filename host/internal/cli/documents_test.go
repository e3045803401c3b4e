package cli_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// Every documented call, made as a user would, prints the documented answer: the same JSON, numbers by their
// digits.
func TestDocumentedAnswers(t *testing.T) {
	home := t.TempDir()
	for vendor, files := range map[string]fs.FS{"aliyun": schemas.Aliyun, "ctyun": schemas.CTyun, "huawei": schemas.Huawei} {
		names, err := sdk.FileNames(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file, err := sdk.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			if file.Example == nil || file.Example.Answer == nil {
				continue
			}
			operation := vendor + "_" + sdk.ToolName(path.Clean(name))
			t.Run(operation, func(t *testing.T) {
				got := mqtrail(t, home, "call", operation, "--sandbox", "-o", "json", "--args", string(file.Example.Arguments))
				if diff := cmp.Diff(exactly(t, string(file.Example.Answer)), exactly(t, got)); diff != "" {
					t.Errorf("the answer is not the documented one:\n%s", diff)
				}
			})
		}
	}
}

func exactly(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// Every command that the README shows works as it stands there; the make targets have tests of their own.
func TestReadmeCommands(t *testing.T) {
	text := read(t, filepath.Join(built.Root(), "README.md"))
	work := t.TempDir()
	if err := os.Symlink(built.Dir(t), filepath.Join(work, "bin")); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "make ") {
				continue
			}
			command(t, work, "sh", "-ec", "export HOME=$PWD XDG_CACHE_HOME=$PWD/cache; "+line)
			ran++
		}
	}
	if ran < 5 {
		t.Errorf("only %d commands were found in the README", ran)
	}
}

var (
	textBlock = regexp.MustCompile("(?s)```sh\n([^\n]* trace [^\n]*)\n```\n\n```text\n(.*?)```")
	// changing are ids, which hold times.
	changing = regexp.MustCompile(`\b[0-9A-F]{32,34}\b`)
)

// The trace that the README shows is what its command writes, but for ids and for the lines that it leaves out.
func TestReadmeTrace(t *testing.T) {
	found := textBlock.FindStringSubmatch(read(t, filepath.Join(built.Root(), "README.md")))
	if found == nil {
		t.Fatal("the README shows no trace")
	}
	got := changing.ReplaceAllString(mqtrail(t, t.TempDir(), strings.Fields(found[1])[1:]...), "ID")
	at := 0
	for part := range strings.SplitSeq(changing.ReplaceAllString(found[2], "ID"), "…\n") {
		next := strings.Index(got[at:], part)
		if next < 0 {
			t.Fatalf("the README shows\n%s\nand the command writes\n%s", part, got)
		}
		at += next + len(part)
	}
}

// The configuration that the README shows is one that mqtrail takes.
func TestReadmeConfiguration(t *testing.T) {
	found := yamlBlock.FindStringSubmatch(read(t, filepath.Join(built.Root(), "README.md")))
	if found == nil {
		t.Fatal("the README shows no configuration")
	}
	home := t.TempDir()
	write(t, home, "mqtrail.yaml", found[1])
	t.Setenv("HUAWEI_AK", "access-key")
	t.Setenv("HUAWEI_SK", "secret-key")
	got := mqtrail(t, home, "connections")
	for _, want := range []string{"prod-hz", "kafka-north"} {
		if !strings.Contains(got, want) {
			t.Errorf("connections does not list %s:\n%s", want, got)
		}
	}
}
