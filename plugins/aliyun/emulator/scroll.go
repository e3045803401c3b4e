package emulator

import (
	"crypto/sha256"
	"fmt"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// scrollID names a search, so that its later pages can be told from those of another.
func scrollID(call *sandbox.Call) string {
	text := call.Request.URL.Path
	for _, name := range []string{"messageId", "messageKey", "startTime", "endTime", "filter", "topicName", "instanceId"} {
		text += "\n" + call.Text(name)
	}
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%X-%X-%X-%X-%X", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
