//go:build race

package built

// raceEnabled builds the programs with the race detector when the tests run with it.
const raceEnabled = true
