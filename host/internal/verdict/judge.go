package verdict

import "slices"

// rules are asked in this order; the first that knows speaks. Nothing that happened before the consumers matters once
// a message was delivered, and the groups have the last word.
var rules = []func(*dossier) *Verdict{
	(*dossier).searched, // nothing was found
	(*dossier).sendFailed,
	(*dossier).recalled,
	(*dossier).rolledBack,
	(*dossier).pending,
	(*dossier).delayed,
	(*dossier).overdue,
}

// Judge draws the conclusion from a case. It does not change the case, and the order of the case's lists does not
// matter.
func Judge(c Case) Result {
	d := newDossier(c)
	result := Result{Flags: d.flags()}
	verdict, groups := d.headline()
	for _, group := range groups {
		result.Groups = append(result.Groups, group.report())
	}
	result.Verdict = d.admit(verdict)
	return result
}

func (d *dossier) headline() (*Verdict, []*group) {
	for _, rule := range rules {
		if verdict := rule(d); verdict != nil {
			return verdict, nil
		}
	}
	for _, g := range d.groups {
		g.judge()
	}
	return d.aggregate(), d.groups
}

// admit says what was not known. A verdict that says nothing, where calls failed, is that calls failed.
func (d *dossier) admit(v *Verdict) Verdict {
	if len(d.Failures) > 0 && v.Confidence == Unproven && v.Verdict != QueryFailed {
		v = d.queryFailed(v.Why)
	}
	if v.Verdict != QueryFailed {
		for _, call := range d.Failures {
			v.Missing = append(v.Missing, failureText(call))
		}
	}
	v.Missing = append(v.Missing, slices.Sorted(slices.Values(d.Incomplete))...)
	return v.sealed()
}
