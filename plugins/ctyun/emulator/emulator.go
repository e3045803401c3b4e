// Package emulator answers as CTyun's message queues do, on loopback and without an account. It shares no code with
// the plugin: what it verifies, it works out from the request as it came.
package emulator

import (
	"io/fs"
	"net/http"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/kafka"
	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/rocketmq"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The one account of the emulator, and where its instances are.
const (
	AccessKey = "sandbox-access-key"
	SecretKey = "sandbox-secret-key" // #nosec G101 -- opens nothing but the emulator
	RegionID  = "200000002368"
)

// RocketMQ is CTyun's RocketMQ for package sandbox. now is the clock that signatures are judged by and that the shop's
// messages are sent by.
func RocketMQ(now func() time.Time) (sandbox.Vendor, error) {
	return vendor(&product{folder: "rocketmq", success: 800, invalid: "ROCKETMQ_0500", handle: rocketmq.New(now).Handle}, now)
}

// Kafka is CTyun's Kafka, which has a host of its own: some of its routes are RocketMQ's too. Its documents write
// statusCode as text. The code of a wrong parameter is not documented; RocketMQ's is taken over.
func Kafka(now func() time.Time) (sandbox.Vendor, error) {
	return vendor(&product{folder: "kafka", success: "800", invalid: "KAFKA_0500", handle: kafka.New(now).Handle}, now)
}

func vendor(p *product, now func() time.Time) (sandbox.Vendor, error) {
	files, err := fs.Sub(schemas.CTyun, "ctyun/"+p.folder)
	if err != nil {
		return sandbox.Vendor{}, err
	}
	return sandbox.Vendor{
		Files:   files,
		Verify:  func(request *http.Request, body []byte) *sandbox.Answer { return verify(request, body, now()) },
		Refuse:  p.refuse,
		Respond: p.respond,
		Missing: p.made,
	}, nil
}
