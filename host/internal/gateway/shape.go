package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/shape"
	"github.com/mqtrail/mqtrail/sdk"
)

// Shape says what is made of an answer: first its secrets are taken out, then a part is selected, then it is held
// to a size.
type Shape struct {
	// Select is a jq expression; empty selects all.
	Select string
	// MaxTokens is the most that the answer may take, in tokens of four bytes; 0 is no limit.
	MaxTokens int
	// ShowSecrets leaves the answer's secrets in it: the owner asked for them.
	ShowSecrets bool
}

// compileSelection reads a jq expression; nil when there is none. An expression that is wrong is answered with what
// could be selected from.
func compileSelection(operation *operations.Operation, expression string) (*shape.Expression, error) {
	if expression == "" {
		return nil, nil
	}
	compiled, err := shape.Compile(expression)
	if err == nil {
		return compiled, nil
	}
	problem := sdk.AsProblem(err)
	problem.Message += " Nothing was sent."
	if keys := operation.AnswerKeys(); len(keys) > 0 {
		problem.Hint = strings.TrimSpace(fmt.Sprintf("The answer has the keys %s. %s", strings.Join(keys, ", "), problem.Hint))
	}
	return nil, problem
}

func (s Shape) apply(ctx context.Context, operation *operations.Operation, selection *shape.Expression, answer json.RawMessage) (json.RawMessage, error) {
	if !s.ShowSecrets {
		var err error
		if answer, err = operation.Redact(answer); err != nil {
			return nil, err
		}
	}
	if selection != nil {
		selected, err := selection.Select(ctx, answer)
		if err != nil {
			problem := sdk.AsProblem(err)
			problem.Message = "The call was made; only the choice of what to show of its answer failed. " + problem.Message
			return nil, problem
		}
		answer = selected
	}
	if s.MaxTokens == 0 {
		return answer, nil
	}
	return shape.Cut(answer, s.MaxTokens, rest(operation))
}

// rest says how to get what was cut off an answer.
func rest(operation *operations.Operation) string {
	pages := slices.DeleteFunc(operation.ArgumentNames(), func(name string) bool { return !pageArguments[strings.ToLower(name)] })
	if len(pages) == 0 {
		return "Take what you need of it with a jq expression: " + selections
	}
	return fmt.Sprintf("Ask for less at a time with %s. Or take what you need with a jq expression: %s", strings.Join(pages, ", "), selections)
}

// selections are the ways to give a jq expression.
const selections = "select of call_operation, --jq at the command line."

// pageArguments are the names, in lower case, that arguments have by which answers come in pages.
var pageArguments = map[string]bool{
	"limit": true, "offset": true, "page": true, "pagesize": true, "page_size": true, "pagenumber": true, "pagenum": true,
	"pageno": true, "pagenow": true, "currentpage": true, "start": true, "nexttoken": true, "next_token": true,
	"maxresults": true, "cursor": true, "marker": true, "size": true, "nummessages": true,
}
