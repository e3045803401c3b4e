package verbs

import (
	"time"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

const (
	// ahead is how far a broker's or a producer's clock may run before ours.
	ahead = time.Minute
	// longest is the longest retention that RocketMQ can be set to (fileReservedTime, 720 h). A search by key is by an
	// index: a long window costs nothing.
	longest = 30 * 24 * time.Hour
	// recent is the usual retention on Kafka. A search reads all of the window, up to a limit.
	recent = 72 * time.Hour
)

// closed is the window with both ends, for a vendor that wants them. It says which it set.
func (i *inquiry) closed(window trail.Window, reach time.Duration) trail.Window {
	if window.ToMS <= 0 {
		window.ToMS = i.now().Add(ahead).UnixMilli()
	}
	if window.FromMS <= 0 {
		window.FromMS = window.ToMS - reach.Milliseconds()
		i.note("The vendor searches a window of time only, and none was given from which on: the last %d hours were searched.", int(reach.Hours()))
	}
	return window
}
