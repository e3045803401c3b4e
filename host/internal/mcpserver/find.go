package mcpserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/sdk"
)

// How many operations find_operations shows: enough to choose from, few enough to read.
const (
	foundDefault = 10
	foundMost    = 50
	// foundBytes is what one of them takes on average at most: ten are within 1,200 tokens of four bytes, with the
	// words around.
	foundBytes = 450
	aboutMost  = 110 // bytes
)

type findArguments struct {
	Words   string     `json:"words"`
	Plugin  string     `json:"plugin"`
	Product string     `json:"product"`
	Access  sdk.Access `json:"access"`
	Toolset string     `json:"toolset"`
	Limit   int        `json:"limit"`
}

func (a findArguments) narrowed() bool {
	return a.Plugin != "" || a.Product != "" || a.Access != "" || a.Toolset != ""
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
		"words":   described("string", "What it should do: trace message; huawei 死信 重投. None: all."),
		"toolset": oneOf(sdk.Toolsets(), ""),
		"access":  oneOf([]sdk.Access{sdk.AccessRead, sdk.AccessWrite, sdk.AccessDestructive}, ""),
		"limit":   map[string]any{"type": "integer", "minimum": 1, "maximum": foundMost, "description": fmt.Sprintf("Most to show, %d unless given.", foundDefault)},
	}
	all := s.gateway.Catalogue().All()
	if plugins := distinct(all, func(o *operations.Operation) string { return o.Plugin }); len(plugins) > 0 {
		properties["plugin"] = oneOf(plugins, "")
	}
	if products := distinct(all, func(o *operations.Operation) string { return o.Product }); len(products) > 0 {
		properties["product"] = oneOf(products, "")
	}
	input := object(properties)
	return native{
		name: name, title: "Find operations", hints: local, input: input,
		description: "Search all operations of all vendors, best first, by words in English or Chinese, which may name the vendor and product. The other arguments narrow it down.",
		output: object(map[string]any{
			"operations": listOf(object(map[string]any{
				"name":         described("string", "For describe_operation and call_operation."),
				"title":        described("string", "What it does."),
				"about":        described("string", "What else to know, in part."),
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

// distinct are the values that operations have, sorted, without the empty one.
func distinct(all []*operations.Operation, value func(*operations.Operation) string) []string {
	set := map[string]bool{}
	for _, operation := range all {
		set[value(operation)] = true
	}
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

func (s *Server) find(arguments findArguments) (findings, error) {
	limit := arguments.Limit
	if limit == 0 {
		limit = foundDefault
	}
	fitting := s.gateway.Catalogue().Search(operations.Query{
		Words: arguments.Words, Plugin: arguments.Plugin, Product: arguments.Product, Access: arguments.Access, Toolset: arguments.Toolset,
	})
	found := findings{Operations: []finding{}, Found: len(fitting)}
	for _, operation := range fitting[:min(limit, len(fitting))] {
		found.Operations = append(found.Operations, s.finding(operation))
	}
	found.Next = found.advice(arguments)
	return found, found.fit()
}

// fit leaves out what is missed least until the findings are within their budget: what the last ones are about,
// then their sets of arguments; describe_operation has both.
func (f *findings) fit() error {
	size, budget := 0, foundBytes*len(f.Operations)
	for _, entry := range f.Operations {
		encoded, err := encode(entry)
		if err != nil {
			return err
		}
		size += len(encoded)
	}
	leaveOut := func(part func(*finding) (length int)) {
		for i := len(f.Operations) - 1; i >= 0 && size > budget; i-- {
			size -= part(&f.Operations[i])
		}
	}
	leaveOut(func(entry *finding) int {
		length := len(entry.About)
		entry.About = ""
		return length
	})
	leaveOut(func(entry *finding) int {
		length := len(fmt.Sprint(entry.OneSetOf))
		entry.OneSetOf = nil
		return length
	})
	return nil
}

func (s *Server) finding(operation *operations.Operation) finding {
	entry := finding{
		Name: operation.Name, Title: operation.Title, About: clip(firstSentence(operation.Description()), aboutMost), Access: operation.Needs(),
		Required: operation.Required(), OneSetOf: operation.OneSetOf(),
	}
	switch s.reasonNotOffered(operation) {
	case noConnection:
		entry.NotCallable = "No connection is configured for " + operation.Plugin + "."
	case noAccess:
		entry.NotCallable = fmt.Sprintf("It needs %s access, which no connection of %s allows.", operation.Needs(), operation.Plugin)
	}
	return entry
}

func (f findings) advice(arguments findArguments) string {
	shown := len(f.Operations)
	switch {
	case f.Found == 0 && arguments.narrowed():
		return "Nothing fits. Leave out plugin, product, access and toolset, or try other words."
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

// firstSentence ends at the first full stop before a space, in a text of ours or a plugin's.
func firstSentence(text string) string {
	if sentence, _, more := strings.Cut(text, ". "); more {
		return sentence + "."
	}
	return text
}

// clip is a text in at most so many bytes, cut before a word.
func clip(text string, most int) string {
	const mark = "…"
	if len(text) <= most {
		return text
	}
	cut := text[:most-len(mark)]
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		return cut[:at] + mark
	}
	return strings.ToValidUTF8(cut, "") + mark
}
