package render

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/host/internal/trail"
	"github.com/mqtrail/mqtrail/host/internal/verdict"
	model "github.com/mqtrail/mqtrail/sdk/trail"
)

// Replication writes how plans that copy between instances stand, and what a switch now would repeat or skip: of
// several plans a line each, and more of those that are not all right; of one plan everything.
func Replication(w io.Writer, report *trail.ReplicationReport, options Options) error {
	p := &paper{Options: options, sandbox: fromSandbox(report.Looked)}
	switch len(report.Plans) {
	case 0:
		p.line(p.none("plan", nil, report.Looked))
	case 1:
		p.wholePlan(&report.Plans[0])
	default:
		p.plans(report.Plans)
	}
	if report.Caveat != "" {
		p.blank()
		p.line(p.show(report.Caveat))
	}
	p.failures(report.Calls)
	p.afterword(trail.Span{}, nil, report.Looked, report.Notes)
	return p.send(w)
}

// plans is the table of several plans, and what is wrong with them.
func (p *paper) plans(plans []trail.Plan) {
	plans = slices.SortedStableFunc(slices.Values(plans), func(a, b trail.Plan) int {
		return cmp.Compare(slices.Index(urgency, moodOf(a.Result.Verdict)), slices.Index(urgency, moodOf(b.Result.Verdict)))
	})
	rows := make([][]string, len(plans))
	sure := make([]verdict.Confidence, len(plans))
	for i := range plans {
		plan := &plans[i]
		v := plan.Result.Verdict
		sure[i] = v.Confidence
		rows[i] = []string{
			p.marks().moods[moodOf(v)], cmp.Or(plan.Name, plan.ID, unknown), cmp.Or(plan.ID, unknown), cmp.Or(string(v.Verdict), unknown),
			cmp.Or(meanings[v.Verdict], unknown), p.sureness(v), spanOf(plan.Result.Repeats), spanOf(plan.Result.Skips),
			spanOf(behind(plan.Items)), plan.Connection, p.site(plan.Source) + p.marks().arrow + p.site(plan.Target),
		}
	}
	left := p.grid([]string{"", "plan", "id", "verdict", "meaning", "sure", "repeats", "skips", "data behind", "connection", "from, to"}, rows,
		give{column: "from, to"}, give{column: "meaning"}, give{column: "connection"}, give{column: "sure"}, give{column: "plan", least: 16},
		give{column: "data behind"}, give{column: "id"})
	p.leftOut(slices.DeleteFunc(left, func(column string) bool { return column == "meaning" || column == "from, to" }))
	p.line("A switch to the target now repeats and skips about that much, by the group that is furthest off.")
	p.doubt(sure...)
	for i := range plans {
		if plan := &plans[i]; moodOf(plan.Result.Verdict) != good {
			p.blank()
			p.plan(plan)
		}
	}
	p.heading("To see one plan whole")
	p.typed("  ", p.command(verdict.Next{Tool: "replication_status", Arguments: map[string]any{"plan": plans[0].ID}}))
}

// behind is how much newer the source's data is than the target's at most; nil where that was told of no topic.
func behind(items []model.ReplicationItem) *int64 {
	var most *int64
	for _, item := range items {
		if item.DataBehindMS != nil && (most == nil || *item.DataBehindMS > *most) {
			most = item.DataBehindMS
		}
	}
	return most
}

// plan is what is wrong with one of several.
func (p *paper) plan(plan *trail.Plan) {
	v := plan.Result.Verdict
	p.banner(moodOf(v), p.orUnknown(strings.TrimSpace(plan.Name+" "+plan.ID))+": "+p.verdictWords(v.Verdict)+" ("+p.sureness(v)+")")
	p.line(p.show(withoutCaveat(v.Why)))
	p.replicatedGroups(plan, false)
	for _, sentence := range v.Missing {
		p.plain("  - ", p.show(sentence))
	}
}

// withoutCaveat is a plan's why without the sentence that is said once, at the end.
func withoutCaveat(why string) string { return strings.ReplaceAll(why, " "+verdict.Caveat, "") }

// wholePlan is everything that is known of one plan.
func (p *paper) wholePlan(plan *trail.Plan) {
	p.verdict(plan.Result.Verdict)
	p.facts([][2]string{
		{"plan", p.orUnknown(strings.TrimSpace(plan.Name + " " + plan.ID))},
		{"connection", p.orUnknown(plan.Connection)},
		{"kind", p.orUnknown(plan.Kind)},
		{"status", p.orUnknown(plan.Status)},
		{"running", yesNo(plan.Running)},
		{"auto sync", yesNo(plan.AutoSync)},
		{"from", p.site(plan.Source)},
		{"to", p.site(plan.Target)},
		{"a switch repeats", spanOf(plan.Result.Repeats)},
		{"a switch skips", spanOf(plan.Result.Skips)},
	}...)
	p.dataBehind(plan)
	p.blank()
	p.replicatedGroups(plan, true)
	p.notKnown(plan.Result.Verdict, nil)
	p.next(plan.Result.Verdict)
}

func (p *paper) site(site model.Site) string {
	return p.orUnknown(strings.Join(strings.Fields(site.Region+" "+site.Kind+" "+site.Instance), " "))
}

// dataBehind is how much newer the source's data is, where that was told and the verdict does not say it.
func (p *paper) dataBehind(plan *trail.Plan) {
	rows := [][]string{}
	for _, item := range plan.Items {
		topic := cmp.Or(item.Source.Topic, item.ID)
		if item.DataBehindMS != nil && !strings.Contains(plan.Result.Why, "The data of "+topic+" is ") {
			rows = append(rows, []string{topic, span(*item.DataBehindMS)})
		}
	}
	if len(rows) > 0 {
		p.blank()
		p.table([]string{"topic", "data behind"}, rows)
	}
}

// replicatedGroups are how groups stand at both ends; in full with how far apart the vendor looked at the two ends.
func (p *paper) replicatedGroups(plan *trail.Plan, full bool) {
	groups := plan.Result.Groups
	if len(groups) == 0 {
		return
	}
	columns := []string{"", "topic", "group", "verdict", "target behind", "last sync"}
	if full {
		columns = append(columns, "looked apart")
	}
	rows := make([][]string, len(groups))
	for i, group := range groups {
		rows[i] = []string{
			p.marks().moods[moodOf(group.Verdict)], cmp.Or(group.Topic, unknown), cmp.Or(group.Group, unknown), cmp.Or(string(group.Verdict.Verdict), unknown),
			spanOf(group.DeltaMS), spanOf(group.StalenessMS), spanOf(group.FetchSkewMS),
		}[:len(columns)]
	}
	left := p.grid(columns, rows, give{column: "looked apart"}, give{column: "topic", least: 12}, give{column: "group", least: 12})
	p.leftOut(left)
	for _, group := range groups {
		if group.Why != "" && moodOf(group.Verdict) != good && !strings.Contains(plan.Result.Why, group.Why) {
			p.plain("  - ", p.orUnknown(group.Topic)+" / "+p.orUnknown(group.Group)+": "+p.show(group.Why))
		}
	}
}
