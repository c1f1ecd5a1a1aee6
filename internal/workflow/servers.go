package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// A server is one of a traffic's, with what is known of it. The traffic guards
// it.
type server struct {
	newsletter.SMTP
	share int // lines of its own
	rate  *throttle
	brake brake

	lines  int // its own that are at work, wherever
	up     int // connections
	dialed int // that are being made

	row   int       // lines and letters that failed since it took one
	put   int       // how often it was put aside since then
	until time.Time // it is put aside
	fault error     // what for; nil: it works
	back  bool      // it works again
}

// maxRow is how often in a row a server may fail its letters, or drop its lines,
// before it is put aside while others work.
const maxRow = 5

// asides are how long a broken server is put aside, each time in a row.
var asides = [...]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}

// share gives each server lines by its weight: as many as the limits of all
// allow in that proportion. One that stands in for others has none.
func (t *traffic) share() {
	each := math.Inf(1) // lines to a unit of weight
	for _, s := range t.servers {
		if s.Weight > 0 {
			each = min(each, float64(s.Connections)/float64(s.Weight))
		}
	}
	for _, s := range t.servers {
		if s.Weight > 0 {
			s.share = max(int(math.Round(each*float64(s.Weight))), 1)
		}
	}
}

// choice lists the servers that a line may try now: its own first, then by load,
// those in reserve last. insist ignores that they are put aside.
func (t *traffic) choice(own *server, insist bool, now time.Time) []*server {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []*server
	for _, s := range t.servers {
		if s.room() && (insist || !now.Before(s.until)) {
			list = append(list, s)
		}
	}
	load := func(s *server) float64 { return float64(s.up+s.dialed) / float64(s.Weight) }
	slices.SortStableFunc(list, func(a, b *server) int {
		switch {
		case a == own:
			return -1
		case b == own:
			return 1
		case a.Weight == 0 || b.Weight == 0:
			return cmp.Compare(b.Weight, a.Weight)
		}
		return cmp.Compare(load(a), load(b))
	})
	return list
}

// connect dials a server that has room for a line. One that takes none while it
// has none is put aside.
func (t *traffic) connect(ctx context.Context, s *server, dial Dial) (Connection, error) {
	t.mu.Lock()
	room := s.room()
	if room {
		s.dialed++
	}
	t.mu.Unlock()
	if !room {
		return nil, newsletter.Faultf(newsletter.Unavailable, "", "%s has as many connections as it may", s.Address())
	}
	conn, err := dial(ctx, s.SMTP)
	t.mu.Lock()
	defer t.mu.Unlock()
	s.dialed--
	now := time.Now()
	switch {
	case err == nil:
		s.up++
		s.until = time.Time{}
	case ctx.Err() == nil && s.up == 0 && !now.Before(s.until): // lines that try at once are one try
		s.putAside(err, now)
	}
	return conn, err
}

func (s *server) room() bool { return s.up+s.dialed < s.Connections }

// retried tells whether it is time to see whether a broken server works again.
func (s *server) retried(now time.Time) bool {
	return s.fault != nil && !now.Before(s.until) && s.up+s.dialed == 0
}

func (s *server) putAside(err error, now time.Time) {
	s.fault, s.until = err, now.Add(asides[min(s.put, len(asides)-1)])
	s.put++
}

// hungUp counts a connection out.
func (t *traffic) hungUp(s *server) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.up--
}

// note learns from an outcome at a server.
func (t *traffic) note(s *server, o newsletter.Outcome, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.brake.note(o, s.SMTP, now)
	switch {
	case o.State == newsletter.Sent:
		s.back = s.back || s.fault != nil
		s.row, s.put, s.fault, s.until = 0, 0, nil, time.Time{}
	case o.Broken || fails(o):
		if s.row++; s.row >= maxRow && now.After(s.until) && t.anotherWorks(s, now) {
			s.putAside(newsletter.Faultf(newsletter.Unavailable, "", "%s failed %d times in a row, at last at %s: %d %s",
				s.Address(), s.row, o.Stage, o.Code, o.Reply), now)
		}
	}
}

