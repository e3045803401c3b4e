package render

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
)

//go:embed page
var page embed.FS

// scripts are the parts of the page's script, in their order.
var scripts = []string{"text.js", "lanes.js", "picture.js", "report.js", "host.js", "start.js"}

// AppReport is the key of a tool result's _meta under which the page looks for the whole report first: what is there
// reaches the page and costs an assistant nothing. Without it the page shows the structured content.
const AppReport = "mqtrail/report"

// HTML is a trail as one page that needs nothing else: no network, no host.
func HTML(report *trail.TraceReport) ([]byte, error) {
	// Marshal escapes <, > and &, so that no text of the report can end the script element that holds it. Nor does any
	// mislead who reads the page's source.
	encoded, err := json.Marshal(report)
	if err != nil {
		return nil, fmt.Errorf("encoding the report for the page: %w", err)
	}
	return assemble(string(escapeInvisible(encoded))), nil
}

// App is the page without a report: an MCP App, which gets its report from the host around it.
func App() []byte { return assemble("null") }

func assemble(report string) []byte {
	style, script := part("trail.css"), ""
	for _, name := range scripts {
		script += part(name)
		if name == "text.js" { // the same words as in the terminal
			script += constant("MEANINGS", meanings) + constant("DOUBTS", doubts)
		}
	}
	policy := fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'", hash(script), hash(style))
	return []byte(strings.NewReplacer(
		"{{policy}}", policy, "{{style}}", style, "{{script}}", script, "{{report}}", report,
	).Replace(part("trail.html")))
}

// part is an embedded file; it is there, or the program was not built. Browsers read line ends as \n before they
// hash, whatever they are in the checkout.
func part(name string) string {
	content, err := page.ReadFile("page/" + name)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(content), "\r\n", "\n")
}

// constant is a script's line that names a table of ours.
func constant[K ~string](name string, table map[K]string) string {
	encoded, err := json.Marshal(table)
	if err != nil { // of texts
		panic(err)
	}
	return "const " + name + " = " + string(encoded) + ";\n"
}

// hash is what a content security policy names an inline script or style by.
func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
