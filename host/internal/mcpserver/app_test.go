package mcpserver

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/trail"
)

// appClient are the capabilities of a client that shows pages of a type.
func appClient(mime string) string {
	return fmt.Sprintf(`{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":[%q]}}}`, mime)
}

// A client that shows MCP Apps gets the page with the tool and what it draws with the answer; others get neither.
func TestAppOfASession(t *testing.T) {
	for capabilities, shows := range map[string]bool{
		appClient("text/html;profile=mcp-app"):             true,
		appClient("text/html"):                             false,
		`{"extensions":{"io.modelcontextprotocol/ui":{}}}`: false,
		`{}`: false,
	} {
		p := serve(t, "--sandbox")
		p.send(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":` + capabilities +
			`,"clientInfo":{"name":"test","version":"1"}}}`)
		p.answer("0")
		checkApp(t, p, shows, "")
		p.end()
	}
}

// In the revision without sessions, what a client can show comes with each request.
func TestAppOfARequest(t *testing.T) {
	p := serve(t, "--sandbox")
	for _, shows := range []bool{true, false, true} {
		capabilities := "{}"
		if shows {
			capabilities = appClient(appMIME)
		}
		checkApp(t, p, shows, `,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",`+
			`"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":`+capabilities+`}`)
	}
	p.end()
}

// checkApp lists the tools and calls one; meta ends the parameters of each request.
func checkApp(t *testing.T, p *process, shows bool, meta string) {
	t.Helper()
	p.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{` + strings.TrimPrefix(meta, ",") + `}}`)
	var listed struct {
		Tools []struct {
			Name string
			Meta struct {
				UI    struct{ ResourceURI string }
				Older string `json:"ui/resourceUri"`
			} `json:"_meta"`
		}
	}
	p.result("1", &listed)
	for _, tool := range listed.Tools {
		want := ""
		if shows && tool.Name == traceMessage {
			want = appURI
		}
		if tool.Meta.UI.ResourceURI != want || tool.Meta.Older != want {
			t.Errorf("%s has the page %q, older %q, want %q", tool.Name, tool.Meta.UI.ResourceURI, tool.Meta.Older, want)
		}
	}
	p.send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"trace_message","arguments":{` + shopTrace + `}` + meta + `}}`)
	var called toolResult
	p.result("2", &called)
	report := called.Meta[render.AppReport]
	if !shows {
		if report != nil {
			t.Errorf("a client that shows no pages got a report of %d bytes", len(report))
		}
		return
	}
	var drawn trail.TraceReport
	if err := json.Unmarshal(report, &drawn); err != nil || len(drawn.Lives) != 1 || len(drawn.Lives[0].Events) < 5 {
		t.Errorf("the page gets %v %.300s", err, report)
	}
}

func TestAppResource(t *testing.T) {
	p := serve(t, "--sandbox")
	p.send(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"ui://mqtrail/trail.html"}}`)
	var read struct {
		Contents []struct {
			URI, MIMEType, Text string
			Meta                struct{ UI struct{ PrefersBorder bool } } `json:"_meta"`
		}
	}
	p.result("1", &read)
	if len(read.Contents) != 1 || read.Contents[0].URI != appURI || read.Contents[0].MIMEType != "text/html;profile=mcp-app" ||
		read.Contents[0].Text != string(render.App()) || !read.Contents[0].Meta.UI.PrefersBorder {
		t.Errorf("read %+v", read)
	}
	p.end()
}
