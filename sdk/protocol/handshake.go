package protocol

// What host and plugin agree on before they speak gRPC.
const (
	// Version is the protocol's version; host and plugin refuse any other.
	Version = 1
	// CookieKey and CookieValue tell a plugin that a host started it, not a person.
	CookieKey   = "MQTRAIL_PLUGIN"
	CookieValue = "b3f0c2a4-8d1e-4f57-9a66-2f7d5c1e9b08"
	// LogLevel is the variable that tells a plugin which log lines its host would drop, so that it writes none of them.
	LogLevel = "MQTRAIL_LOG_LEVEL"
	// Name is the one service that a plugin dispenses.
	Name = "mqtrail"

	// MaxMessage bounds one gRPC message, in bytes, both ways.
	MaxMessage = 16 << 20
	// Window is the HTTP/2 window of a stream and of a connection, in bytes.
	Window = 1 << 20
	// Chunk is how much of a result one Partial carries, in bytes.
	Chunk = 1 << 20
	// MaxResult bounds a whole result, in bytes.
	MaxResult = 64 << 20

	// SocketDirPrefix begins the name of the host's private folder of sockets.
	// A plugin whose host was killed removes the folder by this name.
	SocketDirPrefix = "mqtrail-"
)
