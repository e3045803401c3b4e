package verdict

import (
	"cmp"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// group is everything that is known of one consumer group, and in the end the verdict about it.
type group struct {
	*dossier
	name          string
	subscriptions []trail.Subscription
	state         *trail.GroupState
	attempts      []attempt
	deaths        []trail.Event
	copies        []trail.Message
	standings     []trail.Standing
	raw           []string
	verdict       *Verdict
}

// gatherGroups are the groups that subscribe, that the trace shows, that have a copy in their dead-letter queue, and
// that have a position in the topic or are said to have passed the message or not; by name.
func (d *dossier) gatherGroups() []*group {
	byName := map[string]*group{}
	get := func(name string) *group {
		if byName[name] == nil {
			byName[name] = &group{dossier: d, name: name}
		}
		return byName[name]
	}
	for _, s := range d.Subscriptions {
		if s.Group != "" && (s.Topic == d.known.Topic || s.Topic == "" || d.known.Topic == "") {
			g := get(s.Group)
			g.subscriptions = append(g.subscriptions, s)
		}
	}
	events := map[string][]trail.Event{}
	for _, e := range d.events {
		if e.Actor.Group != "" && consumerStage(e.Stage) {
			events[e.Actor.Group] = append(events[e.Actor.Group], e)
		}
	}
	for name, of := range events {
		g := get(name)
		g.attempts = attemptsOf(of)
		for _, e := range of {
			g.hear(e)
		}
	}
	for _, copied := range d.DeadLetters {
		if name := deadLetterGroup(copied); name != "" {
			get(name).copies = append(get(name).copies, copied)
		}
	}
	if d.known.DeadLetterGroup != "" {
		get(d.known.DeadLetterGroup)
	}
	for _, s := range d.standings {
		if g := byName[s.Group]; g == nil && (s.Group == "" || s.Passed == nil) {
			continue
		}
		g := get(s.Group)
		g.standings = append(g.standings, s)
	}
	for i, state := range d.States {
		if g := byName[state.Group]; g == nil && (state.Group == "" || d.lagIn(state) == nil) {
			continue // it has nothing to do with the topic
		}
		if g := get(state.Group); g.state == nil {
			g.state = &d.States[i]
		}
	}
	groups := make([]*group, 0, len(byName))
	for _, g := range byName {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(a.name, b.name) })
	return groups
}

// hear keeps what is no delivery: dead-lettering, and words that nobody documents.
func (g *group) hear(e trail.Event) {
	if e.Stage == trail.StageDeadLettered && e.Outcome != trail.Failed {
		g.deaths = append(g.deaths, e)
	}
	if e.Stage != trail.StageDelivered && e.Outcome != trail.OK && e.Outcome != trail.Failed && e.Raw != "" && !slices.Contains(g.raw, e.Raw) {
		g.raw = append(g.raw, e.Raw)
	}
}

func deadLetterGroup(m trail.Message) string {
	if m.DeadLetterGroup != "" {
		return m.DeadLetterGroup
	}
	if topic, ok := rocketmq.ParseGroupTopic(m.Topic); ok && topic.Role == rocketmq.RoleDeadLetter {
		return topic.Group
	}
	return ""
}

// lagIn is a group's lag in the message's topic; nil when it is not known.
func (d *dossier) lagIn(state trail.GroupState) *trail.Lag {
	for i := range state.Lags {
		if state.Lags[i].Topic == d.known.Topic {
			return &state.Lags[i]
		}
	}
	return nil
}

func (g *group) lag() *trail.Lag {
	if g.state == nil {
		return nil
	}
	return g.lagIn(*g.state)
}

// expected: nil when the subscriptions are not known.
func (g *group) expected() *bool {
	if g.Subscriptions == nil {
		return nil
	}
	subscribed := len(g.subscriptions) > 0
	return &subscribed
}

// online: nil when nobody tells.
func (g *group) online() *bool {
	if g.state != nil && g.state.Online != nil {
		return g.state.Online
	}
	for i := range g.subscriptions {
		if g.subscriptions[i].Online != nil {
			return g.subscriptions[i].Online
		}
	}
	for i := range g.standings {
		if g.standings[i].Online != nil {
			return g.standings[i].Online
		}
	}
	return nil
}

// mode is empty when nobody tells and nothing shows it. Only a clustering group is delivered to again, or has a time
// after which it would be.
func (g *group) mode() trail.Mode {
	if g.state != nil && g.state.Mode != "" {
		return g.state.Mode
	}
	for _, s := range g.subscriptions {
		if s.Mode != "" {
			return s.Mode
		}
	}
	if slices.ContainsFunc(g.attempts, func(a attempt) bool { return a.number > 1 && !a.byTime || a.visible != nil }) {
		return trail.Clustering
	}
	return ""
}

// inconsistent: the consumers of the group do not subscribe alike.
func (g *group) inconsistent() bool {
	for _, s := range g.subscriptions {
		if s.Consistent != nil && !*s.Consistent || s.Expression != g.subscriptions[0].Expression {
			return true
		}
	}
	return false
}

func (g *group) report() Group {
	report := Group{Group: g.name, Verdict: g.verdict.sealed(), Attempts: int64(len(g.attempts)), Expected: g.expected(), Raw: slices.Concat(g.raw, g.words())}
	for i := range g.attempts {
		a := &g.attempts[i]
		switch {
		case a.succeeded() != nil:
			report.Succeeded++
		case a.failed() != nil:
			report.Failed++
		}
		report.see(a.begun.Time)
		report.see(a.last())
	}
	for _, death := range g.deaths {
		report.see(death.Time)
	}
	return report
}

func (r *Group) see(t *trail.Time) {
	if t == nil {
		return
	}
	if r.First == nil || t.UnixMS < r.First.UnixMS {
		r.First = t
	}
	if r.Last == nil || t.UnixMS > r.Last.UnixMS {
		r.Last = t
	}
}
