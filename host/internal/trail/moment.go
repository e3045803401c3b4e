package trail

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// moment is a time as somebody wrote it.
type moment struct {
	at time.Time
	// step is how exactly it was written: 10:42 is a minute long.
	step time.Duration
	// note says what was assumed; empty when nothing was.
	note string
}

// last is the end of what was written: 10:42 ends before 10:43.
func (m moment) last() time.Time {
	if m.step == 24*time.Hour {
		return m.at.AddDate(0, 0, 1).Add(-time.Millisecond) // a day may have 23 hours
	}
	return m.at.Add(max(m.step, time.Millisecond) - time.Millisecond)
}

// The times that anybody asks about, in years.
const (
	firstYear = 2000
	lastYear  = 2100
)

const timeExamples = "Write it like 2026-11-21T10:42:00+08:00, 2026-11-21 10:42, 10:42, yesterday 10:42, 2h or 3d (ago), or in milliseconds since 1970."

// parseMoment reads a time; one without a zone is in now's.
func parseMoment(name, text string, now time.Time) (moment, *sdk.Problem) {
	trimmed := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, read := range []func(string, time.Time) (moment, bool){readNow, readNumber, readAgo, readDay, readClock, readDate} {
		found, ok := read(trimmed, now)
		if !ok {
			continue
		}
		if year := found.at.Year(); year < firstYear || year > lastYear {
			return moment{}, sdk.InvalidArgument(name, "%q is in the year %d.", line(text, 60), year).WithHint(timeExamples)
		}
		return found, nil
	}
	return moment{}, sdk.InvalidArgument(name, "%q is no time.", line(text, 60)).WithHint(timeExamples)
}

func readNow(text string, now time.Time) (moment, bool) { return moment{at: now}, text == "now" }

// readNumber reads seconds or milliseconds since 1970, and the digits of a date as some vendors write it.
func readNumber(text string, now time.Time) (moment, bool) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strings.HasPrefix(text, "+") {
		return moment{}, false
	}
	switch len(text) {
	case 10:
		return moment{at: time.Unix(number, 0).In(now.Location()), step: time.Second}, true
	case 13:
		return moment{at: time.UnixMilli(number).In(now.Location())}, true
	case 14:
		at, err := time.ParseInLocation("20060102150405", text, now.Location())
		return moment{at: at, step: time.Second}, err == nil
	default:
		return moment{}, false
	}
}

var (
	ago    = lazily(`^-?((?:\d{1,9}(?:ms|[smhdw]))+)(?: ago)?$`)
	pieces = lazily(`(\d+)(ms|[smhdw])`)
	unit   = map[string]time.Duration{
		"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
	}
)

// maxAgo is longer than any vendor keeps a message.
const maxAgo = 10 * 365 * 24 * time.Hour

func readAgo(text string, now time.Time) (moment, bool) {
	found := ago().FindStringSubmatch(text)
	if found == nil {
		return moment{}, false
	}
	var back time.Duration
	for _, each := range pieces().FindAllStringSubmatch(found[1], -1) {
		number, err := strconv.ParseInt(each[1], 10, 64)
		if err != nil || number > int64(maxAgo/unit[each[2]]) {
			return moment{}, false
		}
		back += time.Duration(number) * unit[each[2]]
	}
	if back > maxAgo {
		return moment{}, false
	}
	return moment{at: now.Add(-back)}, true
}

var dayNames = map[string]int{"today": 0, "yesterday": -1}

// readDay reads a day by its name, with or without a time.
func readDay(text string, now time.Time) (moment, bool) {
	name, clock, hasClock := strings.Cut(text, " ")
	days, ok := dayNames[name]
	if !ok {
		return moment{}, false
	}
	date := now.AddDate(0, 0, days).Format(time.DateOnly)
	if hasClock {
		date += " " + clock
	}
	return readDate(date, now)
}

// readClock reads a time of today; one that is still to come is yesterday's.
func readClock(text string, now time.Time) (moment, bool) {
	found, ok := readDate(now.Format(time.DateOnly)+" "+text, now)
	if !ok || !strings.Contains(text, ":") {
		return moment{}, false
	}
	if found.at.After(now) {
		found, ok = readDate(now.AddDate(0, 0, -1).Format(time.DateOnly)+" "+text, now)
		found.note = text + " is taken as yesterday's."
	}
	return found, ok
}

// forms of dates, with how exact each is. Go reads a fraction of a second after any of them that has seconds.
var forms = []struct {
	layout string
	step   time.Duration
}{
	{"2006-01-02 15:04:05", time.Second},
	{"2006-01-02 15:04", time.Minute},
	{"2006-01-02", 24 * time.Hour},
}

var zoneText = lazily(`(?:^|[\d ])(z|utc|gmt|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)$`)

// readDate reads a date with or without a time and a zone.
func readDate(text string, now time.Time) (moment, bool) {
	zone := now.Location()
	if found := zoneText().FindStringSubmatch(text); found != nil && strings.Contains(text, ":") {
		written, ok := readZone(found[1])
		if !ok {
			return moment{}, false
		}
		zone, text = written, strings.TrimSpace(strings.TrimSuffix(text, found[1]))
	}
	text = strings.ReplaceAll(text, "/", "-")
	if len(text) > 10 && text[10] == 't' {
		text = text[:10] + " " + text[11:]
	}
	if _, clock, ok := strings.Cut(text, " "); ok && strings.Index(clock, ":") == 1 {
		text = strings.Replace(text, " ", " 0", 1) // 9:00
	}
	for _, form := range forms {
		if at, err := time.ParseInLocation(form.layout, text, zone); err == nil {
			step := form.step
			if at.Nanosecond() != 0 {
				step = time.Millisecond
			}
			return moment{at: at.In(now.Location()), step: step}, true
		}
	}
	return moment{}, false
}

// readZone reads z, utc, +08:00, +0800, utc+8.
func readZone(text string) (*time.Location, bool) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "utc"), "gmt")
	if text == "" || text == "z" {
		return time.UTC, true
	}
	digits := strings.ReplaceAll(text[1:], ":", "")
	if len(digits) <= 2 {
		digits += "00"
	}
	number, err := strconv.Atoi(digits)
	if err != nil || number/100 > 14 || number%100 > 59 {
		return nil, false
	}
	offset := number/100*3600 + number%100*60
	if text[0] == '-' {
		offset = -offset
	}
	return time.FixedZone("", offset), true
}

// lazily compiles an expression when it is first needed: a server starts without.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
