package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// product is one of CTyun's services.
type product struct {
	// folder is that of its operation files.
	folder string
	// success is the statusCode of success: products write it as a number or as text.
	success any
	// invalid is the code of a wrong parameter.
	invalid string
	// handle answers from the product's state what a route without its version stands for: v2 and v3 see the same
	// things. nil and no error leave the call to its operation file.
	handle func(route string, arguments given.Arguments) (any, error)

	mutex sync.Mutex // held while handle runs and what it returned is encoded
}

func (p *product) respond(call *sandbox.Call) *sandbox.Answer {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	payload, err := p.handle(route(call.File.Path), call.Arguments)
	switch {
	case err != nil:
		return failed(err.Error())
	case payload == nil:
		return nil
	}
	encoded, err := json.Marshal(payload)
	if err != nil {
		return failed(err.Error())
	}
	return p.found(encoded)
}

// route is a path without its version: topic/create of /v3/topic/create.
func route(path string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return rest
}

// made answers with an example of the documented answer.
func (p *product) made(call *sandbox.Call) *sandbox.Answer {
	example, err := sandbox.Example(call.File.Output)
	if err != nil {
		return &sandbox.Answer{Status: http.StatusInternalServerError, Body: map[string]string{"message": err.Error()}}
	}
	var fields struct {
		ReturnObj json.RawMessage `json:"returnObj"`
	}
	if err := json.Unmarshal(example, &fields); err != nil {
		return &sandbox.Answer{Status: http.StatusInternalServerError, Body: map[string]string{"message": err.Error()}}
	}
	if string(fields.ReturnObj) == "null" { // of unknown shape
		fields.ReturnObj = json.RawMessage(`{}`)
	}
	return p.found(fields.ReturnObj)
}
