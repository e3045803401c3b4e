package emulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// In a sandbox that runs for days, retries go on until there are no more, and what hangs is given out again and again.
func TestStrugglesGoOn(t *testing.T) {
	began := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	now := began
	c := newCloud(func() time.Time { return now })
	south, err := c.instance(southInstance, "instanceId")
	if err != nil {
		t.Fatal(err)
	}
	orders, err := south.topic("orders")
	if err != nil {
		t.Fatal(err)
	}
	warehouse, err := south.group("warehouse")
	if err != nil {
		t.Fatal(err)
	}
	type standing struct {
		Retries, Deliveries int
		Last, Hanging       string
		InFlight            int
	}
	tried := func(key string) (int, string) {
		m, _ := find(orders.messages, func(m *message) bool { return m.keys[0] == key })
		of, _ := find(m.consumedBy(now), func(of *consumption) bool { return of.group == "warehouse" })
		return len(of.attempts), of.status
	}
	for _, test := range []struct {
		after time.Duration
		want  standing
	}{
		{0, standing{4, 1, failed, "", 1}},
		{25*time.Minute + consumerDelay + 500*time.Millisecond, standing{5, 1, "", "", 2}}, // while the fifth goes on
		{7 * time.Hour, standing{18, 2, failed, "", 1}},
		{30 * day, standing{maxAttempts, maxAttempts, failed, "", 0}},
	} {
		now = began.Add(test.after)
		var got standing
		got.Retries, got.Last = tried("order-7106")
		got.Deliveries, got.Hanging = tried("order-7107")
		got.InFlight = warehouse.subscriptions[0].lag(orders, now).Inflight
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("after %v: -want +got\n%s", test.after, diff)
		}
	}
}

// A scheduled message that becomes due while the sandbox runs can be found then, and its trace says that it was let go.
func TestScheduledBecomesDue(t *testing.T) {
	began := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	now := began
	c := newCloud(func() time.Time { return now })
	south, err := c.instance(southInstance, "instanceId")
	if err != nil {
		t.Fatal(err)
	}
	reminders, err := south.topic("reminders")
	if err != nil {
		t.Fatal(err)
	}
	for key, due := range map[string]bool{"order-7121": true, "order-7122": false, "order-7123": false} {
		m, _ := find(reminders.messages, func(m *message) bool { return m.keys[0] == key })
		for _, after := range []time.Duration{0, 24 * time.Hour} {
			now = began.Add(after)
			_, fired := m.brokerView(now)["delayStatus"]
			_, found := reminders.message(m.id, now)
			if want := due && after > 0; fired != want || found != want {
				t.Errorf("%s after %v: let go %v, found %v", key, after, fired, found)
			}
		}
	}
}
