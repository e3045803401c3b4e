package render

import (
	"fmt"
	"strings"
	"time"

	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// unknown stands for what was not told. It is never left out, for a blank or a 0 would be another answer.
const unknown = "unknown"

// span is a length of time in ms, to the two largest units.
func span(ms int64) string {
	if ms < 0 {
		return "-" + span(-max(ms, -1<<62))
	}
	switch d := time.Duration(min(ms, 1<<43)) * time.Millisecond; {
	case d < time.Second:
		return fmt.Sprintf("%dms", ms)
	case d < time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%d.%d", ms/1000, ms%1000/100), ".0") + "s"
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", ms/60_000, ms/1000%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", ms/3_600_000, ms/60_000%60)
	default:
		return fmt.Sprintf("%dd%02dh", ms/86_400_000, ms/3_600_000%24)
	}
}

// offset is a moment as seen from another: +1.2s. Where either was told in seconds, so is the offset.
func offset(from, at *model.Time) string {
	if from == nil || at == nil {
		return unknown
	}
	gap := at.UnixMS - from.UnixMS
	if step := max(from.ResolutionMS, at.ResolutionMS); step > 1 {
		if gap = gap / step * step; gap == 0 {
			return "+0s"
		}
	}
	if gap < 0 {
		return span(gap)
	}
	return "+" + span(gap)
}

// moment is a time in the reader's zone, with that zone's offset.
func (o Options) moment(at *model.Time) string {
	if at == nil {
		return unknown
	}
	layout := "2006-01-02 15:04:05.000 -07:00"
	if at.ResolutionMS > 1 {
		layout = "2006-01-02 15:04:05 -07:00"
	}
	return time.UnixMilli(at.UnixMS).In(o.zone()).Format(layout)
}

// brief is a time for a table of messages that are told apart by it, not for counting: to the minute.
func (o Options) brief(at *model.Time) string {
	if at == nil {
		return unknown
	}
	return time.UnixMilli(at.UnixMS).In(o.zone()).Format("01-02 15:04")
}

// second is a time to the second, for tables; they say once in which zone.
func (o Options) second(at *model.Time) string {
	if at == nil {
		return unknown
	}
	return time.UnixMilli(at.UnixMS).In(o.zone()).Format("2006-01-02 15:04:05")
}

// zoneOfTable says in which zone a table's times are, by one of them.
func (o Options) zoneOfTable(at *model.Time) string {
	if at == nil {
		return "Times are in the zone of TZ."
	}
	return "Times are in UTC" + time.UnixMilli(at.UnixMS).In(o.zone()).Format("-07:00") + "."
}

// zoneOf says how the zone of a vendor's time is known.
func zoneOf(at *model.Time) string {
	zone := "its zone"
	if parsed, err := time.Parse(time.RFC3339, at.ISO); err == nil {
		zone = "UTC" + parsed.Format("-07:00")
	}
	switch at.ZoneSource {
	case model.ZoneVendor:
		return "the vendor told milliseconds since 1970, which need no zone"
	case model.ZoneAssumed:
		return "the vendor told no zone: " + zone + " is assumed"
	case model.ZoneProven:
		return "the vendor told no zone: " + zone + " is proven by the message's own id"
	default:
		return "how its zone is known: " + unknown
	}
}

func number(n *int64) string {
	if n == nil {
		return unknown
	}
	return fmt.Sprint(*n)
}

func spanOf(ms *int64) string {
	if ms == nil {
		return unknown
	}
	return span(*ms)
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return unknown
	case *b:
		return "yes"
	default:
		return "no"
	}
}

// orUnknown is a vendor's text, or the word for none.
func (o Options) orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return o.show(text)
}
