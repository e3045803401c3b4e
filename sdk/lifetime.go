package sdk

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

const (
	// firstConnection is how long a plugin waits for the host that started it.
	firstConnection = 30 * time.Second
	// stopGrace is how long a stop may take before the process simply ends.
	stopGrace = 2 * time.Second
)

// lifetime ends the process when its host is gone, however the host went: the last connection ends when the
// kernel closes a killed host's sockets. It works on every system and, unlike a signal, lets the plugin
// remove its socket.
type lifetime struct {
	open  atomic.Int64
	ended chan struct{}
	once  atomic.Bool
	first chan struct{}
	begun atomic.Bool
}

func newLifetime() *lifetime {
	return &lifetime{ended: make(chan struct{}), first: make(chan struct{})}
}

// watch stops the server when the host has gone or the process is asked to end.
func (l *lifetime) watch(server *grpc.Server) {
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	go func() {
		select {
		case <-l.first:
		case <-terminate:
			l.stop(server)
			return
		case <-time.After(firstConnection):
			l.stop(server)
			return
		}
		select {
		case <-l.ended:
		case <-terminate:
		}
		l.stop(server)
	}()
}

func (l *lifetime) stop(server *grpc.Server) {
	time.AfterFunc(stopGrace, func() {
		removeSocketDir()
		os.Exit(0)
	})
	endChildren()
	server.Stop()
}

func (l *lifetime) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (l *lifetime) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context   { return ctx }
func (l *lifetime) HandleRPC(context.Context, stats.RPCStats)                         {}

func (l *lifetime) HandleConn(_ context.Context, event stats.ConnStats) {
	switch event.(type) {
	case *stats.ConnBegin:
		l.open.Add(1)
		if l.begun.CompareAndSwap(false, true) {
			close(l.first)
		}
	case *stats.ConnEnd:
		if l.open.Add(-1) == 0 && l.once.CompareAndSwap(false, true) {
			close(l.ended)
		}
	}
}

// removeSocketDir removes what a killed host can no longer remove: the private folder that it made for this
// plugin's socket, and the folder of all its sockets when this plugin is the last.
func removeSocketDir() {
	dir := os.Getenv(goplugin.EnvUnixSocketDir)
	if dir == "" || !strings.HasPrefix(filepath.Base(filepath.Dir(dir)), protocol.SocketDirPrefix) {
		return
	}
	sockets, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, socket := range sockets {
		_ = os.Remove(socket)
	}
	_ = os.Remove(dir)               // fails harmlessly when the host did it already
	_ = os.Remove(filepath.Dir(dir)) // fails harmlessly while another plugin's folder is there
}
