// Host is a host that starts a plugin, with a child of the plugin's in its group, prints what it started, and waits
// to be killed.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
)

func main() {
	host := pluginhost.New(pluginhost.Options{Dirs: os.Args[1:2]})
	plugin, err := host.Plugin("good")
	if err != nil {
		panic(err)
	}
	plugin.Register(pluginhost.Connection{Name: "main", Settings: json.RawMessage(`{}`)})
	result, err := plugin.Invoke(context.Background(), pluginhost.Call{Connection: "main", Operation: os.Args[2], Arguments: json.RawMessage(`{}`)})
	if err != nil {
		panic(err)
	}
	fmt.Printf("{\"plugin\":%d,\"result\":%s}\n", plugin.Status().PID, result)
	for {
		time.Sleep(time.Hour)
	}
}
