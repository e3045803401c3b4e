package emulator

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// exportROMATopics answers what importing takes. The vendor's format is not documented; this one is the sandbox's.
func exportROMATopics(c *call) *sandbox.Answer {
	names, found := strings.Split(c.Text("name"), ","), []*romaTopic{}
	for _, topic := range c.instance.ROMA.Topics {
		if c.Text("name") == "" || slices.Contains(names, topic.Name) {
			found = append(found, topic)
		}
	}
	return ok(object{"topics": found})
}

// importROMATopics adds the topics of a file that an export answered; Merge changes those that are there, too.
func importROMATopics(c *call) *sandbox.Answer {
	var file struct {
		Topics []*romaTopic `json:"topics"`
	}
	if err := json.Unmarshal([]byte(c.Text("upload_file_name")), &file); err != nil {
		return invalid("upload_file_name", "the file is no list of topics")
	}
	r := c.instance.ROMA
	for _, one := range file.Topics {
		one.AppName = c.Text("prefix") + one.AppName
		known, exists := lookUp(r.Topics, one.Name)
		switch {
		case !exists:
			r.Topics = append(r.Topics, one)
		case c.Text("mode") == "Merge":
			one.messages = known.messages
			*known = *one
		}
	}
	return done()
}
