package verbs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// page is how the vendor answers lists.
type page[T any] struct {
	List       []*T   `json:"list"` // null among them is allowed for
	TotalCount *count `json:"totalCount"`
	PageSize   *count `json:"pageSize"`
	ScrollID   string `json:"scrollId"`
}

// entry is one of a list, and where it stands.
type entry[T any] struct {
	of       T
	evidence trail.Evidence
}

// position is how far a list has been read. It travels as a cursor; the search itself is in it because "until now" is
// another search a moment later.
type position struct {
	Size   int    `json:"s"`
	Index  int    `json:"i"` // entries that lie before
	Scroll string `json:"c,omitempty"`
	FromMS int64  `json:"f,omitempty"`
	ToMS   int64  `json:"t,omitempty"`
}

func (p position) cursor() string {
	encoded, _ := json.Marshal(p) // of numbers and a text: cannot fail
	return base64.RawURLEncoding.EncodeToString(encoded)
}

// maxIndex bounds what a cursor can ask for.
const maxIndex = 1 << 30

// begin is the start of a list, or where a cursor says.
func begin(cursor string, size int) (position, error) {
	if cursor == "" {
		return position{Size: size}, nil
	}
	var read position
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(decoded, &read)
	}
	if err != nil || read.Size < 1 || read.Size > biggestPage || read.Index < 0 || read.Index > maxIndex {
		return position{}, sdk.InvalidArgument("cursor", "It is no cursor of an earlier answer.").WithHint("Leave it out to begin at the start.")
	}
	return read, nil
}

// Entries of a page. The vendor documents 10 to 200 for instances and 10 to 100 for groups, and nothing for others.
const (
	biggestPage  = 200
	usualPage    = 100
	smallestPage = 10
)

// listed is what was read of a list.
type listed[T any] struct {
	entries []entry[T]
	// read counts the entries that were looked at, total those that the vendor has.
	read, total int
	// next is where to read on; nil when all was read.
	next *position
}

// list reads pages until limit entries are kept, or maxPages are read.
func list[T any](ctx context.Context, calls *trail.Calls, name string, arguments map[string]any, from position, limit int, keep func(T) bool) (listed[T], error) {
	var found listed[T]
	index, scroll := from.Index, from.Scroll
	for range maxPages {
		given := maps.Clone(arguments)
		given["pageNumber"], given["pageSize"] = index/from.Size+1, from.Size
		if scroll != "" && index >= from.Size {
			given["scrollId"] = scroll
		}
		answered, err := ask[page[T]](ctx, calls, name, given)
		if err != nil {
			return found, err
		}
		scroll = answered.data.ScrollID
		found.total = int(answered.data.TotalCount.or(int64(index%from.Size + len(answered.data.List)))) // no total: this page is all
		for n := index % from.Size; n < len(answered.data.List); n++ {
			index++
			found.read++
			if one := answered.data.List[n]; one != nil && keep(*one) {
				found.entries = append(found.entries, entry[T]{*one, answered.at("/list/%d", n)})
			}
			if len(found.entries) == limit {
				break
			}
		}
		if index >= found.total || len(answered.data.List) == 0 {
			return found, nil
		}
		if smaller := int(answered.data.PageSize.or(0)); smaller > 0 && smaller < from.Size && given["pageNumber"] == 1 {
			from.Size = smaller // the vendor moved the size into its range, and counts pages by that
		}
		if len(found.entries) == limit {
			break
		}
	}
	found.next = &position{Size: from.Size, Index: index, Scroll: scroll, FromMS: from.FromMS, ToMS: from.ToMS}
	return found, nil
}

func all[T any](T) bool { return true }
