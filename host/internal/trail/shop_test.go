package trail_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/built"
	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// The messages of the shop, which is the plugin under testdata.
const (
	deadID     = "0A0003074A2118B4AAC2694B20330001" // dead-lettered for shipping, ORDER-1
	consumedID = "0A0003074A2118B4AAC2694C0A930002" // consumed by all, ORDER-1
	paymentID  = "0A0003074A2118B4AAC2694CF4F30003" // in payments, PAYMENT-1
	noSuchID   = "0A0003074A2118B4AAC2694DDF530004"
	deadBroker = "AC1E006400002A9F0000000000000BB8"
	copyID     = "0A0003074A2118B4AAC2694B20330009" // the copy of the dead letter, in a shop whose dead letters are plain
	born       = "2026-11-21T10:42:11.123+08:00"
)

var (
	zone = time.FixedZone("", 8*3600)
	now  = time.Date(2026, 11, 22, 12, 0, 0, 0, zone)
)

var buildShop = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "mqtrail-trail-*")
	if err != nil {
		return "", err
	}
	output := filepath.Join(dir, "mqtrail-plugin-shop")
	if runtime.GOOS == "windows" {
		output += ".exe"
	}
	text, err := exec.CommandContext(context.Background(), "go", "build", "-o", output, "./testdata/plugin").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("building the shop: %w\n%s", err, text)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := built.Main(m)
	if dir, _ := buildShop(); dir != "" {
		_ = os.RemoveAll(dir) // a temporary folder
	}
	os.Exit(code)
}

// shop is a connection to the shop, with its settings.
type shop struct {
	name     string
	settings string
}

func (s shop) connection() config.Connection {
	return config.Connection{
		Name: s.name, Plugin: "shop", Access: sdk.AccessRead, Settings: json.RawMessage(cmp.Or(s.settings, "{}")),
		Timeout: 30 * time.Second, CallsAtOnce: 64, Origin: config.OriginFile,
	}
}

// fixed is the clock of the shop's tests.
func fixed() time.Time { return now }

// opened is a trail over connections to the shop.
type opened struct {
	*trail.Trail
	gateway *gateway.Gateway
}

func openShops(t testing.TB, options trail.Options, shops ...shop) opened {
	t.Helper()
	dir, err := buildShop()
	if err != nil {
		t.Fatal(err)
	}
	var connections []config.Connection
	for _, one := range shops {
		connections = append(connections, one.connection())
	}
	options.Zone, options.Now = zone, fixed
	return openTrail(t, dir, options, func([]*protocol.Manifest) []config.Connection { return connections })
}

// openTrail makes a trail over the plugins of a folder.
func openTrail(t testing.TB, dir string, options trail.Options, connections func([]*protocol.Manifest) []config.Connection) opened {
	t.Helper()
	host := pluginhost.New(pluginhost.Options{Dirs: []string{dir}, CacheDir: t.TempDir(), Logger: zerolog.Nop()})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := host.Close(ctx); err != nil {
			t.Errorf("closing the host: %v", err)
		}
	})
	var manifests []*pluginhost.Manifest
	var brief []*protocol.Manifest
	broken := map[string]error{}
	var lost []*gateway.Connection
	for _, plugin := range host.Plugins() {
		manifest, err := plugin.Manifest(context.Background())
		if err != nil {
			broken[plugin.Name()] = err
			lost = append(lost, gateway.NewConnection(config.Connection{Name: plugin.Name(), Plugin: plugin.Name()}))
			continue
		}
		manifests, brief = append(manifests, manifest), append(brief, manifest.Brief())
	}
	var usable []*gateway.Connection
	for _, connection := range connections(brief) {
		usable = append(usable, gateway.NewConnection(connection))
	}
	g, err := gateway.New(gateway.Options{
		Catalogue: operations.New(manifests...), Connections: usable, Plugins: host, Redactor: &redact.Redactor{}, Logger: zerolog.Nop(),
		Broken: broken, Lost: lost,
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened{trail.New(g, options), g}
}

// asked are the shop's verbs that were called over a connection since the last time.
type asked struct {
	Verb  string `json:"verb"`
	Topic string `json:"topic"`
	Group string `json:"group"`
	Began int64  `json:"began"`
	Ended int64  `json:"ended"`
}

func (o opened) asked(t testing.TB, connection string) []asked {
	t.Helper()
	result, err := o.gateway.Call(context.Background(), gateway.Call{Operation: "shop_record", Connection: connection})
	if err != nil {
		t.Fatal(err)
	}
	var record struct {
		Asked []asked `json:"asked"`
	}
	if err := json.Unmarshal(result.JSON, &record); err != nil {
		t.Fatal(err)
	}
	return record.Asked
}

// wantProblem holds an error to a code.
func wantProblem(t testing.TB, err error, code string) {
	t.Helper()
	_ = problemOf(t, err, code) // what else it says does not matter
}

// problemOf holds an error to a code.
func problemOf(t testing.TB, err error, code string) *sdk.Problem {
	t.Helper()
	if err == nil {
		t.Fatalf("no problem, want %s", code)
	}
	problem := sdk.AsProblem(err)
	if problem.Code != code {
		t.Fatalf("the problem is %s, want %s: %v", problem.Code, code, problem)
	}
	return problem
}
