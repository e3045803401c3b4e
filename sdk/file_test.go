package sdk

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const goodFile = `{
	"operation": "GetTrace", "title": "Trace", "description": "Traces.",
	"request": "GET /projects/{project}/topics/{topic}",
	"access": "read", "toolset": "messages", "keywords": ["where"], "aliases": ["trace"],
	"input": {
		"type": "object",
		"properties": {
			"project_id": {"type": "string", "x-in": "path", "x-name": "project", "x-from": "project_id"},
			"topic": {"type": "string", "x-in": "path"},
			"limit": {"type": ["integer", "string"], "x-in": "query", "x-name": "pageSize"},
			"token": {"type": "string", "x-in": "header", "x-sensitive": true},
			"body": {"x-in": "body"}
		},
		"required": ["project_id", "topic"]
	},
	"output": {"type": "object"},
	"modes": [["limit"], ["token", "body"]],
	"example": {"arguments": {"topic": "t"}, "answer": {"ok": true}}
}`

func folder(text string) fs.FS {
	return fstest.MapFS{"rocketmq/get_trace.json": {Data: []byte(text)}}
}

func readGood(t *testing.T) *File {
	t.Helper()
	file, err := ReadFile(folder(goodFile), "rocketmq/get_trace.json")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadFile(t *testing.T) {
	file := readGood(t)
	want := []Parameter{
		{Name: "body", Wire: "body", In: InBody},
		{Name: "limit", Wire: "pageSize", In: InQuery, Types: []string{"integer", "string"}},
		{Name: "project_id", Wire: "project", In: InPath, From: "project_id", Types: []string{"string"}, Required: true},
		{Name: "token", Wire: "token", In: InHeader, Types: []string{"string"}, Sensitive: true},
		{Name: "topic", Wire: "topic", In: InPath, Types: []string{"string"}, Required: true},
	}
	if diff := cmp.Diff(want, file.Parameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	got := []string{file.Product, file.Name, file.Method, file.Path, string(file.Access), ToolName("a/rocketmq/get_trace.json")}
	if diff := cmp.Diff([]string{"rocketmq", "get_trace", "GET", "/projects/{project}/topics/{topic}", "read", "rocketmq_get_trace"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"project", "topic"}, file.Placeholders()); diff != "" {
		t.Errorf("placeholders (-want +got):\n%s", diff)
	}
}

// What a call is confirmed by goes into the manifest; a look-up is of the same product.
func TestInfoOfWhatIsConfirmed(t *testing.T) {
	text := strings.Replace(goodFile, `"modes"`, `"billable": true, "target": "/body/name", "escalations": [{"pointer": "/limit", "values": [-1], "access": "destructive"}],
		"lookup": [{"operation": "get_topic", "arguments": {"topic": "/topic", "size": 1, "order": "desc"}, "facts": {"status": "/data/status"}}], "modes"`, 1)
	file, err := ReadFile(folder(text), "rocketmq/get_trace.json")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // telling it changes nothing
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		if !info.Billable || info.Target != "/body/name" || len(info.Escalations) != 1 || len(info.Lookup) != 1 || info.Lookup[0].Operation != "rocketmq_get_topic" {
			t.Errorf("told %+v", info)
		}
	}
}

func TestFileNames(t *testing.T) {
	names, err := FileNames(fstest.MapFS{"b/two.json": {}, "a/one.json": {}, "a/note.txt": {}, "three.json": {}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/one.json", "b/two.json", "three.json"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestInfoLeavesOutWhatASettingFills holds that a caller is not asked for what the connection knows.
func TestInfoLeavesOutWhatASettingFills(t *testing.T) {
	info, err := readGood(t).Info()
	if err != nil {
		t.Fatal(err)
	}
	var input struct {
		Type       string
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal(info.Input, &input); err != nil {
		t.Fatal(err)
	}
	if _, there := input.Properties["project_id"]; there || len(input.Properties) != 4 {
		t.Errorf("properties: %v", input.Properties)
	}
	if diff := cmp.Diff([]string{"topic"}, input.Required); diff != "" || input.Type != "object" {
		t.Errorf("type %s, required (-want +got):\n%s", input.Type, diff)
	}
	if diff := cmp.Diff(`{"topic": "t"}`, string(info.ExampleArguments)); diff != "" {
		t.Errorf("example (-want +got):\n%s", diff)
	}

	all := strings.Replace(goodFile, `"x-in": "path"}`, `"x-in": "path", "x-from": "topic"}`, 1)
	file, err := ReadFile(folder(all), "rocketmq/get_trace.json")
	if err != nil {
		t.Fatal(err)
	}
	if info, err = file.Info(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(info.Input), `"required":[]`) {
		t.Errorf("with nothing left to require: %s", info.Input)
	}

	none := strings.NewReplacer(`, "x-from": "project_id"`, "").Replace(goodFile)
	if file, err = ReadFile(folder(none), "rocketmq/get_trace.json"); err != nil {
		t.Fatal(err)
	}
	if info, err = file.Info(); err != nil || string(info.Input) != string(file.Input) {
		t.Errorf("an input that no setting fills is passed on as it is: %v\n%s", err, info.Input)
	}
}

// TestReadFileNamesTheFault holds that everything that would make a call go wrong is found, with the file's name.
func TestReadFileNamesTheFault(t *testing.T) {
	replace := func(old, new string) string {
		if !strings.Contains(goodFile, old) {
			t.Fatalf("the file has no %s", old)
		}
		return strings.Replace(goodFile, old, new, 1)
	}
	for name, test := range map[string]struct{ text, want string }{
		"not JSON":                    {`{`, "unexpected EOF"},
		"an unknown key":              {replace(`"title"`, `"titel"`), `unknown field "titel"`},
		"something behind it":         {goodFile + "{}", "something follows"},
		"a wrong type":                {replace(`"Trace"`, `1`), "title"},
		"a request without a path":    {replace("GET /projects/{project}/topics/{topic}", "GET"), `request "GET"`},
		"a request without a slash":   {replace("GET /projects", "GET projects"), "want a method and a path"},
		"a method that is none":       {replace(`"GET /`, `"FETCH /`), "FETCH"},
		"a path with a query":         {replace(`/topics/{topic}"`, `/topics/{topic}/?a=b"`), "x-in query"},
		"no input":                    {replace(`"input"`, `"x": 1, "input"`), "unknown field"},
		"an input that is no object":  {strings.Replace(goodFile, `"input": {`, `"input": [], "output": {`, 1), "input"},
		"an input that is null":       {`{"request":"GET /","input":null,"output":{}}`, "input: want a JSON schema"},
		"an x-in that is none":        {replace(`"x-in": "query"`, `"x-in": "cookie"`), `input limit: x-in "cookie"`},
		"no x-in":                     {replace(`"x-in": "query", `, ``), `input limit: x-in ""`},
		"a type that is no name":      {replace(`["integer", "string"]`, `7`), "input limit: type 7"},
		"a placeholder for nothing":   {replace("{topic}", "{tpoic}"), "the path's {tpoic}"},
		"a path parameter for naught": {replace(`"x-in": "query", "x-name": "pageSize"`, `"x-in": "path"`), "input limit: x-in is path, but the path has no {limit}"},
		"a path parameter to leave":   {replace(`"required": ["project_id", "topic"]`, `"required": ["project_id"]`), "input topic: a path parameter is required"},
		"a mode of nothing":           {replace(`[["limit"]`, `[["size"]`), "modes: size is no input property"},
		"a mode of a setting":         {replace(`[["limit"]`, `[["project_id"]`), "modes: project_id"},
		"required, and not there":     {replace(`["project_id", "topic"]`, `["project_id", "topic", "size"]`), "required: size is no input property"},
		"a file beside a body":        {replace(`"x-in": "header"`, `"x-in": "file"`), "x-in body and file"},
		"two of one name on the wire": {replace(`"x-in": "header", "x-sensitive": true`, `"x-in": "query", "x-name": "pageSize"`), "pageSize"},
		"an escalation of nothing":    {replace(`"modes"`, `"escalations": [{"pointer": "/action", "access": "write"}], "modes"`), "escalations: /action is no input property"},
		"an escalation, no pointer":   {replace(`"modes"`, `"escalations": [{"pointer": "topic", "access": "write"}], "modes"`), "escalations: topic is no input property"},
		"an escalation of a setting":  {replace(`"modes"`, `"escalations": [{"pointer": "/project_id", "access": "write"}], "modes"`), "escalations: /project_id is filled from a setting"},
		"a target of nothing":         {replace(`"modes"`, `"target": "/name", "modes"`), "target: /name is no input property"},
		"a lookup of nothing":         {replace(`"modes"`, `"lookup": [{"operation": "get_topic", "arguments": {"a": "/name"}, "facts": {"b": "/c"}}], "modes"`), "lookup: /name is no input property"},
		"no output":                   {replace(`"output": {"type": "object"},`, ``), "output"},
		"an output that is no object": {replace(`"output": {"type": "object"}`, `"output": true`), "output"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadFile(folder(test.text), "rocketmq/get_trace.json")
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "rocketmq/get_trace.json") {
				t.Errorf("error %v; want the file's name and %q", err, test.want)
			}
		})
	}
	if _, err := ReadFile(folder(goodFile), "rocketmq/none.json"); err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// FuzzReadFile holds that nothing panics, and that a file that is accepted can be described.
func FuzzReadFile(f *testing.F) {
	f.Add(goodFile)
	f.Add(`{"request":"GET /","input":{},"output":{}}`)
	f.Add(`{"request":"GET /{","input":{"properties":{"":{"x-in":"path"}},"required":[""]},"output":{}}`)
	f.Add(`{"request":"POST /a","input":{"properties":{"a":{"x-in":"body","x-from":"b"}}},"output":{},"modes":[[]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadFile(folder(text), "rocketmq/get_trace.json")
		if err != nil {
			return
		}
		info, err := file.Info()
		if err != nil {
			t.Fatalf("accepted, and cannot be described: %v", err)
		}
		var input struct {
			Properties map[string]json.RawMessage `json:"properties"`
			Required   []string                   `json:"required"`
		}
		if err := json.Unmarshal(info.Input, &input); err != nil {
			t.Fatalf("the input is no JSON object: %v", err)
		}
		for _, name := range input.Required {
			if _, ok := input.Properties[name]; !ok {
				t.Fatalf("%q is required of the caller and not described", name)
			}
		}
		for _, placeholder := range file.Placeholders() {
			found := false
			for _, parameter := range file.Parameters {
				found = found || parameter.In == InPath && parameter.Wire == placeholder
			}
			if !found {
				t.Fatalf("nothing fills {%s}", placeholder)
			}
		}
	})
}
