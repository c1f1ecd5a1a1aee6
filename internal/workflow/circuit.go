package workflow

import (
	"strings"
	"sync/atomic"

	"broadsheet/internal/newsletter"
)

// A circuit stops a run that fails over and over, counted over all
// connections. Whatever it has tried by then is in the ledger as it was. Safe
// for concurrent use.
type circuit struct {
	losses   atomic.Int64 // lines that broke since a letter was last accepted
	failures atomic.Int64 // letters that were not taken since then
	broken   atomic.Bool
}

const (
	// maxLosses bounds how many lines may break in a row without one letter
	// being accepted in between.
	maxLosses = 20
	// maxFailures bounds how many letters may be turned away in a row.
	maxFailures = 50
)

// note counts an outcome. The error is a Fault, and ends the run.
func (c *circuit) note(o newsletter.Outcome) error {
	switch {
	case o.State == newsletter.Sent:
		c.losses.Store(0)
		c.failures.Store(0)
	case o.Broken:
		c.losses.Add(1)
	case fails(o) && c.failures.Add(1) >= maxFailures:
		return c.open(o)
	}
	return nil
}

// fails tells whether the outcome may say more of the server than of the
// reader. To be asked to come again is what whole lists meet at a server that
// greylists (RFC 6647).
func fails(o newsletter.Outcome) bool {
	if o.State == newsletter.Deferred {
		return o.Stage != newsletter.StageRcpt && !greylisted(o)
	}
	return o.State == newsletter.Refused
}

func greylisted(o newsletter.Outcome) bool {
	reply := strings.ToLower(o.Reply)
	return o.Code/100 == 4 && (strings.Contains(reply, "greylist") || strings.Contains(reply, "graylist"))
}

func (c *circuit) open(o newsletter.Outcome) error {
	c.broken.Store(true)
	kind, hint := newsletter.Unavailable, "try again later: nothing is lost"
	if o.Code/100 == 5 {
		kind, hint = newsletter.Failure, "broadsheet status shows the replies. Check smtp: and the list; the same command goes on with the rest"
	}
	return newsletter.Faultf(kind, hint, "the run stopped (circuit): the server turned away %d letters in a row, the last at %s: %d %s",
		maxFailures, o.Stage, o.Code, o.Reply)
}

// lost is the error of a run whose lines keep breaking; nil: it may dial again.
func (c *circuit) lost() error {
	if c.losses.Load() <= maxLosses {
		return nil
	}
	c.broken.Store(true)
	return newsletter.Faultf(newsletter.Unavailable, "try again later: nothing is lost",
		"the run stopped (circuit): the server dropped the line %d times without taking a letter", maxLosses)
}
