package trail

import (
	"fmt"

	"github.com/mqtrail/mqtrail/host/internal/verdict"
)

// ReplicationSummary tells how plans stand in few words.
type ReplicationSummary struct {
	// Caveat says what the numbers are not.
	Caveat string     `json:"caveat"`
	Plans  []PlanLine `json:"plans"`
	Looked string     `json:"looked,omitempty"`
	Notes  []string   `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string             `json:"omitted,omitempty"`
	Report  *ReplicationReport `json:"report,omitempty"`
}

// PlanLine is one plan with its verdict.
type PlanLine struct {
	Connection string `json:"connection"`
	Plan       string `json:"plan"`
	Name       string `json:"name,omitempty"`
	Verdict    string `json:"verdict"`
	Confidence string `json:"confidence"`
	Why        string `json:"why"`
	Source     string `json:"source,omitempty"`
	Target     string `json:"target,omitempty"`
	// RepeatsMS and SkipsMS are about how much a switch now would do again, or skip; absent when not known.
	RepeatsMS *int64 `json:"repeats_ms,omitempty"`
	SkipsMS   *int64 `json:"skips_ms,omitempty"`
	// Groups are those that are not well, by the verdict.
	Groups   []ReplicatedLine `json:"groups,omitempty"`
	Evidence string           `json:"evidence,omitempty"`
	Missing  []string         `json:"missing,omitempty"`
	Next     []Called         `json:"next,omitempty"`
}

// ReplicatedLine is one group of a plan.
type ReplicatedLine struct {
	Topic       string `json:"topic,omitempty"`
	Group       string `json:"group,omitempty"`
	Verdict     string `json:"verdict"`
	DeltaMS     *int64 `json:"delta_ms,omitempty"`
	StalenessMS *int64 `json:"staleness_ms,omitempty"`
}

const (
	maxPlans      = 10
	maxReplicated = 8
)

// Summary is the plans with the groups that are not well.
func (r *ReplicationReport) Summary() *ReplicationSummary {
	s := &ReplicationSummary{Caveat: r.Caveat, Plans: []PlanLine{}, Looked: lookedLine(r.Looked), Notes: lines(r.Notes, 3)}
	for i := range r.Plans[:min(maxPlans, len(r.Plans))] {
		s.Plans = append(s.Plans, planLine(&r.Plans[i]))
	}
	s.Omitted = "detail=raw has every checkpoint and the vendors' answers."
	if more := len(r.Plans) - len(s.Plans); more > 0 {
		s.Omitted = fmt.Sprintf("%d more plans; name one. %s", more, s.Omitted)
	}
	return s
}

func planLine(plan *Plan) PlanLine {
	result := &plan.Result
	short := PlanLine{
		Connection: plan.Connection, Plan: plan.ID, Name: line(plan.Name, nameLength), Verdict: string(result.Verdict.Verdict),
		Confidence: string(result.Confidence), Why: line(result.Why, whyLength), Source: siteLine(plan.Source.Region, plan.Source.Instance),
		Target: siteLine(plan.Target.Region, plan.Target.Instance), RepeatsMS: result.Repeats, SkipsMS: result.Skips,
		Evidence: pointed(result.Evidence), Missing: lines(result.Missing, 2), Next: calledOf(result.Next, 2),
	}
	for _, group := range result.Groups {
		if group.Verdict.Verdict == verdict.ReplicationOK || len(short.Groups) == maxReplicated {
			continue
		}
		short.Groups = append(short.Groups, ReplicatedLine{
			Topic: line(group.Topic, nameLength), Group: line(group.Group, nameLength), Verdict: string(group.Verdict.Verdict),
			DeltaMS: group.DeltaMS, StalenessMS: group.StalenessMS,
		})
	}
	return short
}

func siteLine(region, instance string) string {
	switch {
	case region == "":
		return line(instance, nameLength)
	case instance == "":
		return line(region, nameLength)
	default:
		return line(region+"/"+instance, nameLength)
	}
}

// Raw is the summary with the whole report.
func (r *ReplicationReport) Raw() *ReplicationSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
