package main

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/mcpserver"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

func BenchmarkStart(b *testing.B) {
	var tm, tc, tg, ts, tl time.Duration
	for b.Loop() {
		t0 := time.Now()
		h := pluginhost.New(pluginhost.Options{Dirs: []string{"/tmp/bb/app", "/tmp/bb/dir"}, CacheDir: "/tmp/bb/cache/mqtrail/manifests", Logger: zerolog.Nop()})
		var ms []*protocol.Manifest
		for _, p := range h.Plugins() {
			m, err := p.Manifest(context.Background())
			if err != nil {
				b.Fatal(err)
			}
			ms = append(ms, m)
		}
		t1 := time.Now()
		c := operations.New(ms)
		t2 := time.Now()
		var cs []*gateway.Connection
		for _, x := range config.Sandbox(ms) {
			cs = append(cs, gateway.NewConnection(x))
		}
		g, err := gateway.New(gateway.Options{Catalogue: c, Connections: cs, Plugins: h, Redactor: &redact.Redactor{}, Logger: zerolog.Nop()})
		if err != nil {
			b.Fatal(err)
		}
		t3 := time.Now()
		s, err := mcpserver.New(mcpserver.Options{Gateway: g, Toolsets: []string{"messages", "replication"}, Logger: zerolog.Nop()})
		if err != nil {
			b.Fatal(err)
		}
		t4 := time.Now()
		in := bytes.NewBufferString(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}
`)
		if err := s.ServeStdio(context.Background(), in, io.Discard); err != nil {
			b.Fatal(err)
		}
		t5 := time.Now()
		tm += t1.Sub(t0)
		tc += t2.Sub(t1)
		tg += t3.Sub(t2)
		ts += t4.Sub(t3)
		tl += t5.Sub(t4)
	}
	n := float64(b.N) * 1e6
	b.ReportMetric(float64(tm)/n, "ms-manifest")
	b.ReportMetric(float64(tc)/n, "ms-cat")
	b.ReportMetric(float64(tg)/n, "ms-gw")
	b.ReportMetric(float64(ts)/n, "ms-mcp")
	b.ReportMetric(float64(tl)/n, "ms-list")
}
