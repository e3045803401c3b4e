package mcpserver

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// maxCompletions is the most that the protocol lets a completion hold.
	maxCompletions = 100
	// completionTime bounds what somebody waits for who is typing.
	completionTime = 2 * time.Second
)

// completed are the values, as many as the protocol takes.
func completed(values []string) *mcp.Completion {
	shown := min(maxCompletions, len(values))
	return &mcp.Completion{Values: append([]string{}, values[:shown]...), Total: len(values), HasMore: shown < len(values)}
}

// completions complete the names of operations.
type completions struct{ server *Server }

// CompleteResourceArgument lists the operations whose names begin with what was typed, or that it finds.
func (c completions) CompleteResourceArgument(_ context.Context, uri string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	if uri != operationsURI || argument.Name != "name" {
		return completed(nil), nil
	}
	var names []string
	for _, operation := range c.server.gateway.Catalogue().All() {
		if strings.HasPrefix(operation.Name, strings.ToLower(argument.Value)) {
			names = append(names, operation.Name)
		}
	}
	if len(names) == 0 {
		for _, operation := range c.server.gateway.Catalogue().Search(operations.Query{Words: argument.Value}) {
			names = append(names, operation.Name)
		}
	}
	return completed(names), nil
}

// The arguments of prompts that are completed, whatever the prompt.
const (
	argumentInstance = "instance"
	argumentTopic    = "topic"
	argumentGroup    = "group"
)

// listedAs are the kinds of resources that arguments name.
var listedAs = map[string]model.Kind{argumentInstance: model.Instances, argumentTopic: model.Topics, argumentGroup: model.Groups}

// promptCompletions complete the names of connections, instances, topics and groups.
type promptCompletions struct{ server *Server }

// CompletePromptArgument lists the names that begin with what was typed, or else that have it in them, narrowed by the
// arguments that are given already. What cannot be asked in time completes nothing.
func (c promptCompletions) CompletePromptArgument(ctx context.Context, _ string, argument mcp.CompleteArgument, given mcp.CompleteContext) (*mcp.Completion, error) {
	kind, listed := listedAs[argument.Name]
	switch {
	case argument.Name == connectionArgument:
		return completed(fitting(c.connections(), argument.Value)), nil
	case !listed:
		return completed(nil), nil
	}
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	scope := trail.Scope{Connection: given.Arguments[connectionArgument], Instance: given.Arguments[argumentInstance]}
	if kind == model.Instances {
		scope.Instance = ""
	}
	var names []string
	for _, resource := range c.server.trail.Names(ctx, kind, scope) {
		names = append(names, resource.ID)
	}
	slices.Sort(names)
	return completed(fitting(slices.Compact(names), argument.Value)), nil
}

func (c promptCompletions) connections() []string {
	var names []string
	for _, connection := range c.server.gateway.Connections() {
		names = append(names, connection.Name)
	}
	return names
}

// fitting are the names that begin with what was typed; if none does, those that have it in them.
func fitting(names []string, typed string) []string {
	typed = strings.ToLower(typed)
	var begin, have []string
	for _, name := range names {
		switch lower := strings.ToLower(name); {
		case strings.HasPrefix(lower, typed):
			begin = append(begin, name)
		case strings.Contains(lower, typed):
			have = append(have, name)
		}
	}
	if len(begin) > 0 {
		return begin
	}
	return have
}
