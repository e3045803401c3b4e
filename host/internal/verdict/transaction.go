package verdict

import (
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// The ways in which a transaction ends. Vendors that tell name them in the word of the event; else its outcome is ok
// for a commit and failed for a rollback.
func committed(e trail.Event) bool {
	return strings.Contains(strings.ToUpper(e.Raw), "COMMIT") || e.Outcome == trail.OK && !rolledBack(e)
}

func rolledBack(e trail.Event) bool {
	word := strings.ToUpper(e.Raw)
	return strings.Contains(word, "ROLLBACK") || e.Outcome == trail.Failed && !strings.Contains(word, "COMMIT")
}

// rolledBack: the producer gave the transaction up. A commit beside it is a contradiction, and then nothing is said.
func (d *dossier) rolledBack() *Verdict {
	ends := d.of(trail.StageTxEnd)
	if d.Message != nil || d.delivered() || slices.ContainsFunc(ends, committed) {
		return nil
	}
	i := slices.IndexFunc(ends, rolledBack)
	if i < 0 {
		return nil
	}
	return found(TxRolledBack, Proven, "The transaction was rolled back"+at(ends[i].Time)+by(ends[i].Actor)+": nobody gets the message.").
		on(ends[i].Evidence)
}

// pending: a transaction's message that can be traced and not be found has not been committed.
func (d *dossier) pending() *Verdict {
	ends := d.of(trail.StageTxEnd)
	transactional := d.known.Type == "transaction" || d.known.TransactionID != "" || len(ends) > 0
	if !transactional || !d.gone() || d.delivered() || slices.ContainsFunc(ends, committed) {
		return nil
	}
	expired := d.expired(d.storedOrBorn())
	if expired && !d.wholeTrace() {
		return nil // it may have been there, and have been delivered
	}
	confidence := Inferred
	if d.wholeTrace() && d.RetentionMS != nil && d.storedOrBorn() != nil && !expired {
		confidence = Proven
	}
	why := "The transaction has not ended: no commit shows, and the message cannot be found in its topic."
	if sent := d.storedOrBorn(); sent != nil {
		why = "The transaction that began at " + iso(sent) + " has not ended: no commit shows, and the message cannot be found in its topic."
	}
	v := found(TxPending, d.absence(confidence), why).on(d.known.Evidence).on(d.answered()...).without(d.traceDoubt())
	for _, end := range ends {
		v.on(end.Evidence)
		if !strings.HasPrefix(strings.ToUpper(end.Raw), "UNKNOW") { // the producer's own word for "ask me again"
			v.Confidence = weakest(v.Confidence, Inferred)
			v.without("An end is told in words that nobody documents" + quoted(end.Raw) + ".")
		}
	}
	if d.RetentionMS == nil {
		v.without("How long the vendor keeps messages is not known: it may have been there.")
	}
	return v.then(d.traceAgain("The broker asks the producer for the end of the transaction again and again."))
}

// storedOrBorn is the best known time of the message's beginning; nil when there is none.
func (d *dossier) storedOrBorn() *trail.Time {
	if d.known.Stored != nil {
		return d.known.Stored
	}
	if d.known.Born != nil {
		return d.known.Born
	}
	for _, e := range d.of(trail.StageProduced) {
		if e.Time != nil {
			return e.Time
		}
	}
	return nil
}
