package trail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// Vendor makes a verb's vendor calls by operation files. One serves a whole connection; it is safe for concurrent use.
type Vendor struct {
	plugin string
	files  fs.FS
	doer   rest.Doer
	parsed sync.Map // of *sdk.File, by name
}

// NewVendor serves the plugin of this name, whose operation files lie in the folder of the same name.
func NewVendor(plugin string, files fs.FS, doer rest.Doer) *Vendor {
	return &Vendor{plugin: plugin, files: files, doer: doer}
}

// Begin starts the record of one verb's calls. raw keeps the vendor's answers in it.
func (v *Vendor) Begin(raw bool) *Calls { return &Calls{vendor: v, raw: raw} }

func (v *Vendor) file(name string) (*sdk.File, error) {
	if file, ok := v.parsed.Load(name); ok {
		return file.(*sdk.File), nil
	}
	file, err := sdk.ReadFile(v.files, v.plugin+"/"+name+".json")
	if err != nil {
		return nil, fmt.Errorf("reading the operation file: %w", err)
	}
	v.parsed.Store(name, file)
	return file, nil
}

// Calls makes vendor calls and remembers them. Calls may be made at the same time.
type Calls struct {
	vendor *Vendor
	raw    bool
	mu     sync.Mutex
	made   []Call
}

// Reply is a vendor's answer, with what evidence needs to point at it.
type Reply struct {
	Body      json.RawMessage
	operation string
	requestID string
}

// Do makes one call: name is <product>/<file>, arguments become its JSON object. The error is a *sdk.Problem.
func (c *Calls) Do(ctx context.Context, name string, arguments map[string]any) (*Reply, error) {
	file, err := c.vendor.file(name)
	if err != nil {
		return nil, sdk.AsProblem(err)
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return nil, sdk.AsProblem(err)
	}
	var header string
	body, err := c.vendor.doer.Do(rest.WithRequestID(ctx, &header), file, encoded)
	call := Call{Operation: c.vendor.plugin + "_" + sdk.ToolName(name+".json"), RequestID: header}
	if err != nil {
		problem := sdk.AsProblem(err)
		call.Problem = failureOf(problem)
		if problem.VendorRequestID != "" {
			call.RequestID = problem.VendorRequestID
		}
		c.add(call)
		return nil, problem
	}
	if call.RequestID == "" {
		call.RequestID = requestID(body)
	}
	reply := &Reply{Body: body, operation: call.Operation, requestID: call.RequestID}
	if c.raw {
		call.Answer = withoutSecrets(body, file.Output)
	}
	c.add(call)
	return reply, nil
}

func (c *Calls) add(call Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = append(c.made, call)
}

// Made are the calls so far, in the order in which they ended.
func (c *Calls) Made() []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Call(nil), c.made...)
}

// Decode reads the answer into a struct with the fields that the verb needs. A field of another type than the struct's
// is a problem that names it: the vendor's API does not describe such an answer.
func (r *Reply) Decode(into any) error {
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		problem := sdk.Problemf(sdk.SourceVendor, sdk.CodeInvalidAnswer, "The answer of %s is not as its API describes: %v", r.operation, err)
		problem.VendorRequestID = r.requestID
		return problem
	}
	return nil
}

// Evidence points at a place in the answer; pointer is a JSON pointer.
func (r *Reply) Evidence(pointer string) Evidence {
	return Evidence{Operation: r.operation, Pointer: pointer, RequestID: r.requestID}
}

func requestID(body json.RawMessage) string {
	var named struct {
		Camel string `json:"requestId"`
		Snake string `json:"request_id"`
	}
	if json.Unmarshal(body, &named) != nil {
		return "" // of another type: no id
	}
	if named.Camel != "" {
		return named.Camel
	}
	return named.Snake
}

func failureOf(problem *sdk.Problem) *Failure {
	return &Failure{
		Code: problem.Code, Message: problem.Message, VendorCode: problem.VendorCode,
		Retryable: problem.Retryable, Hint: problem.Hint,
	}
}