// anotherWorks tells whether a server other than s has not been put aside.
func (t *traffic) anotherWorks(s *server, now time.Time) bool {
	return slices.ContainsFunc(t.servers, func(other *server) bool { return other != s && !now.Before(other.until) })
}

// leave tells whether a line that is at a server should go elsewhere: it was put
// aside, or the line's own has room and works, or is to be tried again.
func (t *traffic) leave(at, own *server, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return now.Before(at.until) && t.anotherWorks(at, now) || at != own && own.room() && (own.fault == nil || own.retried(now))
}

// hopeless tells whether waiting mends none of the servers.
func (t *traffic) hopeless() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !slices.ContainsFunc(t.servers, func(s *server) bool {
		return s.up > 0 || s.fault == nil || unavailable(s.fault)
	})
}

func unavailable(err error) bool {
	var fault *newsletter.Fault
	return errors.As(err, &fault) && fault.Kind == newsletter.Unavailable
}

// wanted are the lines to open beside those at work: one to a server that is to
// be tried again and has none elsewhere, and those that it lost once it works. Where no
// server has a connection the last line at work does that.
func (t *traffic) wanted(now time.Time) (own []*server) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.ContainsFunc(t.servers, func(s *server) bool { return s.up > 0 }) {
		return nil
	}
	for _, s := range t.servers {
		missing := 0
		switch {
		case s.back:
			s.back, missing = false, s.share-s.lines
		case s.lines == 0 && s.share > 0 && s.retried(now):
			missing = 1
		}
		own = t.enlist(own, s, missing)
	}
	return own
}

// start are the lines of a pass.
func (t *traffic) start() (own []*server) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.servers {
		own = t.enlist(own, s, s.share)
	}
	return own
}

func (*traffic) enlist(own []*server, s *server, lines int) []*server {
	for range lines {
		own = append(own, s)
		s.lines++
	}
	return own
}

// retire counts a line of a server's own out, or with -1 in again.
func (t *traffic) retire(own *server, lines int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own.lines -= lines
}

// A ServerReport says how one server did in a run.
type ServerReport struct {
	Server  string  `json:"server"` // host and port
	Sent    int     `json:"sent"`
	Slowed  int     `json:"slowed,omitempty"`  // how often it asked for fewer letters
	Rate    float64 `json:"rate,omitempty"`    // letters a second that it is held to for that; 0: no more
	Reply   string  `json:"reply,omitempty"`   // its words when it did so last
	Trouble string  `json:"trouble,omitempty"` // it is put aside for this
}

func (t *traffic) report(now time.Time) []ServerReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]ServerReport, len(t.servers))
	for i, s := range t.servers {
		s.brake.ease(now)
		list[i] = ServerReport{Server: s.Address(), Sent: s.brake.sent, Slowed: s.brake.times, Rate: s.brake.rate, Reply: s.brake.reply}
		if s.fault != nil {
			list[i].Trouble = s.fault.Error()
		}
	}
	return list
}

// dialAny opens a connection to the first server that takes one.
func (d *Desk) dialAny(ctx context.Context) (Connection, error) {
	var failed []error
	for _, s := range d.Publication.SMTP {
		conn, err := d.Dial(ctx, s)
		if err == nil || ctx.Err() != nil {
			return conn, err
		}
		failed = append(failed, err)
	}
	return nil, joinServers(failed)
}

// faults are those for which servers are put aside.
func (t *traffic) faults() (list []error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.servers {
		if s.fault != nil {
			list = append(list, s.fault)
		}
	}
	return list
}

// joinServers is the fault of servers that are all down. Where waiting may mend
// one of them it is worth to wait.
func joinServers(failed []error) error {
	switch len(failed) {
	case 0:
		return newsletter.Faultf(newsletter.Unavailable, "", "no mail server has room for another connection")
	case 1:
		return failed[0]
	}
	i := max(slices.IndexFunc(failed, unavailable), 0)
	var fault *newsletter.Fault
	if !errors.As(failed[i], &fault) {
		return errors.Join(failed...)
	}
	return &newsletter.Fault{Kind: fault.Kind, Hint: fault.Hint, Err: fmt.Errorf("no mail server takes letters: %w", errors.Join(failed...))}
}
