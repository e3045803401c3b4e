package rocketmq

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// documentedBorn is the bornTimestamp of the message with the documented unique id.
var documentedBorn = time.UnixMilli(1661857434591)

func timed(t testing.TB, text string) Timed {
	t.Helper()
	decoded, err := ParseID(text)
	if err != nil {
		t.Fatal(err)
	}
	id, ok := decoded.ID.(Timed)
	if !ok {
		t.Fatalf("%s holds no time: %#v", text, decoded.ID)
	}
	return id
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestTimesNear(t *testing.T) {
	for name, test := range map[string]struct {
		id   string
		born time.Time
		want []Time
	}{
		"documented: UTC+8 alone fits": {documentedUnique, documentedBorn, []Time{
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneProven, 1},
		}},
		"the right month, no zone": {documentedUnique, at(t, "2022-08-30T00:00:00Z"), []Time{
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneAssumed, 1},
			{1661886234590, "2022-08-30T19:03:54.590Z", ZoneAssumed, 1},
		}},
		"a zone of its own": {documentedUnique, at(t, "2022-08-30T18:00:00+05:30"), []Time{
			{1661866434590, "2022-08-30T19:03:54.590+05:30", ZoneAssumed, 1},
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneAssumed, 1},
			{1661886234590, "2022-08-30T19:03:54.590Z", ZoneAssumed, 1},
		}},
		"the month before is nearer": {documentedUnique, at(t, "2022-09-02T00:00:00Z"), []Time{
			{1661886234590, "2022-08-30T19:03:54.590Z", ZoneAssumed, 1},
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneAssumed, 1},
		}},
		"5.x, as Go counts": {documentedV1, at(t, "2023-07-17T01:32:28Z"), []Time{
			{1689557547000, "2023-07-17T01:32:27Z", ZoneProven, 1000},
		}},
		"5.x, as Java counts in China": {documentedV1, at(t, "2023-07-16T17:32:26Z"), []Time{
			{1689528747000, "2023-07-17T01:32:27+08:00", ZoneProven, 1000},
		}},
		"5.x, nothing fits": {documentedV1, at(t, "2023-07-17T02:00:05Z"), []Time{
			{1689557547000, "2023-07-17T01:32:27Z", ZoneAssumed, 1000},
			{1689528747000, "2023-07-17T01:32:27+08:00", ZoneAssumed, 1000},
		}},
		"a month that is longer by an hour": {
			UniqueID{netip.MustParseAddr("10.0.0.1"), 7, 1, uint32((31*24*time.Hour + 30*time.Minute).Milliseconds()), 0}.String(),
			at(t, "2022-10-31T23:30:00+01:00"), []Time{{1667255400000, "2022-11-01T00:30:00.000+02:00", ZoneProven, 1}},
		},
		"made as the month begins, born before": {
			UniqueID{netip.MustParseAddr("10.0.0.1"), 7, 0, 200, 0}.String(),
			at(t, "2022-08-31T23:59:59.9+08:00"), []Time{{1661961600200, "2022-09-01T00:00:00.200+08:00", ZoneProven, 1}},
		},
		"of the 4.x Go client": {
			UniqueID{netip.MustParseAddr("10.0.0.1"), 7, 0, 5000, 1}.String(),
			at(t, "2022-09-01T00:00:06.9+08:00"), []Time{{1661961605000, "2022-09-01T00:00:05+08:00", ZoneProven, 1000}},
		},
		"no time of a month": {"9E107D9D372BB6826BD8FFFFFFFF19D6", documentedBorn, []Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, TimesNear(timed(t, test.id), test.born)); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimesBefore(t *testing.T) {
	for name, test := range map[string]struct {
		id   string
		now  time.Time
		want []Time
	}{
		"this month": {documentedUnique, at(t, "2022-08-31T12:00:00Z"), []Time{
			{1661886234590, "2022-08-30T19:03:54.590Z", ZoneAssumed, 1},
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneAssumed, 1},
		}},
		"not in the future": {documentedUnique, at(t, "2022-08-30T12:00:00Z"), []Time{
			{1661857434590, "2022-08-30T19:03:54.590+08:00", ZoneAssumed, 1},
			{1659207834590, "2022-07-30T19:03:54.590Z", ZoneAssumed, 1},
		}},
		"February is too short": {documentedUnique, at(t, "2023-03-05T00:00:00Z"), []Time{
			{1675105434590, "2023-01-30T19:03:54.590Z", ZoneAssumed, 1},
			{1675076634590, "2023-01-30T19:03:54.590+08:00", ZoneAssumed, 1},
		}},
		"5.x": {documentedV1, at(t, "2024-01-01T00:00:00Z"), []Time{
			{1689557547000, "2023-07-17T01:32:27Z", ZoneAssumed, 1000},
			{1689528747000, "2023-07-17T01:32:27+08:00", ZoneAssumed, 1000},
		}},
		"5.x, later than now": {documentedV1, at(t, "2023-01-01T00:00:00Z"), []Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, TimesBefore(timed(t, test.id), test.now)); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever the producer's zone: its id and its born time, taken within a second, give back the moment and the zone.
func TestTimesNearProveTheZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.IntRange(int(westernmost/zoneStep), int(easternmost/zoneStep)).Draw(t, "zone")
		zone := fixedZone(time.Duration(steps) * zoneStep)
		made := time.UnixMilli(rapid.Int64Range(1_610_000_000_000, 4_000_000_000_000).Draw(t, "made")).In(zone)
		born := made.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "apart")) * time.Millisecond)
		year, month, _ := made.Date()
		ids := map[Timed]time.Time{
			UniqueID{Host: netip.MustParseAddr("10.0.0.1"), PID: 1, LoaderHash: 1, MonthMillis: uint32(made.Sub(time.Date(year, month, 1, 0, 0, 0, 0, zone)).Milliseconds())}: made,
			V1ID{Seconds: uint32(made.Sub(time.Date(2021, 1, 1, 0, 0, 0, 0, zone)).Seconds())}:                                                                                made.Truncate(time.Second),
		}
		for id, want := range ids {
			got := TimesNear(id, born)
			if len(got) != 1 || got[0].ZoneSource != ZoneProven || got[0].UnixMS != want.UnixMilli() {
				t.Fatalf("%#v made at %s, born %s: %+v", id, want, born, got)
			}
			if back, err := time.Parse(time.RFC3339, got[0].ISO); err != nil || zoneText(back) != zoneText(want) || !back.Equal(want) {
				t.Fatalf("%#v made at %s: %s, %v", id, want, got[0].ISO, err)
			}
		}
	})
}
