package mcpserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/mark3labs/mcp-go/mcp"
)

// maxLine bounds one message of the client, in bytes.
const maxLine = 8 << 20

// input hands mcp-go the client's lines. mcp-go reads a line of any length into memory, drops a last line that has
// no end, and at the end of input gives up the calls that are in flight; so lines are bounded, ended, and the end
// waits for answers here.
type input struct {
	ctx   context.Context
	lines *bufio.Reader
	out   *output
	asked *pending
	rest  []byte // of the line that is being handed over
	end   error
}

func newInput(ctx context.Context, in io.Reader, out *output, asked *pending) *input {
	return &input{ctx: ctx, lines: bufio.NewReaderSize(in, 64<<10), out: out, asked: asked}
}

// Read hands over one line, or a part of it.
func (i *input) Read(buffer []byte) (int, error) {
	for len(i.rest) == 0 {
		if i.end != nil {
			i.asked.wait(i.ctx, patience)
			return 0, i.end
		}
		i.rest = i.next()
	}
	n := copy(buffer, i.rest)
	i.rest = i.rest[n:]
	return n, nil
}

var errLongLine = errors.New("the line is too long")

// next is the next line that holds something; nil when there was none worth handing over.
func (i *input) next() []byte {
	line, err := i.line()
	switch {
	case errors.Is(err, errLongLine):
		i.out.refuse(mcp.INVALID_REQUEST, fmt.Sprintf("The message is longer than %d bytes and was not read.", maxLine))
		return nil
	case err != nil:
		i.end = err
	}
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return nil
	}
	if isRequest(line) {
		i.asked.add()
	}
	return append(line, '\n')
}

// line reads one line. Of a line over the bound the whole is skipped.
func (i *input) line() (line []byte, err error) {
	long := false
	for {
		piece, err := i.lines.ReadSlice('\n')
		if long = long || len(line)+len(piece) > maxLine; long {
			line = nil
		} else {
			line = append(line, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return line, err // the end, or a fault: what was skipped is not missed
		case long:
			return nil, errLongLine
		default:
			return line, nil
		}
	}
}

// isRequest reports whether a line will be answered. A subscription is answered when it ends, which may be never.
func isRequest(line []byte) bool {
	var message struct {
		Method mcp.MCPMethod   `json:"method"`
		ID     json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &message) != nil {
		return false
	}
	return message.Method != "" && message.Method != mcp.MethodSubscriptionsListen && len(message.ID) > 0 && string(message.ID) != "null"
}
