package mcpserver

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

// output writes messages, one line each, whole.
type output struct {
	mutex  sync.Mutex
	writer io.Writer
	asked  *pending
	// stop ends the serving: a client that takes no answers is gone.
	stop   func()
	failed error
}

// responseStart begins a line that answers a request; mcp-go always writes the members in this order.
var responseStart = []byte(`{"jsonrpc":"2.0","id":`)

// Write writes one line. mcp-go calls it once for each message.
func (o *output) Write(line []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	n, err := o.writer.Write(line)
	if err != nil {
		if o.failed == nil {
			o.failed = err
		}
		o.stop()
		return n, err
	}
	if isResponse(line) {
		o.asked.answered()
	}
	return n, nil
}

// isResponse tells an answer from a request of the server's own, whose id is a number.
func isResponse(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, responseStart)
	return ok && !bytes.HasPrefix(bytes.TrimLeft(rest, "0123456789"), []byte(`,"method":`))
}

// failure is the first error of writing.
func (o *output) failure() error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.failed
}

// notify writes a notification.
func (o *output) notify(method string, params any) {
	o.send(notification{mcp.JSONRPC_VERSION, method, params})
}

// notification is a message that nobody answers.
type notification struct {
	JSONRPC string `json:"jsonrpc"`
	Method  string `json:"method"`
	Params  any    `json:"params"`
}

// refuse answers a message that cannot be read, so that its id is not known.
func (o *output) refuse(code int, text string) {
	o.asked.add() // Write counts every answer
	o.send(mcp.JSONRPCError{
		JSONRPC: mcp.JSONRPC_VERSION, ID: mcp.NewRequestId(nil), Error: mcp.NewJSONRPCErrorDetails(code, text, nil),
	})
}

func (o *output) send(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		return // a number that JSON does not know; the call itself goes on
	}
	_, _ = o.Write(append(line, '\n')) // failure keeps the error
}
