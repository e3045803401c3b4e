// Command mqtrail answers "where is my message?" across clouds: an MCP server and a command line over vendor
// plugins.
package main

import (
	"os"

	"github.com/mqtrail/mqtrail/host/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:]))
}
