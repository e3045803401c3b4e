// Package emulator answers as Alibaba Cloud's RocketMQ 5.x API does, as far as that is known; what is assumed says so.
// It shares nothing with the plugin: signatures are verified by code of its own, from the request as it arrived.
package emulator

import (
	"time"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The access keys that the emulator knows: one for good, and one that goes with a token.
const (
	AccessKeyID     = "sandbox-access-key"
	AccessKeySecret = "sandbox-access-key-secret" // #nosec G101 -- opens nothing

	TemporaryKeyID     = "sandbox-temporary-key"
	TemporaryKeySecret = "sandbox-temporary-key-secret" // #nosec G101 -- opens nothing
	TemporaryToken     = "sandbox-security-token"       // #nosec G101 -- opens nothing
)

// Vendor is the emulator with a small shop's account, the same at every start; now is the clock that requests are held
// against and that the shop's times are counted from. What calls change is kept for as long as the emulator lives.
func Vendor(now func() time.Time) sandbox.Vendor {
	v := verifier{now: now}
	return sandbox.Vendor{
		Files:   schemas.Aliyun,
		Verify:  v.verify,
		Refuse:  refuse,
		Respond: checkAction,
		Missing: newCloud(now).answer,
	}
}
