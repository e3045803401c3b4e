package render

import (
	"cmp"
	"io"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// List writes instances, topics or groups.
func List(w io.Writer, report *trail.ListReport, options Options) error {
	p := &paper{Options: options}
	if len(report.Resources) == 0 {
		p.line(p.none(cmp.Or(p.show(report.Query.Kind), "resource"), report.Incomplete, report.Looked))
	} else {
		columns := columnsFor(report.Resources[0].Kind) // the query has it as it was typed
		header := make([]string, len(columns))
		rows := make([][]string, len(report.Resources))
		for j, column := range columns {
			header[j] = column.name
		}
		for i, resource := range report.Resources {
			for _, column := range columns {
				rows[i] = append(rows[i], cmp.Or(column.value(p, resource), unknown))
			}
		}
		header, rows, untold := withoutUntold(header, rows)
		left := p.grid(header, rows, give{column: "instance", least: 16}, give{column: "type", least: 12, end: true}, give{column: "kept"},
			give{column: "region"}, give{column: "system"}, give{column: "instance", least: 11}, give{column: "type"}, give{column: "status"})
		p.leftOut(left)
		p.untold(untold)
	}
	p.more(report.Next)
	p.afterword(trail.Span{}, report.Incomplete, report.Looked, report.Notes)
	return p.send(w)
}

// resourceColumn is one column of a list; an empty value is one that was not told.
type resourceColumn struct {
	name  string
	value func(*paper, trail.Listed) string
}

// columnsFor are the columns that say something of a kind.
func columnsFor(kind model.Kind) []resourceColumn {
	id := resourceColumn{"id", func(_ *paper, r trail.Listed) string { return r.ID }}
	name := resourceColumn{"name", func(_ *paper, r trail.Listed) string { return r.Name }}
	instance := resourceColumn{"instance", func(_ *paper, r trail.Listed) string { return r.Instance }}
	system := resourceColumn{"system", func(_ *paper, r trail.Listed) string { return string(r.System) }}
	region := resourceColumn{"region", func(_ *paper, r trail.Listed) string { return r.Region }}
	sort := resourceColumn{"type", func(_ *paper, r trail.Listed) string { return r.Type }}
	partitions := resourceColumn{"partitions", func(_ *paper, r trail.Listed) string { return number(r.Partitions) }}
	kept := resourceColumn{"kept", func(_ *paper, r trail.Listed) string { return spanOf(r.RetentionMS) }}
	status := resourceColumn{"status", func(_ *paper, r trail.Listed) string { return r.Status }}
	usable := resourceColumn{"usable", func(_ *paper, r trail.Listed) string { return yesNo(r.Usable) }}
	connection := resourceColumn{"connection", func(_ *paper, r trail.Listed) string { return r.Connection }}
	switch kind {
	case model.Instances:
		return []resourceColumn{id, name, system, region, status, usable, kept, connection}
	case model.Topics:
		return []resourceColumn{id, instance, sort, partitions, kept, status, connection}
	case model.Groups:
		return []resourceColumn{id, instance, sort, status, usable, connection}
	default:
		return []resourceColumn{id, name, instance, sort, status, connection}
	}
}
