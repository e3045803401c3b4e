package pluginhost

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxText bounds each text of a plugin's problem, in bytes.
const maxText = 16 << 10

// maxFaults bounds the faults of a plugin's problem.
const maxFaults = 100

// decodeProblem reads a problem that a plugin sent; nil when it sent none. Its texts come from far away: secrets
// are removed and sizes are bounded.
func (p *Plugin) decodeProblem(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	problem := &sdk.Problem{}
	if err := json.Unmarshal(data, problem); err != nil || problem.Code == "" || problem.Message == "" {
		return p.senseless("a call", "it failed and did not say how")
	}
	if !slices.Contains([]sdk.Source{sdk.SourceCaller, sdk.SourceVendor, sdk.SourcePlugin}, problem.Source) {
		problem.Source = sdk.SourcePlugin
	}
	texts := []*string{
		&problem.Code, &problem.Message, &problem.Hint, &problem.Pointer, &problem.VendorCode, &problem.VendorRequestID,
	}
	problem.Faults = problem.Faults[:min(len(problem.Faults), maxFaults)]
	for i := range problem.Faults {
		texts = append(texts, &problem.Faults[i].Pointer, &problem.Faults[i].Message)
	}
	for _, text := range texts {
		*text = p.tidy(*text)
	}
	return problem
}

// tidy removes secrets and what could fool a terminal, line by line: messages may have several.
func (p *Plugin) tidy(text string) string {
	lines := strings.Split(cut(p.host.options.Redact(text), maxText), "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
