// Package protocol is the gRPC contract between host and plugin, generated from plugin.proto.
//
// Regenerate it with:
//
//	go test ./sdk/protocol -update
package protocol
