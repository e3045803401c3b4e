package rocketmq

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// ParseNear reads a message's born time as vendors give it: 13 digits are milliseconds since 1970, 10 are seconds;
// else RFC 3339, with a T or a space. A time without a zone is refused, since it would prove nothing.
func ParseNear(text string) (time.Time, error) {
	if number, err := strconv.ParseUint(text, 10, 63); err == nil {
		switch len(text) {
		case 13:
			return time.UnixMilli(int64(number)).UTC(), nil
		case 10:
			return time.Unix(int64(number), 0).UTC(), nil
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if moment, err := time.Parse(layout, text); err == nil {
			return moment, nil
		}
	}
	return time.Time{}, sdk.InvalidArgument("near", "%s is no time with a zone.", quoted(text)).
		WithHint("Give the message's born time as 2022-08-30T19:03:54+08:00 or in milliseconds since 1970, like 1661857434591.")
}
