package mcpserver

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/sdk"
)

// connectionArgument is the argument that chooses a connection. It is the host's, not the vendor's.
const connectionArgument = "connection"

// maxListed is how many connections a schema lists; more are left to list_connections.
const maxListed = 20

func connectionSchema(connections []*gateway.Connection, text string) map[string]any {
	names := make([]string, len(connections))
	for i, connection := range connections {
		names[i] = connection.Name
	}
	if len(names) > maxListed {
		return described("string", text+" See list_connections.")
	}
	return oneOf(names, text)
}

// cutConnection takes the connection's name out of a call's arguments.
func cutConnection(arguments json.RawMessage) (name string, rest json.RawMessage, err error) {
	given, rest, err := cutArgument(arguments, connectionArgument)
	if err != nil || given == nil {
		return "", rest, err
	}
	if err := json.Unmarshal(given, &name); err != nil || name == "" {
		return "", nil, sdk.InvalidArgument(connectionArgument, "want the name of a connection, a string; nothing was sent").
			WithHint("See list_connections.")
	}
	return name, rest, nil
}

// cutArgument takes an argument of the host's out of a call's arguments; nil when it is not given. The other bytes
// stay as they are. What is no object is left to the check that says so.
func cutArgument(arguments json.RawMessage, name string) (value, rest json.RawMessage, err error) {
	members, err := membersOf(arguments)
	if err != nil || members == nil {
		return nil, arguments, nil //nolint:nilerr // the gateway's check says what is wrong, better
	}
	found := -1
	for i, m := range members {
		if m.name != name {
			continue
		}
		if found >= 0 {
			return nil, nil, sdk.InvalidArgument(name, "given twice; nothing was sent")
		}
		found = i
	}
	if found < 0 {
		return nil, arguments, nil
	}
	// A member ends where the next begins, so its comma goes with it; the last takes the comma before it.
	start, end := members[found].start, members[found].end
	switch {
	case found+1 < len(members):
		end = members[found+1].start
	case found > 0:
		start = members[found-1].end
	}
	return members[found].value, append(append(json.RawMessage{}, arguments[:start]...), arguments[end:]...), nil
}

// member is one member of a JSON object and where it stands.
type member struct {
	name       string
	value      json.RawMessage
	start, end int64
}

// membersOf lists the members of an object in order; nil when the JSON is no object.
func membersOf(raw json.RawMessage) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, err
	}
	var members []member
	for decoder.More() {
		// The offset is behind the last token; the name begins at the next quotation mark.
		begin := decoder.InputOffset()
		start := begin + int64(bytes.IndexByte(raw[begin:], '"'))
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(token), start: start}
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		m.end = decoder.InputOffset()
		members = append(members, m)
	}
	return members, nil
}

// unmarshalExact is json.Unmarshal that keeps numbers as they are written.
func unmarshalExact(raw json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(target)
}
