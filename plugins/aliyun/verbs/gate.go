package verbs

import (
	"context"
	"encoding/json"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// atOnce is how many calls the verbs of one connection have under way together, however many questions there are.
const atOnce = 16

// gate lets so many calls through at once as slots has room.
type gate struct {
	doer  rest.Doer
	slots chan struct{}
}

// Do makes the call when there is room, unless the asker goes away first.
func (g gate) Do(ctx context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, sdk.AsProblem(ctx.Err())
	}
	defer func() { <-g.slots }()
	return g.doer.Do(ctx, file, arguments)
}
