package mcpserver

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// How many operations find_operations shows: enough to choose from, few enough to read.
const (
	foundDefault = 10
	foundMost    = 50
)

type findArguments struct {
	Words   string `json:"words"`
	Plugin  string `json:"plugin"`
	Toolset string `json:"toolset"`
	Limit   int    `json:"limit"`
}

// findings are what find_operations answers.
type findings struct {
	Operations []finding `json:"operations"`
	Found      int       `json:"found"`
	Next       string    `json:"next"`
}

type finding struct {
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	About       string     `json:"about,omitempty"`
	Access      sdk.Access `json:"access"`
	Required    []string   `json:"required"`
	OneSetOf    [][]string `json:"one_set_of,omitempty"`
	NotCallable string     `json:"not_callable,omitempty"`
}

func (s *Server) findOperations() native {
	const name = "find_operations"
	properties := map[string]any{
		"words":   described("string", "What it should do, such as: trace message; 消息轨迹. Without words: all."),
		"toolset": oneOf(sdk.Toolsets(), "Only this group."),
		"limit":   map[string]any{"type": "integer", "minimum": 1, "maximum": foundMost, "description": fmt.Sprintf("Most to show, %d unless given.", foundDefault)},
	}
	if plugins := s.plugins(); len(plugins) > 0 {
		properties["plugin"] = oneOf(plugins, "Only this vendor.")
	}
	input := object(properties)
	return native{
		name: name, title: "Find operations", hints: local, input: input,
		description: "Search all operations of all vendors, best first, by name, title and keywords in English or Chinese.",
		output: object(map[string]any{
			"operations": listOf(object(map[string]any{
				"name":         described("string", "For describe_operation and call_operation."),
				"title":        described("string", "What it does."),
				"about":        described("string", "The first sentence of its description."),
				"access":       described("string", "What it needs: read, write or destructive."),
				"required":     listOf(map[string]any{"type": "string"}, "Arguments that must be given."),
				"one_set_of":   listOf(listOf(map[string]any{"type": "string"}, "One set."), "Sets of arguments of which exactly one is given whole."),
				"not_callable": described("string", "Why it cannot be called now; absent when it can."),
			}), "Best first."),
			"found": described("integer", "Operations that fit, shown or not."),
			"next":  described("string", "What to do next."),
		}),
		handle: answered(name, input, func(arguments findArguments) (any, error) { return s.find(arguments) }),
	}
}

// plugins are the vendors that have operations, by name.
func (s *Server) plugins() []string {
	var names []string
	for _, operation := range s.gateway.Catalogue().All() {
		names = append(names, operation.Plugin)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (s *Server) find(arguments findArguments) (findings, error) {
	limit := arguments.Limit
	if limit == 0 {
		limit = foundDefault
	}
	fitting := slices.DeleteFunc(s.gateway.Catalogue().Search(arguments.Words), func(o *operations.Operation) bool {
		return arguments.Plugin != "" && o.Plugin != arguments.Plugin || arguments.Toolset != "" && o.Toolset != arguments.Toolset
	})
	found := findings{Operations: []finding{}, Found: len(fitting)}
	for _, operation := range fitting[:min(limit, len(fitting))] {
		entry, err := s.finding(operation)
		if err != nil {
			return found, err
		}
		found.Operations = append(found.Operations, entry)
	}
	found.Next = found.advice(arguments)
	return found, nil
}

func (s *Server) finding(operation *operations.Operation) (finding, error) {
	var input struct {
		Required []string `json:"required"`
	}
	if err := json.Unmarshal(operation.InputSchema, &input); err != nil {
		return finding{}, fmt.Errorf("the input schema of %s: %w", operation.Name, err)
	}
	entry := finding{
		Name: operation.Name, Title: operation.Title, About: firstSentence(operation.Description), Access: operation.Needs(),
		Required: append([]string{}, input.Required...), OneSetOf: modesOf(operation),
	}
	switch s.reasonNotOffered(operation) {
	case noConnection:
		entry.NotCallable = "No connection is configured for " + operation.Plugin + "."
	case noAccess:
		entry.NotCallable = fmt.Sprintf("It needs %s access, which no connection of %s allows.", operation.Needs(), operation.Plugin)
	}
	return entry, nil
}

func (f findings) advice(arguments findArguments) string {
	shown := len(f.Operations)
	switch {
	case f.Found == 0 && (arguments.Plugin != "" || arguments.Toolset != ""):
		return "Nothing fits. Leave out plugin and toolset, or try other words."
	case f.Found == 0:
		return "Nothing fits. Try fewer or other words, in English or Chinese; without words all operations are listed."
	case shown < f.Found && shown < foundMost:
		return fmt.Sprintf("Shown are %d of %d. None of these? Give other words, or a higher limit (at most %d). Else: describe_operation.", shown, f.Found, foundMost)
	case shown < f.Found:
		return fmt.Sprintf("Shown are %d of %d. None of these? Give other words, a plugin or a toolset. Else: describe_operation.", shown, f.Found)
	default:
		return "See the arguments of one with describe_operation, then call it with call_operation."
	}
}

func modesOf(operation *operations.Operation) [][]string {
	var modes [][]string
	for _, mode := range operation.Modes {
		modes = append(modes, mode.Arguments)
	}
	return modes
}

// firstSentence ends at the first full stop before a space, in a text of ours or a plugin's.
func firstSentence(text string) string {
	if sentence, _, more := strings.Cut(text, ". "); more {
		return sentence + "."
	}
	return text
}
