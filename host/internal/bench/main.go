// Command bench prints mqtrail's budgets as a table: what a thing costs here, what the least around it would cost,
// and the ratio. Both are measured in the same run and in turns, so that a busy machine spoils neither. It expects
// the programs of make build.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/host/internal/cli"
)

// limit bounds a whole run, but for compiling.
const limit = 3 * time.Minute

// sections are the parts of the table, in order.
var sections = []struct {
	name    string
	measure func(context.Context, *workspace) ([]finding, error)
}{
	{"startup", startup},
	{"calls", calls},
	{"oneshot", oneShot},
	{"memory", memory},
	{"tools", tools},
	{"growth", growth},
	{"trace", trace},
}

var errOver = errors.New("a budget is missed")

func main() {
	programs := flag.String("bin", "bin", "`folder` of mqtrail and its plugins")
	only := flag.String("only", "", "`sections` to measure, separated by commas: "+strings.Join(names(), ", "))
	strict := flag.Bool("strict", false, "end with status 1 when a budget is missed")
	flag.Parse()
	debug.SetGCPercent(cli.CollectAt) // the gateway that is measured runs in this process, the floor in its own
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *programs, *only)
	stop()
	if errors.Is(err, errOver) && !*strict {
		return // on a busy machine a miss proves little
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, programs, only string) (err error) {
	chosen := names()
	if only != "" {
		chosen = strings.Split(only, ",")
	}
	w, err := newWorkspace(ctx, programs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var found []finding
	for _, section := range sections {
		if !slices.Contains(chosen, section.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring %s ...\n", section.name)
		rows, failed := section.measure(ctx, w)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", section.name, failed))
		}
		found = append(found, rows...)
	}
	if failed := report(os.Stdout, found); failed != nil {
		return errors.Join(err, failed)
	}
	if err == nil && slices.ContainsFunc(found, finding.over) {
		err = errOver
	}
	return err
}

func names() []string {
	var all []string
	for _, section := range sections {
		all = append(all, section.name)
	}
	return all
}
