package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// Lag writes how consumer groups stand.
func Lag(w io.Writer, report *trail.LagReport, options Options) error {
	p := &paper{Options: options}
	var measured, idle []trail.GroupLag
	var problems []string
	for _, group := range report.Groups {
		if len(group.Lags) == 0 && group.Problem == "" {
			idle = append(idle, group)
			continue
		}
		measured = append(measured, group)
		if group.Problem != "" {
			problems = append(problems, group.Group+": "+group.Problem)
		}
	}
	if len(report.Groups) == 0 {
		p.line(p.none("group", report.Incomplete, report.Looked))
	}
	p.lags(measured)
	p.list("Nothing is known of", problems)
	if len(report.Groups) == 1 {
		p.partitions(report.Groups[0])
	}
	p.withoutTopic(idle, len(measured) > 0)
	p.failures(report.Calls)
	p.afterword(trail.Span{}, report.Incomplete, report.Looked, report.Notes)
	return p.send(w)
}

// lags is the table of groups by topic.
func (p *paper) lags(groups []trail.GroupLag) {
	if len(groups) == 0 {
		return
	}
	rows := [][]string{}
	for _, group := range groups {
		rows = append(rows, p.lagRows(group)...)
	}
	left := p.grid([]string{"group", "topic", "waiting", "ready", "in flight", "oldest waits", "consumed to", "online", "connection", "instance"}, rows,
		give{column: "instance", least: 19}, give{column: "ready"}, give{column: "in flight"}, give{column: "instance", least: 11},
		give{column: "consumed to"}, give{column: "connection"})
	if at := consumedTo(groups); at != nil && p.width() > 0 && !slices.Contains(left, "consumed to") {
		p.line(p.zoneOfTable(at))
	}
	p.leftOut(left)
}

// consumedTo is a time of the table, for its zone.
func consumedTo(groups []trail.GroupLag) *model.Time {
	for _, group := range groups {
		for _, lag := range group.Lags {
			if lag.ConsumedTo != nil {
				return lag.ConsumedTo
			}
		}
	}
	return nil
}

// lagRows are a group's topics; one row of unknowns where no topic was told.
func (p *paper) lagRows(group trail.GroupLag) [][]string {
	lags := group.Lags
	if len(lags) == 0 {
		lags = []model.Lag{{}}
	}
	at := p.moment
	if p.width() > 0 {
		at = p.second
	}
	rows := make([][]string, len(lags))
	for i, lag := range lags {
		rows[i] = []string{
			cmp.Or(group.Group, unknown), cmp.Or(lag.Topic, unknown), number(lag.Messages), number(lag.Ready), number(lag.InFlight),
			spanOf(lag.DelayMS), at(lag.ConsumedTo), yesNo(group.Online), group.Connection, cmp.Or(group.Instance, unknown),
		}
	}
	return rows
}

// withoutTopic are the groups of which no topic was told. Some vendors tell topics only while consumers are connected,
// so this is no proof that a group has none.
func (p *paper) withoutTopic(groups []trail.GroupLag, first bool) {
	if len(groups) == 0 {
		return
	}
	var places []string
	names := map[string][]string{}
	for _, group := range groups {
		place := p.orUnknown(group.Connection) + " " + p.orUnknown(group.Instance)
		if names[place] == nil {
			places = append(places, place)
		}
		name := p.orUnknown(group.Group)
		switch {
		case group.Online == nil:
			name += " (online: " + unknown + ")"
		case *group.Online:
			name += " (online)"
		default:
			name += " (offline)"
		}
		names[place] = append(names[place], name)
	}
	heading := "No subscription is known of these, so how far they are behind is unknown"
	if first {
		p.heading(heading)
	} else {
		p.strong(heading)
	}
	for _, place := range places {
		p.plain("  - ", place+": "+strings.Join(names[place], ", "))
	}
}

// partitions are where the group's positions stand, for one group alone.
func (p *paper) partitions(group trail.GroupLag) {
	rows := [][]string{}
	for _, lag := range group.Lags {
		for _, at := range lag.Partitions {
			rows = append(rows, []string{
				cmp.Or(lag.Topic, unknown), fmt.Sprint(at.Partition), number(at.Committed), number(at.End), number(at.Messages),
				p.moment(at.ConsumedTo), cmp.Or(at.Client, unknown),
			})
		}
	}
	if len(rows) == 0 {
		return
	}
	p.blank()
	p.grid([]string{"topic", "partition", "next", "end", "waiting", "consumed to", "client"}, rows, give{column: "client", least: 16})
}
