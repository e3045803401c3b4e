package main

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// advice is what one of the vendor's codes means here. An empty code goes by the HTTP status.
type advice struct{ code, hint string }

// adviceOn knows the codes whose status misleads, or where a next step can be named.
func adviceOn(vendorCode string) advice {
	switch vendorCode {
	case "APIGW.0301", "APIG.0301":
		return advice{sdk.CodeUnauthorized, "Check access_key, secret_key and security_token (or auth_token), and this computer's clock: it may be 15 minutes off at most. Repeated failures lock a key for some minutes."}
	case "APIGW.0308", "APIG.0308":
		return advice{sdk.CodeThrottled, "Call less often, or fewer at once: the gateway counts the calls of the whole account."}
	case "DMS.10240407", "DMS.00400973":
		return advice{sdk.CodeThrottled, "Asked too often: wait some seconds before the next query."}
	case "DMS.111501024":
		return advice{sdk.CodeTimeout, "The search took too long at the vendor: shorten the time range, or read by partition and message_offset."}
	case "DMS.111501025":
		return advice{sdk.CodeThrottled, "The instance is busy with other message queries: wait some seconds, and run one at a time."}
	case "DMS.111501026":
		return advice{sdk.CodeVendorError, "The time range holds more bytes than one query may read: shorten it."}
	case "DMS.00404022":
		return advice{sdk.CodeNotFound, "Check the instance id, and that the connection's region and project hold the instance."}
	case "DMS.00400030", "DMS.00400061":
		return advice{sdk.CodeVendorError, "Give the instance's id, a UUID, not its name."}
	case "DMS.00400876":
		return advice{sdk.CodeNotFound, "Check the topic's name: upper and lower case differ."}
	case "DMS.10240405":
		return advice{sdk.CodeNotFound, "Check the consumer group's name: upper and lower case differ."}
	case "DMS.00400007":
		return advice{sdk.CodeVendorError, "Use the operations of the instance's engine: those of kafka, or those of rocketmq (which the vendor also calls reliability)."}
	case "DMS.00404027", "DMS.00404029": // sent as not found
		return advice{sdk.CodeVendorError, "Nothing was created: look at the connector and its tasks first."}
	case "DMS.00400002", "DMS.10240005":
		return advice{sdk.CodeVendorError, "Check project_id: 32 hexadecimal digits, not the region's name."}
	case "DMS.10240101", "DMS.10240102", "DMS.10240103":
		return advice{sdk.CodeUnauthorized, "Get a new auth_token, or use access_key and secret_key."}
	case "DMS.10240104":
		return advice{sdk.CodeUnauthorized, "The project is not one of these credentials: check project_id and region."}
	case "DMS.00403002", "DMS.00403003", "DMS.00403007", "DMS.10240310", "DMS.10240311":
		return advice{sdk.CodeUnauthorized, "The credentials are right, but may not do this: grant the user the permission in IAM."}
	case "DMS.50050004":
		return advice{sdk.CodeVendorError, "The consumer group has no consumer online: start one, then ask again."}
	default:
		return advice{}
	}
}

// refuses reports whether a code says that the request was turned down before anything was done: those whose digits
// hold a status of 4xx, the gateway's on signatures and rates, and some that are sent with a status of 5xx.
func refuses(vendorCode string) bool {
	return strings.HasPrefix(vendorCode, "DMS.004") || strings.HasPrefix(vendorCode, "DMS.1024") || strings.HasPrefix(vendorCode, "DMS.1054") ||
		slices.Contains([]string{
			"APIGW.0301", "APIG.0301", "APIGW.0308", "APIG.0308",
			"DMS.00501010", // no such specification
			"DMS.00501012", // Smart Connect tasks are left
			"DMS.00501118", // CPU quota
			"DMS.10550035", // tag_type
		}, vendorCode)
}
