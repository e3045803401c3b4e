// Command synthetic is a plugin whose number of operations is in its name: as mqtrail-plugin-bench492 it is the
// plugin bench492 with 492 operations. Three of them do something: echo, order and direct.
package main

import (
	"context"
	"embed"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// files hold one operation of an HTTP API, as vendors' operations are.
//
//go:embed files
var files embed.FS

type settings struct {
	sdk.Settings
}

type client struct {
	rest.Client
}

func main() {
	name, count := identity(os.Args[0])
	working := sdk.Operations(
		sdk.Op("echo", "Answers with its argument; nothing else happens.", echo),
		sdk.Op("direct", "The time of plain HTTP requests for what order asks for.", direct),
		rest.FromFiles[*client](files),
	)
	sdk.Serve(sdk.Plugin[settings, *client]{
		Name: name, Title: "Synthetic",
		Open: func(_ context.Context, s settings) (*client, error) {
			return &client{rest.Client{Endpoint: s.Endpoint}}, nil
		},
		Sandbox:    startSandbox,
		Operations: append(working, silent(count-len(working))...),
	})
}

var programName = regexp.MustCompile(`^mqtrail-plugin-([a-z]+([0-9]+)[a-z]*)$`)

// identity reads the plugin's name and how many operations it has.
func identity(program string) (name string, count int) {
	parts := programName.FindStringSubmatch(strings.TrimSuffix(filepath.Base(program), ".exe"))
	if parts == nil {
		return "bench", 0
	}
	count, err := strconv.Atoi(parts[2])
	if err != nil { // more digits than fit: no operations then
		return parts[1], 0
	}
	return parts[1], count
}

// startSandbox serves the API of the operation files on loopback.
func startSandbox() (settings, error) {
	endpoint, err := sandbox.Start(sandbox.Vendor{
		Files:  files,
		Verify: func(*http.Request, []byte) *sandbox.Answer { return nil },
		Refuse: func(fault sandbox.Fault) *sandbox.Answer {
			return &sandbox.Answer{Status: http.StatusBadRequest, Body: map[string]string{"message": fault.Detail}}
		},
	})
	return settings{sdk.Settings{Endpoint: endpoint}}, err
}
