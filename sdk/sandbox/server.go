package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mqtrail/mqtrail/sdk"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 4 << 20

// Start serves the emulator on a loopback port of its own, for as long as the process lives, and returns its
// base URL.
func Start(vendor Vendor) (string, error) {
	handler, err := Handler(vendor)
	if err != nil {
		return "", err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("the sandbox needs a loopback port: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with the process
	return "http://" + listener.Addr().String(), nil
}

// Handler is the emulator as a handler.
func Handler(vendor Vendor) (http.Handler, error) {
	names, err := sdk.FileNames(vendor.Files)
	if err != nil {
		return nil, err
	}
	e := &emulator{vendor: vendor}
	for _, name := range names {
		file, err := sdk.ReadFile(vendor.Files, name)
		if err != nil {
			return nil, err
		}
		e.files = append(e.files, file)
	}
	return e, nil
}

type emulator struct {
	vendor Vendor
	files  []*sdk.File
	inputs sync.Map // *sdk.File → func() (*jsonschema.Schema, error), compiled when first called
}

func (e *emulator) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxBody))
	if err != nil {
		http.Error(w, "request entity too large", http.StatusRequestEntityTooLarge)
		return
	}
	send(w, e.answer(request, body))
}

func (e *emulator) answer(request *http.Request, body []byte) *Answer {
	if refusal := e.vendor.Verify(request, body); refusal != nil {
		return refusal
	}
	found := route(e.files, request, body, e.vendor.Means)
	if found == nil {
		return e.vendor.Refuse(Fault{Kind: UnknownRoute, Request: request, Detail: request.Method + " " + request.URL.EscapedPath()})
	}
	file, path := found.File, found.Path
	arguments, fault := decode(file, path, request, body)
	if fault == nil {
		fault = e.conform(file, arguments)
	}
	if fault != nil {
		fault.Request, fault.File = request, file
		return e.vendor.Refuse(*fault)
	}
	return e.respond(&Call{File: file, Arguments: arguments, Request: request})
}

func (e *emulator) respond(call *Call) *Answer {
	if e.vendor.Respond != nil {
		if answer := e.vendor.Respond(call); answer != nil {
			return answer
		}
	}
	if documented(call) {
		return &Answer{Status: http.StatusOK, Body: call.File.Example.Answer}
	}
	if e.vendor.Missing != nil {
		if answer := e.vendor.Missing(call); answer != nil {
			return answer
		}
	}
	if call.File.Text {
		return &Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte("success")}
	}
	made, err := Example(call.File.Output)
	if err != nil {
		return &Answer{Status: http.StatusInternalServerError, Body: map[string]string{"message": err.Error()}}
	}
	return &Answer{Status: http.StatusOK, Body: made}
}

// documented reports whether the call names the identifiers of the file's documented example: all that the
// example gives for required parameters.
func documented(call *Call) bool {
	if call.File.Example == nil || call.File.Example.Answer == nil {
		return false
	}
	var example map[string]json.RawMessage
	if json.Unmarshal(call.File.Example.Arguments, &example) != nil {
		return false
	}
	for _, parameter := range call.File.Parameters {
		want, ok := example[parameter.Name]
		if ok && parameter.Required && !bytes.Equal(unquoted(want), unquoted(call.Arguments[parameter.Name])) {
			return false
		}
	}
	return true
}

// unquoted makes "7" and 7 equal: on the wire of a path or a query they are.
func unquoted(value json.RawMessage) []byte {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return []byte(text)
	}
	return bytes.TrimSpace(value)
}

// conform checks the arguments against the input schema.
func (e *emulator) conform(file *sdk.File, arguments map[string]json.RawMessage) *Fault {
	compile, _ := e.inputs.LoadOrStore(file, sync.OnceValues(func() (*jsonschema.Schema, error) { return compileInput(file) }))
	compiled, err := compile.(func() (*jsonschema.Schema, error))()
	if err != nil {
		return &Fault{Kind: BadParameter, Detail: err.Error()}
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return &Fault{Kind: BadParameter, Detail: err.Error()}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		return &Fault{Kind: BadParameter, Detail: err.Error()}
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(compiled.Validate(value), &invalid) {
		return nil
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	fault := &Fault{Kind: BadParameter, Detail: "out of range"}
	if len(invalid.InstanceLocation) > 0 {
		fault.Parameter = wireName(file, invalid.InstanceLocation[0])
	}
	return fault
}

func wireName(file *sdk.File, argument string) string {
	for _, parameter := range file.Parameters {
		if parameter.Name == argument {
			return parameter.Wire
		}
	}
	return argument
}

func compileInput(file *sdk.File) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(file.Input))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("input.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("input.json")
}

func send(w http.ResponseWriter, answer *Answer) {
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
	}
	var body []byte
	switch value := answer.Body.(type) {
	case []byte:
		body = value
	case json.RawMessage:
		var compact bytes.Buffer // vendors send no indentation; operation files have it for their readers
		if err := json.Compact(&compact, value); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body = compact.Bytes()
	case nil:
	default:
		encoded, err := json.Marshal(value)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body = encoded
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(body) // the client may have left; nothing to do about it
}
