package trail

import "fmt"

// LagSummary tells how groups stand in few words, the worst first.
type LagSummary struct {
	// Unknown counts groups of which nothing is known: they come first, and are not zero.
	Unknown int       `json:"unknown,omitempty"`
	Behind  int       `json:"behind"`
	Groups  []LagLine `json:"groups"`
	// Incomplete says why groups that exist may be missing.
	Incomplete []string `json:"incomplete,omitempty"`
	Looked     string   `json:"looked,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string     `json:"omitted,omitempty"`
	Report  *LagReport `json:"report,omitempty"`
}

// LagLine is one group. A number that is not there was not told; it is not zero.
type LagLine struct {
	Connection string `json:"connection"`
	Instance   string `json:"instance"`
	Group      string `json:"group"`
	Online     *bool  `json:"online,omitempty"`
	Clients    int    `json:"clients,omitempty"`
	// Messages wait for the group, of all its topics; DelayMS is how long the oldest has waited.
	Messages *int64 `json:"messages,omitempty"`
	DelayMS  *int64 `json:"delay_ms,omitempty"`
	// Topics are those that are behind, the worst first.
	Topics  []TopicLagLine `json:"topics,omitempty"`
	Problem string         `json:"problem,omitempty"`
}

// TopicLagLine is how far a group is behind in one topic.
type TopicLagLine struct {
	Topic      string `json:"topic"`
	Messages   *int64 `json:"messages,omitempty"`
	DelayMS    *int64 `json:"delay_ms,omitempty"`
	ConsumedTo string `json:"consumed_to,omitempty"`
}

const (
	maxLagLines   = 20
	maxTopicLines = 3
)

// Summary is the worst groups, and how many more there are.
func (r *LagReport) Summary() *LagSummary {
	s := &LagSummary{Groups: []LagLine{}, Incomplete: lines(r.Incomplete, 5), Looked: lookedLine(r.Looked), Notes: lines(r.Notes, 3)}
	for i := range r.Groups {
		group := &r.Groups[i]
		switch {
		case knownLag(*group) == 0:
			s.Unknown++
		case waiting(*group) > 0 || delay(*group) > 0:
			s.Behind++
		}
		if len(s.Groups) < maxLagLines {
			s.Groups = append(s.Groups, lagLine(group))
		}
	}
	s.Omitted = "detail=raw has partitions, clients and the vendors' answers."
	if more := len(r.Groups) - len(s.Groups); more > 0 {
		s.Omitted = fmt.Sprintf("%d more groups, none worse. %s", more, s.Omitted)
	}
	return s
}

func lagLine(group *GroupLag) LagLine {
	short := LagLine{
		Connection: group.Connection, Instance: group.Instance, Group: line(group.Group, nameLength), Online: group.Online, Clients: len(group.Clients),
		Problem: line(group.Problem, 2*groupWhyLength),
	}
	if knownLag(*group) == 0 && short.Problem == "" {
		short.Problem = "The vendor told no number."
	}
	for _, topic := range group.Lags {
		if topic.Messages != nil {
			messages := waiting(*group)
			short.Messages = &messages
		}
		if topic.DelayMS != nil {
			longest := delay(*group)
			short.DelayMS = &longest
		}
		if len(group.Lags) > 1 && (topic.Messages != nil && *topic.Messages == 0) || len(short.Topics) == maxTopicLines {
			continue
		}
		told := TopicLagLine{Topic: line(topic.Topic, nameLength), Messages: topic.Messages, DelayMS: topic.DelayMS}
		if topic.ConsumedTo != nil {
			told.ConsumedTo = topic.ConsumedTo.ISO
		}
		short.Topics = append(short.Topics, told)
	}
	return short
}

// Raw is the summary with the whole report.
func (r *LagReport) Raw() *LagSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
