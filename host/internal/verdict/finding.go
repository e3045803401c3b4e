package verdict

import (
	"cmp"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// Bounds of what one verdict carries.
const (
	maxEvidence = 8
	maxNext     = 4
)

func found(name Name, confidence Confidence, why string) *Verdict {
	return &Verdict{Verdict: name, Confidence: confidence, Why: why}
}

func (v *Verdict) on(evidence ...trail.Evidence) *Verdict {
	for _, e := range evidence {
		if e.Operation != "" && !slices.Contains(v.Evidence, e) {
			v.Evidence = append(v.Evidence, e)
		}
	}
	return v
}

// without says what was not known; an empty sentence is none.
func (v *Verdict) without(missing ...string) *Verdict {
	for _, sentence := range missing {
		if sentence != "" && !slices.Contains(v.Missing, sentence) {
			v.Missing = append(v.Missing, sentence)
		}
	}
	return v
}

func (v *Verdict) then(next ...Next) *Verdict {
	v.Next = append(v.Next, next...)
	return v
}

// sealed is the verdict as it is given away: nothing is proven without evidence, and nothing is longer than it helps.
// Of much evidence the first and the last are kept: that is where a life began and how it ended.
func (v *Verdict) sealed() Verdict {
	if v.Confidence == Proven && len(v.Evidence) == 0 {
		v.Confidence = Inferred
		v.without("What the vendor answered is not on record.")
	}
	if extra := len(v.Evidence) - maxEvidence; extra > 0 {
		half := maxEvidence / 2
		v.Evidence = slices.Concat(v.Evidence[:half], v.Evidence[half+extra:])
	}
	v.Next = v.Next[:min(len(v.Next), maxNext)]
	return *v
}

var confidences = []Confidence{Proven, Inferred, Unproven}

// surer orders confidences, the surest first.
func surer(a, b Confidence) int {
	return cmp.Compare(slices.Index(confidences, a), slices.Index(confidences, b))
}

// weakest is the least sure of two.
func weakest(a, b Confidence) Confidence {
	if surer(a, b) > 0 {
		return a
	}
	return b
}
