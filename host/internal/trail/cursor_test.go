package trail

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

func TestCursor(t *testing.T) {
	given := cursor{Query: "q", Window: trail.Window{FromMS: 1, ToMS: 9007199254740993}, Places: []state{{Connection: "c", Instance: "i", Topic: "订单", Page: "p", Told: 3}}}
	read, problem := readCursor(given.String(), "q")
	if problem != nil {
		t.Fatal(problem)
	}
	if diff := gocmp.Diff(given, *read); diff != "" {
		t.Error(diff)
	}
	if _, problem := readCursor(given.String(), "another"); problem == nil || problem.Hint == "" {
		t.Errorf("a cursor of another question: %v", problem)
	}
	large := cursor{Query: "q"}
	for i := range maxCursorSpots {
		large.Places = append(large.Places, state{Connection: fmt.Sprint(i * i * 7919), Topic: questionOf(i), Page: questionOf(i, i)})
	}
	if text := large.String(); text != "" {
		t.Errorf("a cursor of %d bytes was given away", len(text))
	}
}

func FuzzReadCursor(f *testing.F) {
	f.Add(cursor{Query: "q", Places: []state{{Connection: "c"}}}.String())
	f.Add("AAAA")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		read, problem := readCursor(text, "q")
		if problem != nil {
			if problem.Pointer != "/cursor" {
				t.Errorf("the problem points at %s", problem.Pointer)
			}
			return
		}
		if len(read.Places) == 0 || len(read.Places) > maxCursorSpots {
			t.Errorf("%d places", len(read.Places))
		}
	})
}

// pagesOf is a place with numbers, highest first, that tells them in pages of its own size.
func pagesOf(numbers []int, size int, at state) *stream[int] {
	return &stream[int]{at: at, read: func(_ context.Context, page string) ([]int, string, *sdk.Problem) {
		from := 0
		if page != "" {
			from, _ = strconv.Atoi(page)
		}
		to := min(len(numbers), from+size)
		next := ""
		if to < len(numbers) {
			next = strconv.Itoa(to)
		}
		return numbers[from:to], next, nil
	}}
}

// However places cut their pages and however much is asked for at once: everything is told once, in order.
func TestMergeTellsAllOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var places [][]int
		var sizes []int
		var all []int
		for range rapid.IntRange(1, 5).Draw(t, "places") {
			numbers := rapid.SliceOfN(rapid.IntRange(0, 50), 0, 20).Draw(t, "numbers")
			slices.SortFunc(numbers, func(a, b int) int { return cmp.Compare(b, a) })
			places, sizes = append(places, numbers), append(sizes, rapid.IntRange(1, 8).Draw(t, "size"))
			all = append(all, numbers...)
		}
		slices.SortFunc(all, func(a, b int) int { return cmp.Compare(b, a) })
		limit := rapid.IntRange(1, 10).Draw(t, "limit")
		rest := make([]state, len(places))
		for i := range places {
			rest[i] = state{Topic: strconv.Itoa(i)}
		}
		var told []int
		for turn := 0; len(rest) > 0; turn++ {
			if turn > 300 {
				t.Fatalf("no end after %d of %d", len(told), len(all))
			}
			var streams []*stream[int]
			for _, at := range rest {
				i, _ := strconv.Atoi(at.Topic)
				streams = append(streams, pagesOf(places[i], sizes[i], at))
			}
			var items []int
			items, rest = merge(context.Background(), streams, limit, func(a, b int) bool { return a > b })
			if len(items) > limit {
				t.Fatalf("%d items, limit %d", len(items), limit)
			}
			told = append(told, items...)
		}
		if !slices.Equal(told, all) {
			t.Fatalf("told %v, want %v", told, all)
		}
	})
}
