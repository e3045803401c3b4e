package plugintest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// patience bounds one call of a check.
const patience = 30 * time.Second

func checkSettings(t *testing.T, client protocol.PluginClient, manifest *protocol.Manifest) {
	compile(t, "settings", manifest.ConfigSchema)
	secret, unmarked := secretSettings(manifest.ConfigSchema)
	if len(unmarked) > 0 {
		t.Errorf("settings %v read like secrets and lack the tag `mqtrail:\"secret\"`", unmarked)
	}
	problem := open(t, client, &protocol.OpenRequest{Connection: "c", ConfigJson: []byte(`{"no_such_setting": 1}`), CheckOnly: true})
	if problem == nil || problem.Code != sdk.CodeInvalidConfig || problem.Source != sdk.SourceCaller {
		t.Errorf("an unknown setting was answered with %v, want the code %s and the source caller", problem, sdk.CodeInvalidConfig)
	}
	// Whatever is wrong with the settings, the problem must not repeat a secret.
	const value = "plugintest-secret-value"
	settings := map[string]any{"no_such_setting": 1}
	for _, name := range secret {
		settings[name] = value
	}
	encoded, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	problem = open(t, client, &protocol.OpenRequest{Connection: "c", ConfigJson: encoded})
	if problem != nil && strings.Contains(problem.Error(), value) {
		t.Errorf("a problem with the settings repeats a secret: %v", problem)
	}
}

func open(t *testing.T, client protocol.PluginClient, request *protocol.OpenRequest) *sdk.Problem {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	response, err := client.Open(ctx, request)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return decodeProblem(t, response.ProblemJson)
}

func checkUnknown(t *testing.T, client protocol.PluginClient, manifest *protocol.Manifest) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	problem := refusal(ctx, t, client, &protocol.InvokeRequest{Connection: "c", Operation: manifest.Name + "_no_such_operation"})
	if problem == nil || problem.Code != sdk.CodeUnknownOperation {
		t.Errorf("an unknown operation was answered with %v", problem)
	}
	if len(manifest.Operations) == 0 {
		return
	}
	problem = refusal(ctx, t, client, &protocol.InvokeRequest{Connection: "never opened", Operation: manifest.Operations[0].Name})
	if problem == nil || problem.Code != sdk.CodeUnknownConnection {
		t.Errorf("a connection that was never opened was answered with %v", problem)
	}
	if _, err := client.Close(ctx, &protocol.CloseRequest{Connection: "never opened"}); err != nil {
		t.Errorf("closing a connection that was never opened: %v", err)
	}
}

func checkSandbox(t *testing.T, client protocol.PluginClient, manifest *protocol.Manifest) {
	const connection = "sandbox"
	if problem := open(t, client, &protocol.OpenRequest{Connection: connection, Sandbox: true}); problem != nil {
		t.Fatalf("the sandbox does not open: %v", problem)
	}
	if manifest.Check {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		response, err := client.Check(ctx, &protocol.CheckRequest{Connection: connection})
		if err != nil {
			t.Fatalf("Check: %v", err)
		}
		if problem := decodeProblem(t, response.ProblemJson); problem != nil || response.Summary == "" {
			t.Errorf("checking the sandbox: problem %v, summary %q; want no problem and a summary", problem, response.Summary)
		}
	}
	for _, operation := range manifest.Operations {
		if len(operation.ExampleArguments) == 0 {
			continue
		}
		t.Run(operation.Name, func(t *testing.T) { checkCalls(t, client, connection, operation) })
	}
}

// checkCalls runs an operation's example, with an argument that it does not have, and with a context that has
// ended. A read runs several times at once; anything else once, because what is created or deleted twice is refused.
func checkCalls(t *testing.T, client protocol.PluginClient, connection string, operation *protocol.Operation) {
	output := compile(t, "output", operation.OutputSchema)
	request := &protocol.InvokeRequest{Connection: connection, Operation: operation.Name, ArgumentsJson: operation.ExampleArguments, RequestId: "plugintest"}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	atOnce := 1
	if operation.Access == string(sdk.AccessRead) {
		atOnce = 8
	}
	var wait sync.WaitGroup
	results := make([]json.RawMessage, atOnce)
	problems := make([][]byte, atOnce)
	errs := make([]error, atOnce)
	for i := range atOnce {
		wait.Go(func() { results[i], problems[i], errs[i] = call(ctx, client, request) })
	}
	wait.Wait()
	for i := range atOnce {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if problem := decodeProblem(t, problems[i]); problem != nil {
			t.Fatalf("the example failed: %v", problem)
		}
		if err := output.Validate(decode(t, results[i])); err != nil {
			t.Errorf("the answer does not fit the output schema: %v", err)
		}
	}

	problem := refusal(ctx, t, client, &protocol.InvokeRequest{
		Connection: connection, Operation: operation.Name, ArgumentsJson: []byte(`{"noSuchArgument": 1}`),
	})
	if problem == nil || problem.Source != sdk.SourceCaller {
		t.Errorf("wrong arguments were answered with %v, want a problem of the caller's", problem)
	}

	ended, end := context.WithCancel(t.Context())
	end()
	if _, _, err := call(ended, client, request); err == nil {
		t.Error("a call whose context had ended was answered")
	}
}
