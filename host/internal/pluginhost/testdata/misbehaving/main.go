// Misbehaving is a plugin that does wrong on demand. How it starts goes by the name of its file, what it does in a
// call by the operation.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "linger" {
		linger()
	}
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(os.Args[0]), "mqtrail-plugin-"), ".exe")
	switch name {
	case "chatty":
		fmt.Println("hello, world")
	case "panicky":
		panic("no courage to start")
	case "quitter":
		fmt.Fprintln(os.Stderr, "the licence has expired")
		os.Exit(3)
	case "sleeper":
		linger()
	case "ancient":
		fmt.Println("1|1|unix|/nowhere|netrpc|")
		linger()
	case "alien":
		fmt.Println("9|1|unix|/nowhere|grpc|")
		linger()
	case "mute":
		// A handshake, and nobody behind it.
		fmt.Println("1|1|unix|" + filepath.Join(os.TempDir(), "mqtrail-nobody") + "|grpc|")
		linger()
	case "future":
		serveRaw(name, 2)
		return
	case "raw", "liar", "mad", "speechless":
		serveRaw(name, 1)
		return
	}
	plugin := sdk.Plugin[settings, *connection]{
		Name:        name,
		Title:       "Misbehaving",
		Environment: []sdk.Variable{{Name: "NAMED_BY_MANIFEST", Secret: true}},
		Open:        open,
		Check:       func(context, *connection) (string, error) { return "all is well", nil },
		Operations:  operations,
	}
	if name == "illegal" {
		plugin.Operations = append(plugin.Operations, sdk.Op("odd", "Odd.", echo, sdk.Toolset("oddities")))
	}
	sdk.Serve(plugin)
}

// linger does nothing for longer than any test.
func linger() {
	for {
		time.Sleep(time.Hour)
	}
}
