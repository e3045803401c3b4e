package rest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFilesTravelAsForm(t *testing.T) {
	file := parse(t, `{
		"operation": "Import", "title": "t", "description": "d", "access": "write", "toolset": "topics", "request": "POST /import",
		"input": {"type": "object", "properties": {
			"list":  {"type": "string", "x-in": "file", "x-name": "wire list"},
			"other": {"type": "string", "x-in": "file"},
			"mode":  {"type": "string", "x-in": "query"}
		}, "required": ["list"]},
		"output": {"type": "object"}
	}`)
	arguments, err := json.Marshal(map[string]string{"list": "a\r\n--\"消息\"\x00", "mode": "m"})
	if err != nil {
		t.Fatal(err)
	}
	bound, err := bind(t.Context(), file, arguments, noSetting)
	if err != nil {
		t.Fatal(err)
	}
	kind, words, err := mime.ParseMediaType(bound.contentType)
	if err != nil || kind != "multipart/form-data" || bound.query != "mode=m" {
		t.Fatalf("content type %s (%v), query %s", bound.contentType, err, bound.query)
	}
	reader, got := multipart.NewReader(strings.NewReader(string(bound.body)), words["boundary"]), map[string]string{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil || part.FileName() == "" {
			t.Fatalf("%v, file name %q", err, part.FileName())
		}
		got[part.FormName()] = string(content)
	}
	if diff := cmp.Diff(map[string]string{"wire list": "a\r\n--\"消息\"\x00"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := bind(t.Context(), file, json.RawMessage(`{}`), noSetting); err == nil {
		t.Error("a required file was not missed")
	}
}
