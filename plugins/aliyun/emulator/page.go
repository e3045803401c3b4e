package emulator

import "github.com/mqtrail/mqtrail/sdk/sandbox"

// usualPage is how many entries a page has when the call does not say, and maxPage how many at most.
const (
	usualPage = 10
	maxPage   = 200
)

// page is one page of a list.
type page[T any] struct {
	List   []T `json:"list"`
	Number int `json:"pageNumber"`
	Size   int `json:"pageSize"`
	Total  int `json:"totalCount"`
}

// paged is the page that a call asks for. A size over the limit is moved into the range, as is known of ListInstances;
// of the other operations it is assumed.
func paged[T any](call *sandbox.Call, all []T) (*page[T], error) {
	wish, err := arguments[struct{ PageNumber, PageSize *int }](call)
	if err != nil {
		return nil, err
	}
	found := &page[T]{List: []T{}, Number: 1, Size: usualPage, Total: len(all)}
	if wish.PageNumber != nil {
		found.Number = *wish.PageNumber
	}
	if wish.PageSize != nil {
		found.Size = min(*wish.PageSize, maxPage)
	}
	switch {
	case found.Number < 1:
		return nil, invalid("pageNumber", "pages count from 1.")
	case found.Size < 1:
		return nil, invalid("pageSize", "a page has at least one entry.")
	}
	if skip := found.Number - 1; skip <= len(all)/found.Size { // compared so that a huge number does not overflow
		from := min(skip*found.Size, len(all))
		found.List = append(found.List, all[from:min(from+found.Size, len(all))]...)
	}
	return found, nil
}
