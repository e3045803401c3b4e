// Command mcp is a bare mcp-go server of nine toy tools over standard input and output: what any server of that
// library costs at least.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

func main() {
	toys := server.NewMCPServer("floor", "1", server.WithToolCapabilities(false))
	for _, name := range []string{"find", "trace", "get", "lag", "status", "list", "decode", "search", "call"} {
		toys.AddTool(mcp.NewTool(name,
			mcp.WithDescription("A toy that answers with its argument."),
			mcp.WithString("text", mcp.Required(), mcp.Description("Text to answer with.")),
		), echo)
	}
	if err := server.ServeStdio(toys); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func echo(_ context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	text, err := request.RequireString("text")
	if err != nil {
		return mcp.NewToolResultError(err.Error()), nil
	}
	return mcp.NewToolResultText(text), nil
}
