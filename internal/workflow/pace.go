package workflow

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// Progress is how a sending goes while letters go out.
type Progress struct {
	SendReport
	Rate float64       // letters a second of late
	Left time.Duration // for what this run may send of what is queued, at that rate; 0: nobody knows
	Slow []SlowDomain  // the slowest first
	// Resumes is when the run goes on with what is not due yet; zero: it does not
	// wait.
	Resumes  time.Time
	Canary   bool // it waits for what comes back of the canary
	Stopping bool // what is on the wire is finished, and no more
}

// A SlowDomain is one that holds letters up.
type SlowDomain struct {
	Domain   string        `json:"domain"`
	Deferred int           `json:"deferred"` // in this run
	Silent   time.Duration `json:"-"`        // the server is silent for so long about a letter to it
}

// newProgress takes how many letters the run may still begin.
func newProgress(r SendReport, rate float64, allowed int64, slow []SlowDomain) Progress {
	p := Progress{SendReport: r, Rate: rate, Slow: slow}
	if rate > 0 {
		p.Left = time.Duration(float64(min(int64(r.Queued), max(allowed, 0))) / rate * float64(time.Second))
	}
	return p
}

// A pace is the speed of late.
type pace struct{ samples []sample }

type sample struct {
	at   time.Time
	sent int
}

// paceWindow is how far the speed of late looks back.
const paceWindow = 10 * time.Second

// note takes a count and returns the letters of a second within the window.
func (p *pace) note(at time.Time, sent int) float64 {
	p.samples = append(p.samples, sample{at, sent})
	for len(p.samples) > 2 && at.Sub(p.samples[1].at) >= paceWindow {
		p.samples = p.samples[1:]
	}
	first := p.samples[0]
	if passed := at.Sub(first.at).Seconds(); passed > 0 {
		return float64(sent-first.sent) / passed
	}
	return 0
}

// slow knows which domains hold a run up: those whose letters the server defers,
// and those about which it is silent. Safe for concurrent use.
type slow struct {
	mu       sync.Mutex
	deferred map[string]int
	waits    map[*line]wait
}

type wait struct {
	domain string
	since  time.Time
}

const (
	slowShown = 3
	longWait  = 5 * time.Second // is worth a word
)

func (s *slow) note(d newsletter.Delivery, o newsletter.Outcome) {
	if o.State != newsletter.Deferred {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deferred == nil {
		s.deferred = make(map[string]int)
	}
	s.deferred[d.Address.Domain()]++
}

// begin says that a line waits for the server; end that it does no more.
func (s *slow) begin(l *line, letter *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waits == nil {
		s.waits = make(map[*line]wait)
	}
	s.waits[l] = wait{letter.delivery.Address.Domain(), time.Now()}
}

func (s *slow) end(l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waits, l)
}

// domains are the slowest, at most slowShown.
func (s *slow) domains(now time.Time) []SlowDomain {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := make(map[string]*SlowDomain)
	of := func(domain string) *SlowDomain {
		if found[domain] == nil {
			found[domain] = &SlowDomain{Domain: domain}
		}
		return found[domain]
	}
	for domain, n := range s.deferred {
		of(domain).Deferred = n
	}
	for _, w := range s.waits {
		if silent := now.Sub(w.since); silent >= longWait {
			d := of(w.domain)
			d.Silent = max(d.Silent, silent)
		}
	}
	var list []SlowDomain
	for d := range maps.Values(found) {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b SlowDomain) int {
		return cmp.Or(cmp.Compare(b.Silent, a.Silent), cmp.Compare(b.Deferred, a.Deferred), cmp.Compare(a.Domain, b.Domain))
	})
	return list[:min(len(list), slowShown)]
}
