package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/render"
)

// finding is one row of the table.
type finding struct {
	what, floor, ours string
	// value is what the budget bounds; spread are its quartiles; best is that of the least disturbed rounds.
	value, best float64
	spread      [2]float64
	budget      budget
	// note says how it was measured, where that is not plain.
	note string
}

// budget bounds a value.
type budget struct {
	kind  budgetKind
	bound float64
	unit  string
}

type budgetKind int

const (
	atMost budgetKind = iota
	atLeast
	noBudget // for comparison
)

// times is a budget for a ratio.
func times(bound float64) budget { return budget{atMost, bound, "×"} }

func (f finding) over() bool {
	switch f.budget.kind {
	case atMost:
		return f.value > f.budget.bound
	case atLeast:
		return f.value < f.budget.bound
	default:
		return false
	}
}

// compare is the finding of two series that were taken in turns; their values are in unit.
func compare(what string, floor, ours series, unit string, budget budget, note string) finding {
	ratio := ours.per(floor)
	f := single(what, ratio, budget, note)
	f.floor, f.ours = show(floor.median(), unit), show(ours.median(), unit)
	undisturbed := 0.0 // of times, the shortest
	if budget.kind == atLeast {
		undisturbed = 1
	}
	f.best = ours.quantile(undisturbed) / floor.quantile(undisturbed)
	return f
}

// single is the finding of values that are held to a bound as they are.
func single(what string, values series, budget budget, note string) finding {
	return finding{
		what: what, ours: show(values.median(), budget.unit), value: values.median(), best: values.quantile(0),
		spread: [2]float64{values.quantile(0.25), values.quantile(0.75)}, budget: budget, note: note,
	}
}

func show(value float64, unit string) string {
	switch {
	case value >= 1000:
		return fmt.Sprintf("%.0f %s", value, unit)
	case value >= 100:
		return fmt.Sprintf("%.1f %s", value, unit)
	default:
		return strings.TrimSpace(fmt.Sprintf("%.2f %s", value, unit))
	}
}

func (f finding) cells(number int) []string {
	bound, verdict := map[budgetKind]string{atMost: "≤ ", atLeast: "≥ "}[f.budget.kind], "ok"
	if f.over() {
		verdict = "OVER"
	}
	if f.budget.kind == noBudget {
		bound, verdict = "–", ""
	} else {
		bound += show(f.budget.bound, f.budget.unit)
	}
	return []string{
		fmt.Sprint(number), f.what, f.floor, f.ours, show(f.value, f.budget.unit), show(f.best, ""),
		fmt.Sprintf("%s … %s", show(f.spread[0], ""), show(f.spread[1], "")), bound, verdict,
	}
}

// report writes the table and the notes below it.
func report(out io.Writer, found []finding) error {
	cells := make([][]string, len(found))
	var notes strings.Builder
	for i, f := range found {
		cells[i] = f.cells(i + 1)
		if f.note != "" {
			fmt.Fprintf(&notes, "%2d  %s\n", i+1, f.note)
		}
	}
	columns := []string{"", "what", "floor", "ours", "value", "best", "quartiles", "budget", ""}
	if err := render.Rows(render.Screen{Writer: out}, columns, cells); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nFloor and ours are medians; the value is the median of the ratios of each round.\nBest is the ratio of the least disturbed floor and ours.\n%s", notes.String())
	return err
}
