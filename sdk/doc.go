// Package sdk is what an mqtrail plugin is written with.
//
// A plugin is one program, mqtrail-plugin-<name>, whose main calls [Serve] with a [Plugin]: how to open a
// connection, and what can be done with it. Operations come from files (package rest) or from typed Go
// functions ([Op]); both carry JSON schemas and are offered by the host as MCP tools and as commands.
//
//	func main() {
//		sdk.Serve(sdk.Plugin[Config, *Client]{
//			Name:       "acme",
//			Title:      "Acme Cloud",
//			Open:       open,
//			Operations: sdk.Operations[*Client](sdk.Op("ping", "Ask whether Acme is up.", ping)),
//		})
//	}
//
// Call Serve first in main: whatever is printed before it breaks the handshake with the host.
package sdk

// Version of this SDK, recorded in every plugin's manifest.
const Version = "0.1.0"
