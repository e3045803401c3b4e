package cli

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// completionTime bounds what a press of the tab key may cost.
const completionTime = 2 * time.Second

// completeOperation completes the name of an operation.
func (a *app) completeOperation(command *cobra.Command, arguments []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(arguments) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	a.completing(command, func(_ context.Context, s *session) {
		for _, operation := range s.gateway.Catalogue().All() {
			if strings.HasPrefix(operation.Name, prefix) {
				names = append(names, cobra.CompletionWithDesc(operation.Name, operation.Title))
			}
		}
	})
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeCall completes the operation, and then NAME= of its arguments that are not given yet.
func (a *app) completeCall(command *cobra.Command, arguments []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(arguments) == 0 {
		return a.completeOperation(command, arguments, prefix)
	}
	var names []cobra.Completion
	a.completing(command, func(_ context.Context, s *session) {
		operation, err := s.gateway.Catalogue().Lookup(arguments[0])
		if err != nil {
			return
		}
		var input struct {
			Properties map[string]struct {
				Description string `json:"description"`
			} `json:"properties"`
		}
		if json.Unmarshal(operation.InputSchema(), &input) != nil {
			return
		}
		given := map[string]bool{}
		for _, pair := range arguments[1:] {
			name, _, _ := strings.Cut(pair, "=")
			given[name] = true
		}
		for name, property := range input.Properties {
			if !given[name] && strings.HasPrefix(name, prefix) {
				names = append(names, cobra.CompletionWithDesc(name+"=", property.Description))
			}
		}
	})
	return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeConnections completes --connection.
func (a *app) completeConnections(command *cobra.Command) {
	complete := func(command *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []cobra.Completion
		a.completing(command, func(_ context.Context, s *session) {
			for _, connection := range s.gateway.Connections() {
				names = append(names, cobra.CompletionWithDesc(connection.Name, connection.Plugin))
			}
		})
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	mustComplete(command, "connection", complete)
}

// completeFlag completes a flag with what the vendors list of a kind.
func (a *app) completeFlag(command *cobra.Command, flag string, kind model.Kind, scope *trail.Scope) {
	mustComplete(command, flag, func(command *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return a.names(command, kind, *scope, prefix)
	})
}

// completeArgument completes the only argument with what the vendors list of a kind.
func (a *app) completeArgument(kind model.Kind, scope *trail.Scope) cobra.CompletionFunc {
	return func(command *cobra.Command, arguments []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(arguments) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.names(command, kind, *scope, prefix)
	}
}

// names are the ids of what the vendors list; what cannot be asked in time completes nothing.
func (a *app) names(command *cobra.Command, kind model.Kind, scope trail.Scope, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	where := map[string][]string{} // by id: one may be in several places
	a.completing(command, func(ctx context.Context, s *session) {
		for _, listed := range s.trail().Names(ctx, kind, scope) {
			if strings.HasPrefix(listed.ID, prefix) && !slices.Contains(where[listed.ID], listed.Connection) {
				where[listed.ID] = append(where[listed.ID], listed.Connection)
			}
		}
	})
	var names []cobra.Completion
	for _, id := range slices.Sorted(maps.Keys(where)) {
		names = append(names, cobra.CompletionWithDesc(id, strings.Join(where[id], ", ")))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func mustComplete(command *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := command.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the flag is defined beside this call
	}
}

// completing runs with a session; a configuration that cannot be read completes nothing.
func (a *app) completing(command *cobra.Command, run func(ctx context.Context, s *session)) {
	ctx := command.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	s, err := a.open(ctx)
	if err != nil {
		return
	}
	defer s.close()
	run(ctx, s)
}
