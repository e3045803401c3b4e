package verdict

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/rocketmq"
)

// filtered: the group subscribes to other tags. It is the subscription of now, not of when the message came.
func (g *group) filtered() *Verdict {
	if said := g.saidFiltered(); said != nil && !g.wanted() {
		return found(Filtered, Inferred, "The vendor says that the group's filter keeps it out"+quoted(said.Raw)+".").on(said.Evidence)
	}
	if len(g.subscriptions) == 0 || g.inconsistent() {
		return nil
	}
	s := g.subscriptions[0]
	tag, told := g.tag()
	if match, known := tagMatches(s.ExpressionType, s.Expression, tag); match || !known || !told {
		return nil
	}
	why := "The group does not want it: it subscribes to the tags " + s.Expression + ", and the message has the tag " + tag + "."
	if tag == "" {
		why = "The group does not want it: it subscribes to the tags " + s.Expression + ", and the message has none."
	}
	return found(Filtered, Inferred, why).on(s.Evidence, g.known.Evidence).
		without("Whether the group subscribed alike when the message came is not known.")
}

// wanted: the subscription wants the message's tag for sure.
func (g *group) wanted() bool {
	if len(g.subscriptions) == 0 || g.inconsistent() {
		return false
	}
	tag, told := g.tag()
	match, known := tagMatches(g.subscriptions[0].ExpressionType, g.subscriptions[0].Expression, tag)
	everything, _ := tagMatches(g.subscriptions[0].ExpressionType, g.subscriptions[0].Expression, "")
	return match && known && (told || everything)
}

// tag: told is false when the vendor does not say whether there is one.
func (d *dossier) tag() (tag string, told bool) {
	if d.known.Tag != "" {
		return d.known.Tag, true
	}
	if len(d.known.Props) == 0 {
		return "", false
	}
	tag = d.known.Props[rocketmq.PropertyTags]
	return tag, true // properties name the tag of every message that has one
}

// tagMatches says whether a subscription wants a tag: * is everything, a || b either. known is false for expressions
// that are not of tags: SQL is not evaluated here.
func tagMatches(kind, expression, tag string) (match, known bool) {
	kind = strings.ToLower(kind)
	if kind != "" && kind != "tag" {
		return false, false
	}
	expression = strings.TrimSpace(expression)
	if expression == "*" || expression == "" { // an empty one subscribes to everything
		return true, true
	}
	var wanted []string
	for part := range strings.SplitSeq(expression, "||") {
		if part = strings.TrimSpace(part); part != "" {
			wanted = append(wanted, part)
		}
	}
	if kind == "" && slices.ContainsFunc(wanted, func(part string) bool { return strings.ContainsAny(part, " =<>'()") }) {
		return false, false // of a kind that is not told, and it looks like SQL
	}
	return slices.Contains(wanted, tag) || slices.Contains(wanted, "*"), true
}

// filterDoubt says why the subscription's filter was not evaluated, where it may keep the message away; else nothing.
func (g *group) filterDoubt() string {
	if len(g.subscriptions) == 0 {
		return ""
	}
	s := g.subscriptions[0]
	tag, told := g.tag()
	_, known := tagMatches(s.ExpressionType, s.Expression, tag)
	everything, _ := tagMatches(s.ExpressionType, s.Expression, "")
	switch {
	case g.saidFiltered() != nil:
		return "The vendor says that the group's filter keeps the message out, and by its subscription the group wants it."
	case g.inconsistent():
		return "The consumers of the group do not subscribe alike: some messages reach none of them."
	case !known:
		return "The filter " + s.Expression + " was not evaluated: the group may not want the message."
	case !told && !everything:
		return "The message's tag is not told: the group, which subscribes to " + s.Expression + ", may not want it."
	}
	return ""
}
