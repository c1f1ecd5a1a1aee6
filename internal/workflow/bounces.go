package workflow

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// bounces gather, by domain, the addresses that a run finds not to exist. They
// are suppressed at its end, but for those of a domain that refuses suspiciously
// many: there the server is more likely at fault than the readers. Safe for
// concurrent use.
type bounces struct {
	mu      sync.Mutex
	domains map[string]*domainBounces
}

type domainBounces struct {
	answered int // letters of which the server has said its last word
	dead     []newsletter.Suppression
}

const (
	// suspiciousShare of a domain, and no fewer than suspiciousLeast, is too
	// much to believe.
	suspiciousShare = 0.05
	suspiciousLeast = 10
)

// dead tells whether the server says that there is no such mailbox, or no such
// domain (RFC 3463, section 3.2; RFC 7505, section 4.2). Every other refusal may
// pass.
func dead(o newsletter.Outcome) bool {
	return o.State == newsletter.Refused && (o.Class == "5.1.1" || o.Class == "5.1.2" || o.Class == "5.1.10")
}

// note counts the outcome of a delivery.
func (b *bounces) note(d newsletter.Delivery, o newsletter.Outcome, now time.Time) {
	if o.State != newsletter.Sent && o.State != newsletter.Refused {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	domain := d.Address.Domain()
	of := b.domains[domain]
	if of == nil {
		if b.domains == nil {
			b.domains = make(map[string]*domainBounces)
		}
		of = &domainBounces{}
		b.domains[domain] = of
	}
	of.answered++
	if dead(o) {
		of.dead = append(of.dead, newsletter.Suppression{Identity: d.Address.Identity, Reason: bouncedFor + o.Class, At: now})
	}
}

// believed are the suppressions of the domains that bounce within reason;
// doubted says how many there are of each that does not.
func (b *bounces) believed() (list []newsletter.Suppression, doubted map[string]int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, domain := range slices.Sorted(maps.Keys(b.domains)) {
		of := b.domains[domain]
		n := len(of.dead)
		if n >= suspiciousLeast && float64(n) > suspiciousShare*float64(of.answered) {
			if doubted == nil {
				doubted = make(map[string]int)
			}
			doubted[domain] = n
			continue
		}
		list = append(list, of.dead...)
	}
	return list, doubted
}

// suppressBounces ends a run's gathering. What is doubted is a Fault of kind
// Undecided.
func (r *run) suppressBounces(ctx context.Context) (doubted map[string]int, err error) {
	list, doubted := r.bounces.believed()
	if len(list) > 0 {
		if _, err := r.desk.Suppress(ctx, list); err != nil {
			return doubted, err
		}
	}
	return doubted, tooMany(doubted, "broadsheet status --issue "+r.mailing.Issue+" names them")
}

// tooMany is the fault of addresses that are too many to believe, or nil.
func tooMany(doubted map[string]int, named string) error {
	if len(doubted) == 0 {
		return nil
	}
	var domains []string
	for _, domain := range slices.Sorted(maps.Keys(doubted)) {
		domains = append(domains, fmt.Sprintf("%d at %s", doubted[domain], domain))
	}
	return newsletter.Faultf(newsletter.Undecided,
		named+". If they are gone indeed: broadsheet suppress add --reason bounced ADDRESS…; "+
			"if the server is at fault, leave them: the next issue is sent to them again",
		"so many addresses are said not to exist that none of them was suppressed: %s", strings.Join(domains, ", "))
}
