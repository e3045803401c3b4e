// Package plugintest holds the checks that every plugin must pass. A plugin's test is one line:
//
//	func TestPlugin(t *testing.T) { plugintest.Run(t, plugin()) }
//
// The plugin is met as the host meets it, through its gRPC service, without a process around it.
package plugintest
