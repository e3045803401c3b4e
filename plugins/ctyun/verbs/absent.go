package verbs

import (
	"regexp"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// CTyun documents no code for a message, a group or a client that is not there: its text must do. What names something
// else that is missing, like the instance, stays an error.
var (
	noMessage  = regexp.MustCompile(`(?i)(message|msg|letter|trace|消息|死信|轨迹).*(not (exist|found)|no (such )?message|不存在|未找到)|no message|(can ?not|could not) find.*message|(未|没有)(查|找)(询)?到.*(消息|轨迹)`)
	otherThing = regexp.MustCompile(`(?i)instance|topic|group|实例|主题|订阅组|消费组`)
	notOnline  = regexp.MustCompile(`(?i)not online|不在线|未在线`)
)

// noSuchMessage reports whether a call failed because CTyun has no such message.
func noSuchMessage(err error) bool {
	said := saidBy(err)
	return noMessage.MatchString(said) && !otherThing.MatchString(said)
}

// nobodyOnline reports whether a call failed because no consumer of the group is connected.
func nobodyOnline(err error) bool { return notOnline.MatchString(saidBy(err)) }

// saidBy is the vendor's own text of a refusal; "" of any other failure.
func saidBy(err error) string {
	problem := sdk.AsProblem(err)
	if problem == nil || problem.Source != sdk.SourceVendor || problem.Code != sdk.CodeNotFound && problem.Code != sdk.CodeVendorError ||
		strings.HasPrefix(problem.VendorCode, "CTAPI_") {
		return ""
	}
	_, said, _ := strings.Cut(problem.Message, ": ")
	return said
}
