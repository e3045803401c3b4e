package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/pflag"

	"github.com/mqtrail/mqtrail/host/internal/render"
	"github.com/mqtrail/mqtrail/host/internal/shape"
	"github.com/mqtrail/mqtrail/sdk"
)

// flags are the flags of every command.
type flags struct {
	config   string
	sandbox  bool
	access   accessFlag
	timeout  time.Duration
	logLevel levelFlag
	output   render.Format
	jq       string
}

func (f *flags) register(set *pflag.FlagSet) {
	f.output = render.Text
	f.logLevel = levelFlag(zerolog.WarnLevel)
	set.StringVar(&f.config, "config", "", "configuration `file` (default: $MQTRAIL_CONFIG, ./mqtrail.yaml, the user's configuration folder)")
	set.BoolVar(&f.sandbox, "sandbox", false, "talk to the plugins' emulators: no account, no network")
	set.Var(&f.access, "access", "what calls may do, for this run: read, write or destructive (default: as configured, else read)")
	set.DurationVar(&f.timeout, "timeout", 0, "deadline of one call, like 45s (default: as configured, else 30s)")
	set.Var(&f.logLevel, "log-level", "what is logged to standard error: debug, info, warn, error or none")
	set.VarP(&f.output, "output", "o", "output `format`: text, json, yaml or table; of a trace mermaid or html too")
	set.StringVar(&f.jq, "jq", "", "select with a jq `expression`; each result is written as JSON")
}

// accessFlag is --access; empty means as configured.
type accessFlag sdk.Access

func (f *accessFlag) String() string { return string(*f) }
func (f *accessFlag) Type() string   { return "level" }

func (f *accessFlag) Set(value string) error {
	if !sdk.Access(value).Valid() {
		return fmt.Errorf("want read, write or destructive")
	}
	*f = accessFlag(value)
	return nil
}

// levelFlag is --log-level.
type levelFlag zerolog.Level

func (f *levelFlag) String() string {
	if zerolog.Level(*f) == zerolog.Disabled {
		return "none"
	}
	return zerolog.Level(*f).String()
}
func (f *levelFlag) Type() string { return "level" }

func (f *levelFlag) Set(value string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error", "none"}, value) {
		return fmt.Errorf("want debug, info, warn, error or none")
	}
	if value == "none" {
		*f = levelFlag(zerolog.Disabled)
		return nil
	}
	level, err := zerolog.ParseLevel(value)
	*f = levelFlag(level)
	return err
}

// logger writes to standard error: for people at a terminal, as JSON lines for programs.
func (a *app) logger() zerolog.Logger {
	zerolog.TimeFieldFormat = time.RFC3339Nano
	level := zerolog.Level(a.flags.logLevel)
	if !a.terminalErr() {
		return zerolog.New(a.stderr).Level(level).With().Timestamp().Logger()
	}
	console := zerolog.ConsoleWriter{Out: a.stderr, NoColor: !a.wantsColour(), TimeFormat: time.TimeOnly}
	return zerolog.New(console).Level(level).With().Timestamp().Logger()
}

// checkQuery reports what is wrong with --jq.
func (a *app) checkQuery() error {
	if a.flags.jq == "" {
		return nil
	}
	_, err := shape.Compile(a.flags.jq)
	return err
}

// show writes a result: through the jq expression when there is one, in the chosen format.
func (a *app) show(ctx context.Context, value []byte) error {
	screen := a.screen()
	if a.flags.jq == "" {
		return render.Value(screen, a.flags.output, value)
	}
	expression, err := shape.Compile(a.flags.jq)
	if err != nil {
		return err
	}
	return expression.Run(ctx, value, func(result []byte) error {
		format := a.flags.output
		if format == render.Text {
			format = render.JSON // what jq users expect
		}
		return render.Value(screen, format, result)
	})
}
