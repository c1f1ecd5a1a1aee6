package workflow

import (
	"fmt"
	"hash/fnv"
	"time"

	"broadsheet/internal/newsletter"
)

const (
	firstRetry  = 5 * time.Minute // greylisting lets the second try pass after some minutes
	longestWait = 4 * time.Hour
	givenUp     = 4 * 24 * time.Hour // RFC 5321 4.5.4.1: four to five days
	// lineTries bounds how often a letter may meet a breaking line before it
	// waits like a deferred one: it may be what breaks the line.
	lineTries = 3
)

// result is what the ledger keeps of an outcome; the run's bounces hear of it.
func (r *run) result(d newsletter.Delivery, o newsletter.Outcome) newsletter.Result {
	now := r.desk.Clock.Now()
	r.bounces.note(d, o, now)
	r.slow.note(d, o)
	res := newsletter.Result{Number: d.Number, State: o.State, Code: o.Code, Reply: o.Reply}
	if o.State == newsletter.Queued && o.Broken && d.Attempts >= lineTries {
		res.State = newsletter.Deferred
	}
	if res.State == newsletter.Deferred {
		res.Due = now.Add(retryAfter(d.Attempts, d.Address.Identity))
		if !d.Since.IsZero() && res.Due.Sub(d.Since) > givenUp {
			res.State, res.Due = newsletter.Refused, time.Time{}
			res.Reply = fmt.Sprintf("given up after four days: %s", o.Reply)
		}
	}
	return res
}

// retryAfter is how long a delivery waits after its nth attempt: five minutes,
// doubling up to four hours, up to a quarter more by chance of the address, so
// that a list does not come back all at once.
func retryAfter(attempts int, identity string) time.Duration {
	wait := firstRetry << min(max(attempts-1, 0), 6)
	wait = min(wait, longestWait)
	h := fnv.New32a()
	fmt.Fprintf(h, "%s %d", identity, attempts)
	return wait + wait/4*time.Duration(h.Sum32()%1000)/1000
}
