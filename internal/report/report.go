// Package report draws how a sending went: letters and outcomes over time and
// by domain, as a page without script and as data. All of it is counted from
// deliveries as the ledger keeps them, so it is right after a crash and over any
// number of runs, and the same ledger gives the same bytes.
package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// States counts deliveries by state; one without deliveries has no entry.
type States map[newsletter.State]int

// Total counts the deliveries in every state.
func (s States) Total() (n int) {
	for _, count := range s {
		n += count
	}
	return n
}

// A Report is how the sending of one mailing went.
type Report struct {
	Issue   string    `json:"issue"`
	Further string    `json:"further,omitempty"` // whom a mailing after the issue's own is for
	Subject string    `json:"subject"`
	Frozen  time.Time `json:"frozen"`
	// Begun is the first attempt, Ended the last outcome; zero: none yet.
	Begun  time.Time `json:"begun,omitzero"`
	Ended  time.Time `json:"ended,omitzero"`
	States States    `json:"states"`
	Tries  int       `json:"tries"`
	// PerSecond is what was sent in a second, while anything was.
	PerSecond float64  `json:"per_second"`
	Fastest   float64  `json:"per_second_max"` // over one Step
	Timeline  Timeline `json:"timeline"`
	Canary    *Canary  `json:"canary,omitempty"`
	Domains   []Domain `json:"domains"` // the most readers first
	Replies   []Reply  `json:"replies"` // the most frequent first
	// Segments are the states by number of the recipe.
	Segments []States `json:"-"`
}

// A Domain is what became of the letters to one domain.
type Domain struct {
	Name   string    `json:"domain"`
	States States    `json:"states"`
	Tries  int       `json:"tries"`
	Ended  time.Time `json:"ended,omitzero"` // the last outcome
}

// A Reply is what servers said to letters that they did not take.
type Reply struct {
	Code    int    `json:"code"` // 0: the line broke
	Count   int    `json:"count"`
	Example string `json:"example"`
}

// A Counter counts the deliveries of one mailing into a report.
type Counter struct {
	report  Report
	seconds map[int64]*[outcomes]int // what was settled, by second since 1970
	domains map[string]*Domain
	replies map[int]*Reply
}

// NewCounter begins the report of a mailing.
func NewCounter(m newsletter.Mailing) *Counter {
	c := &Counter{
		report:  Report{Issue: m.Issue, Subject: m.Content.Subject, Frozen: m.FrozenAt, States: States{}},
		seconds: make(map[int64]*[outcomes]int), domains: make(map[string]*Domain), replies: make(map[int]*Reply),
	}
	switch {
	case m.Headers.Corrects != "":
		c.report.Further = "correction"
	case m.ID != m.Issue:
		c.report.Further = "late readers"
	}
	for range m.Recipes {
		c.report.Segments = append(c.report.Segments, States{})
	}
	return c
}

// Add counts a delivery.
func (c *Counter) Add(d newsletter.Delivery) {
	r := &c.report
	r.States[d.State]++
	r.Tries += d.Attempts
	if d.Segment >= 0 && d.Segment < len(r.Segments) {
		r.Segments[d.Segment][d.State]++
	}
	if !d.Since.IsZero() && (r.Begun.IsZero() || d.Since.Before(r.Begun)) {
		r.Begun = d.Since
	}
	of := c.domain(d.Address.Domain())
	of.States[d.State]++
	of.Tries += d.Attempts
	if d.State == newsletter.Refused || d.State == newsletter.Deferred {
		c.reply(d)
	}
	if o, ok := outcomeOf(d.State); ok && !d.Settled.IsZero() {
		r.Ended, of.Ended = later(r.Ended, d.Settled), later(of.Ended, d.Settled)
		at := c.seconds[d.Settled.Unix()]
		if at == nil {
			at = new([outcomes]int)
			c.seconds[d.Settled.Unix()] = at
		}
		at[o]++
	}
}

func (c *Counter) domain(name string) *Domain {
	d := c.domains[name]
	if d == nil {
		d = &Domain{Name: name, States: States{}}
		c.domains[name] = d
	}
	return d
}

func (c *Counter) reply(d newsletter.Delivery) {
	if r := c.replies[d.Code]; r != nil {
		r.Count++
		return
	}
	c.replies[d.Code] = &Reply{Code: d.Code, Count: 1, Example: d.Reply}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// domainsShown bounds the domains that a report names; the rest are one more.
const domainsShown = 25

// Report is the report of what was counted.
func (c *Counter) Report() Report {
	r := c.report
	r.Timeline = newTimeline(c.seconds)
	r.PerSecond, r.Fastest = r.Timeline.speed()
	r.Replies = slices.SortedFunc(values(c.replies), func(a, b Reply) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	all := slices.SortedFunc(values(c.domains), func(a, b Domain) int {
		return cmp.Or(cmp.Compare(b.States.Total(), a.States.Total()), cmp.Compare(a.Name, b.Name))
	})
	if len(all) > domainsShown+1 {
		all = append(all[:domainsShown:domainsShown], unite(all[domainsShown:]))
	}
	r.Domains = all
	return r
}

// unite makes the domains one.
func unite(list []Domain) Domain {
	all := Domain{Name: fmt.Sprintf("%d more", len(list)), States: States{}}
	for _, d := range list {
		for state, n := range d.States {
			all.States[state] += n
		}
		all.Tries += d.Tries
		all.Ended = later(all.Ended, d.Ended)
	}
	return all
}

// values yields what a map's pointers point at.
func values[K comparable, V any](m map[K]*V) func(yield func(V) bool) {
	return func(yield func(V) bool) {
		for v := range maps.Values(m) {
			if !yield(*v) {
				return
			}
		}
	}
}
