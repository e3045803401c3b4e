package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/shape"
)

// defaultMaxTokens is what an assistant's client takes of one answer without cutting it itself.
const defaultMaxTokens = 20_000

// shapeFlags say what is made of answers.
type shapeFlags struct {
	maxTokens   tokensFlag
	showSecrets bool
}

func (f *shapeFlags) register(set *pflag.FlagSet) {
	set.Var(&f.maxTokens, "max-tokens", "cut an answer that is larger, in `tokens` of four bytes; 0 is no limit")
	set.BoolVar(&f.showSecrets, "show-secrets", false, "show the passwords and keys that an answer holds")
}

func (f *shapeFlags) shape() gateway.Shape {
	return gateway.Shape{MaxTokens: int(f.maxTokens), ShowSecrets: f.showSecrets}
}

// tokensFlag is --max-tokens.
type tokensFlag int

func (f *tokensFlag) String() string { return strconv.Itoa(int(*f)) }
func (f *tokensFlag) Type() string   { return "tokens" }

func (f *tokensFlag) Set(value string) error {
	tokens, err := strconv.Atoi(value)
	if err != nil || tokens != 0 && tokens < shape.LeastTokens || tokens > maxMaxTokens {
		return fmt.Errorf("want 0, or a number from %d to %d", shape.LeastTokens, maxMaxTokens)
	}
	*f = tokensFlag(tokens)
	return nil
}

// maxMaxTokens is as much as any answer takes.
const maxMaxTokens = 16 << 20 / shape.BytesPerToken
