// Package rest makes every operation file an operation: it binds arguments to path, query, header and body,
// has the request signed, sends it, and passes the vendor's answer through byte for byte.
//
// A plugin gives it what differs between vendors: where to send, how to sign, and how to tell a failure.
package rest
