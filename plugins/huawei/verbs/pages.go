package verbs

import (
	"strconv"

	"github.com/mqtrail/mqtrail/sdk"
)

// page is what one call of a list came to: how many entries, and how many there are in all where the vendor says so.
type page struct {
	got   int
	total number
}

// pages reads a list from an entry on until its end, until enough, or maxPages. It returns where the next page
// begins, 0 at the end. read gets where its page begins.
func pages(from int64, size int, read func(from int64) (page, error), enough func() bool) (next int64, err error) {
	for range maxPages {
		one, err := read(from)
		if err != nil {
			return 0, err
		}
		from += int64(one.got)
		if one.got == 0 || one.total.known && from >= one.total.value {
			return 0, nil
		}
		if enough() {
			break
		}
		if !one.total.known && one.got < size {
			return 0, nil
		}
	}
	return from, nil
}

// place is what a cursor stands for: how many entries of the vendor's list were told already.
func place(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	from, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || from < 0 {
		return 0, sdk.InvalidArgument("cursor", "%.40q is no cursor of an earlier answer", cursor)
	}
	return from, nil
}

// cursor is the text of a place; empty at the end.
func cursor(next int64) string {
	if next == 0 {
		return ""
	}
	return digits(next)
}
