package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/mcpserver"
)

func TestMain(m *testing.M) { os.Exit(built.Main(m)) }

func prepared(tb testing.TB) *workspace {
	tb.Helper()
	w, err := newWorkspace(context.Background(), built.Dir(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := w.remove(); err != nil {
			tb.Error(err)
		}
	})
	return w
}

func TestFloorsRun(t *testing.T) {
	w := prepared(t)
	t.Run("server", func(t *testing.T) {
		s, err := serve(w.bareServer(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if names := toolNames(t, s); len(names) != 9 {
			t.Errorf("the bare server has the tools %v; want 9", names)
		}
		if err := s.end(); err != nil {
			t.Error(err)
		}
	})
	t.Run("host and plugin", func(t *testing.T) {
		bare, err := w.bareHost(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		measured, err := bare.load(4, 5)
		if err != nil || measured.Median <= 0 || measured.PerSecond <= 0 {
			t.Errorf("measured %+v, %v", measured, err)
		}
		if err := bare.end(); err != nil {
			t.Error(err)
		}
	})
	t.Run("synthetic plugin", func(t *testing.T) {
		if operations, err := w.filled.operations(t.Context()); err != nil || operations < known {
			t.Errorf("the host knows %d operations, %v; want %d at least", operations, err, known)
		}
		o, err := w.filled.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, call := range map[string]func() error{
			"echo":   o.echo(t.Context(), w.synthetic+"_echo"),
			"order":  o.order(t.Context(), w.synthetic),
			"direct": func() error { _, err := o.direct(w.synthetic)(t.Context()); return err },
		} {
			if err := call(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("batch", func(t *testing.T) {
		batch, err := talk(w.filled.command(t.Context(), w.filled.home, "batch"))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(echoBatch(batch, w.synthetic), batch.end()); err != nil {
			t.Error(err)
		}
	})
	t.Run("trace", func(t *testing.T) {
		if rows, err := trace(t.Context(), w); err != nil || len(rows) != 1 || rows[0].value <= 0 {
			t.Errorf("measured %+v, %v", rows, err)
		}
	})
	t.Run("growth", func(t *testing.T) {
		installed, err := w.installation("grown", nil, []string{"bench7a", "bench7b"})
		if err != nil {
			t.Fatal(err)
		}
		s, err := serve(installed.serveAll(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, name := range toolNames(t, s) {
			if strings.HasPrefix(name, "bench7") {
				found++
			}
		}
		if found != 14 {
			t.Errorf("%d operations of two plugins of seven are tools", found)
		}
		if err := s.end(); err != nil {
			t.Error(err)
		}
	})
}

func toolNames(t *testing.T, s *server) []string {
	t.Helper()
	list, err := s.list()
	if err != nil {
		t.Fatal(err)
	}
	var listed struct {
		Tools []struct {
			Name string `json:"name"`
		} `json:"tools"`
	}
	if err := json.Unmarshal(list, &listed); err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(listed.Tools))
	for i, tool := range listed.Tools {
		names[i] = tool.Name
	}
	return names
}

func TestTurns(t *testing.T) {
	var order strings.Builder
	take := func(name string, values ...float64) measure {
		round := 0
		return func(context.Context) (float64, error) {
			order.WriteString(name)
			round++
			return values[round-1], nil
		}
	}
	got, err := turns(t.Context(), 3, take("a", 99, 1, 2, 4), take("b", 99, 3, 2, 8))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]series{{1, 2, 4}, {3, 2, 8}}, got); diff != "" {
		t.Error(diff)
	}
	if order.String() != "abababab" {
		t.Errorf("taken in the order %s", &order)
	}
	if diff := cmp.Diff(series{3, 1, 2}, got[1].per(got[0])); diff != "" {
		t.Error(diff)
	}
	failure := errors.New("broken")
	if _, err := turns(t.Context(), 1, func(context.Context) (float64, error) { return 0, failure }); !errors.Is(err, failure) {
		t.Errorf("a measure's error became %v", err)
	}
}

func TestReport(t *testing.T) {
	floor, ours := series{10, 10, 20}, series{30, 25, 60}
	found := []finding{
		compare("too slow", floor, ours, "ms", times(2), "A note."),
		compare("fast enough", floor, ours, "ms", times(3), ""),
		compare("too few", ours, floor, "/s", budget{atLeast, 0.6, "×"}, ""),
		compare("for comparison", floor, ours, "ms", budget{kind: noBudget, unit: "×"}, ""),
		single("small enough", floor, megabytes(10), ""),
	}
	var over []bool
	for _, f := range found {
		over = append(over, f.over())
	}
	if diff := cmp.Diff([]bool{true, false, true, false, false}, over); diff != "" {
		t.Error(diff)
	}
	var out bytes.Buffer
	if err := report(&out, found); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"too slow", "10.00 ms", "30.00 ms", "3.00 ×", "≤ 2.00 ×", "OVER", "≥ 0.60 ×", "A note."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &out)
		}
	}
}

// The benchmarks are for profiles: go test -run none -bench Call -cpuprofile cpu.out ./host/internal/bench

func opening(b *testing.B) (*workspace, *opened) {
	b.Helper()
	w := prepared(b)
	o, err := w.filled.open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := o.close(); err != nil {
			b.Error(err)
		}
	})
	return w, o
}

func BenchmarkCall(b *testing.B) {
	w, o := opening(b)
	calls := []struct {
		name string
		call func() error
	}{
		{"typed", o.echo(b.Context(), w.synthetic+"_echo")},
		{"http", o.order(b.Context(), w.synthetic)},
	}
	for _, c := range calls {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("32 callers", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(callers / 2)
		b.RunParallel(func(turn *testing.PB) {
			for turn.Next() {
				if err := calls[0].call(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
}

func BenchmarkNewServer(b *testing.B) {
	_, o := opening(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mcpserver.New(mcpserver.Options{Gateway: o.gateway, Toolsets: []string{"messages", "replication"}, Logger: zerolog.Nop()}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkManifestsFromCache(b *testing.B) {
	w, _ := opening(b)
	b.ReportAllocs()
	for b.Loop() {
		o, err := w.filled.open(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := o.close(); err != nil {
			b.Fatal(err)
		}
	}
}
