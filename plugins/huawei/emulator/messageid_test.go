package emulator

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The ids are those of documented samples.
func TestMessageIDs(t *testing.T) {
	if got := offsetID(netip.MustParseAddrPort("192.168.71.188:8422"), 17918); got != "C0A847BC000020E600000000000045FE" {
		t.Errorf("got the broker's id %s", got)
	}
	born, err := bornOf("050562443C7018B4AAC2996FB3DE0000", time.Date(2022, 8, 31, 0, 0, 0, 0, producerZone))
	if want := time.Date(2022, 8, 30, 19, 3, 54, 590e6, producerZone); err != nil || !born.Equal(want) {
		t.Errorf("got %v (%v), want %v", born, err, want)
	}
	for _, id := range []string{"", "xyz", "C0A847BC", "012A5AB0BBEC8A000104C6342B00001ECF"} {
		if _, err := bornOf(id, time.Now()); err == nil {
			t.Errorf("%q was read as a client's id", id)
		}
	}
}

func TestClientIDTellsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.UnixMilli(rapid.Int64Range(1_600_000_000_000, 2_000_000_000_000).Draw(t, "now"))
		born := now.Add(-time.Duration(rapid.Int64Range(0, 28*24*3600_000).Draw(t, "age")) * time.Millisecond)
		id := clientID(netip.MustParseAddr("192.168.0.11"), born, uint16(rapid.IntRange(0, 65535).Draw(t, "count")))
		got, err := bornOf(id, now)
		if err != nil || !got.Equal(born) {
			t.Fatalf("%s tells %v (%v), want %v", id, got, err, born)
		}
	})
}
