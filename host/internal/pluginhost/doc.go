// Package pluginhost finds, verifies, starts, watches, restarts and stops plugin processes, and carries calls to
// them. It owns each process whole: its group, its pipes, its environment, its socket. go-plugin is left with the
// handshake and the connection.
//
// One process serves all connections of its plugin. It is started at the first need, restarted at the first call
// after a crash, and given up after too many of them.
package pluginhost
