package main

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// kind is what a vendor's code means for the caller. An empty problem code goes by the HTTP status.
type kind struct{ problem, hint string }

// The codes that are acted on by name.
const (
	codeSignature    = "SignatureDoesNotMatch"
	codeNoPermission = "NoPermission"
)

const (
	hintKeys  = "Check the access key of the connection: it may be wrong, disabled or deleted."
	hintToken = "The temporary credentials are wrong or have ended: get new ones."
	hintClock = "Set this computer's clock: it may differ from the vendor's by at most 15 minutes."
	hintGrant = "Grant the permission to the RAM identity of the connection."
)

// kindOf sorts the vendor's codes; the set is open.
func kindOf(code string) kind {
	switch {
	case code == codeSignature:
		return kind{sdk.CodeUnauthorized, "Check the access key secret; a proxy that changes requests breaks signatures too."}
	case code == codeNoPermission, strings.HasPrefix(code, "Forbidden"):
		return kind{sdk.CodeUnauthorized, hintGrant}
	case strings.HasPrefix(code, "InvalidAccessKeyId"):
		return kind{sdk.CodeUnauthorized, hintKeys}
	case strings.HasPrefix(code, "InvalidSecurityToken"), strings.HasPrefix(code, "MissingSecurityToken"):
		return kind{sdk.CodeUnauthorized, hintToken}
	case strings.HasPrefix(code, "InvalidTimeStamp"):
		return kind{sdk.CodeUnauthorized, hintClock}
	case isThrottling(code):
		return kind{sdk.CodeThrottled, "Call less often, or ask the vendor for a higher limit."}
	case code == "Instance.NotFound":
		return kind{sdk.CodeNotFound, "Check the instance's id and the connection's region: an instance is seen in its own region only."}
	case strings.HasSuffix(code, ".NotFound"):
		return kind{sdk.CodeNotFound, "Check the spelling; names are case-sensitive."}
	default:
		return kind{}
	}
}

// isRefusal reports whether a code says that the request was turned down before anything was done. One that does not
// say so leaves open what a write did when the vendor's side broke.
func isRefusal(code string) bool {
	return kindOf(code).problem != "" || code == "NotApplicable" ||
		strings.HasPrefix(code, "Invalid") || strings.HasPrefix(code, "Missing") || strings.HasSuffix(code, ".Existed")
}

func isThrottling(code string) bool {
	return code == "Throttling" || strings.HasPrefix(code, "Throttling.") || code == "Rejected.Throttling" || code == "ServiceUnavailable"
}
