package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/sdk"
)

const (
	traceRounds = 10
	// shops are connections to the trail's test vendor, which takes so long for each verb.
	shops       = 8
	shopLatency = 50 // ms
	shopProgram = "github.com/mqtrail/mqtrail/host/internal/trail/testdata/plugin"
	// shopMessage is one that the vendor has, dead-lettered on every connection.
	shopMessage = "0A0003074A2118B4AAC2694B20330001"
)

// shopNow is within the times of the vendor's messages.
var shopNow = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// trace measures "where is my message?" over many connections against one.
func trace(ctx context.Context, w *workspace) (found []finding, err error) {
	dir := filepath.Join(w.dir, "shop")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := compile(ctx, filepath.Join(dir, "mqtrail-plugin-shop"+suffix()), shopProgram); err != nil {
		return nil, err
	}
	plugins := pluginhost.New(pluginhost.Options{Dirs: []string{dir}, CacheDir: dir, Logger: zerolog.Nop()})
	defer func() { err = errors.Join(err, plugins.Close(context.Background())) }()
	asked, err := overShops(ctx, plugins)
	if err != nil {
		return nil, err
	}
	taken, err := turns(ctx, traceRounds, traced(asked, trail.Scope{Connection: "shop-0"}, 1), traced(asked, trail.Scope{}, shops))
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("An id in three topics of each connection, lists remembered; each vendor verb takes %d ms, so three rounds take %d ms.", shopLatency, 3*shopLatency)
	return []finding{compare(fmt.Sprintf("trace over %d connections against 1", shops), taken[0], taken[1], "ms", times(1.5), note)}, nil
}

// overShops is a trail over several connections to the vendor.
func overShops(ctx context.Context, plugins *pluginhost.Host) (*trail.Trail, error) {
	plugin, err := plugins.Plugin("shop")
	if err != nil {
		return nil, err
	}
	manifest, err := plugin.Manifest(ctx)
	if err != nil {
		return nil, err
	}
	var connections []*gateway.Connection
	for i := range shops {
		connections = append(connections, gateway.NewConnection(config.Connection{
			Name: fmt.Sprintf("shop-%d", i), Plugin: "shop", Access: sdk.AccessRead, Timeout: config.DefaultTimeout, CallsAtOnce: 64,
			Settings: json.RawMessage(fmt.Sprintf(`{"latency_ms":%d}`, shopLatency)), Origin: config.OriginFile,
		}))
	}
	g, err := gateway.New(gateway.Options{
		Catalogue: operations.New(manifest), Connections: connections, Plugins: plugins,
		Redactor: &redact.Redactor{}, Logger: zerolog.Nop(),
	})
	if err != nil {
		return nil, err
	}
	return trail.New(g, trail.Options{Zone: time.UTC, Now: func() time.Time { return shopNow }}), nil
}

// traced is the time of one trace, in milliseconds, and holds it to what it must find.
func traced(asked *trail.Trail, scope trail.Scope, lives int) measure {
	return func(ctx context.Context) (float64, error) {
		began := time.Now()
		report, err := asked.Trace(ctx, trail.TraceQuery{Scope: scope, Message: shopMessage})
		took := milliseconds(time.Since(began))
		if err == nil && len(report.Lives)+report.More != lives {
			err = fmt.Errorf("the trace found %d messages, want %d: %s", len(report.Lives)+report.More, lives, report.Verdict.Why)
		}
		return took, err
	}
}
