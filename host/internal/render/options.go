package render

import (
	"io"
	"time"
)

// Options are how a report of the trail is written for a person.
type Options struct {
	// Color marks verdicts and outcomes with colours. Nothing is told by colour alone.
	Color bool
	// ASCII writes nothing but ASCII: other characters of names are shown by their code points.
	ASCII bool
	// Width is the terminal's, in columns; 0 is no terminal: nothing is wrapped.
	Width int
	// Zone is the zone that times are shown in; nil is UTC.
	Zone *time.Location
}

// narrowest is what lines are folded to when a terminal says that it is narrower.
const narrowest = 20

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// width is where lines end at most; 0 is nowhere.
func (o Options) width() int {
	if o.Width <= 0 {
		return 0
	}
	return max(o.Width, narrowest)
}

func (o Options) screen(w io.Writer) Screen {
	return Screen{Writer: w, Terminal: o.Width > 0, Colour: o.Color, Width: o.width()}
}
