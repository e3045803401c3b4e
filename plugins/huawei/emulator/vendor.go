// Package emulator stands for Huawei Cloud on loopback: DMS for Kafka and for RocketMQ, ROMA Connect's MQS, and as
// much of IAM as finding a project needs. It shares no code with the plugin: a fault of the plugin's signing or sending shows here.
package emulator

import (
	"crypto/rand"
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// operations are calls of the plugin's own, which users are not offered.
//
//go:embed operations
var operations embed.FS

// DMS stands for DMS for Kafka and for RocketMQ, and for IAM, at the time that now tells.
func DMS(now func() time.Time) (sandbox.Vendor, error) {
	return vendor(now, "dms.json", dmsHandlers(), layers{products{schemas.Huawei, []string{kafkaProduct, rocketmqProduct}}, operations})
}

// ROMA stands for ROMA Connect's MQS at the time that now tells.
func ROMA(now func() time.Time) (sandbox.Vendor, error) {
	all := handlers{}
	all.add(romaProduct, romaHandlers())
	return vendor(now, "roma.json", all, products{schemas.Huawei, []string{romaProduct}})
}

func vendor(now func() time.Time, stock string, handlers handlers, files fs.FS) (sandbox.Vendor, error) {
	opened, err := openShop(now, stock, handlers)
	if err != nil {
		return sandbox.Vendor{}, err
	}
	return sandbox.Vendor{
		Files: files, Verify: verifier{now}.verify, Refuse: refuse, Means: opened.means, Respond: opened.respond,
	}, nil
}

// refuse answers faults with codes of the gateway and of DMS. The texts are the emulator's.
func refuse(fault sandbox.Fault) *sandbox.Answer {
	switch fault.Kind {
	case sandbox.UnknownRoute:
		return failure(http.StatusNotFound, "APIGW.0101", "The API does not exist: "+fault.Detail)
	case sandbox.BadBody:
		return failure(http.StatusBadRequest, "DMS.00400005", "The message body is not JSON.")
	default:
		return failure(http.StatusBadRequest, "DMS.00400062", "Invalid request parameter "+fault.Parameter+": "+fault.Detail+".")
	}
}

// requestID is the id that an answer goes by.
func requestID() string { return strings.ToLower(rand.Text()) }

// failure is an error envelope. The request id goes both ways that it can: from the gateway it is in the body,
// from a service in the header.
func failure(status int, code, message string) *sandbox.Answer {
	id := requestID()
	body := map[string]string{"error_code": code, "error_msg": message}
	header := http.Header{}
	if strings.HasPrefix(code, "APIGW.") {
		body["request_id"] = id
	} else {
		header.Set("X-Request-Id", id)
	}
	return &sandbox.Answer{Status: status, Header: header, Body: body}
}
