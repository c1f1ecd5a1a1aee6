package workflow

import (
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A brake slows a server's letters down when it says that they come too fast:
// to half of what it had of late. It lets go step by step while the server does
// not complain, and wholly at the speed it came from.
type brake struct {
	pace  pace
	sent  int       // letters that the server took
	rate  float64   // letters a second that it allows; 0: it is off
	free  float64   // where it lets go
	since time.Time // when rate was set
	held  *throttle
	times int
	reply string // the server's latest complaint
}

const (
	// brakeSettles is how long a server may still complain of what was on its
	// way when the brake was put on.
	brakeSettles = 5 * time.Second
	// brakeEases after each such time without a complaint, by brakeStep.
	brakeEases = 30 * time.Second
	brakeStep  = 1.25
	// slowest is the part of the first speed below which the brake does not go: a
	// server that still complains then is down, not hurried.
	slowest = 32
)

// tooFast tells whether a server wants fewer letters: 421 closes the line (RFC
// 5321, section 3.8), 4.7.x is a policy that passes (RFC 3463, section 3.8). A
// line that was silent for too long (4.4.2) says nothing of that, and neither
// does greylisting.
func tooFast(o newsletter.Outcome) bool {
	if greylisted(o) || o.Class == "4.4.2" {
		return false
	}
	return o.Code == 421 || o.Code/100 == 4 && strings.HasPrefix(o.Class, "4.7.")
}

// note takes an outcome at the brake's server.
func (b *brake) note(o newsletter.Outcome, at newsletter.SMTP, now time.Time) {
	if o.State == newsletter.Sent {
		b.sent++
		if n := len(b.pace.samples); n == 0 || now.Sub(b.pace.samples[n-1].at) >= time.Second/2 {
			b.pace.note(now, b.sent)
		}
	}
	if tooFast(o) {
		b.press(o, at, now)
	}
}

// press halves the rate: the one it is held to, or the one that was reached.
func (b *brake) press(o newsletter.Outcome, at newsletter.SMTP, now time.Time) {
	from := b.rate
	switch {
	case from == 0:
		if from = b.reached(at, now); from == 0 {
			return
		}
		b.free = from
	case now.Sub(b.since) < brakeSettles:
		return
	}
	b.times++
	b.reply = o.Reply
	b.set(max(from/2, b.free/slowest), now)
}

// reached is the speed of late. There is none, and nothing to be halved, before
// a second has passed; what fails until then is the circuit's to judge.
func (b *brake) reached(at newsletter.SMTP, now time.Time) float64 {
	rate := b.pace.note(now, b.sent)
	if now.Sub(b.pace.samples[0].at) < time.Second {
		return 0
	}
	if at.Rate > 0 {
		rate = min(rate, at.Rate)
	}
	return rate
}

// ease lets go by as many steps as it was quiet for.
func (b *brake) ease(now time.Time) {
	for b.rate > 0 && now.Sub(b.since) >= brakeEases {
		b.set(b.rate*brakeStep, b.since.Add(brakeEases))
		if b.rate >= b.free {
			b.rate, b.held = 0, nil
		}
	}
}

// set goes on from the last letter's turn.
func (b *brake) set(rate float64, now time.Time) {
	held := newThrottle(rate)
	held.next = now.Add(held.interval)
	if b.held != nil && b.rate < rate {
		held.next = b.held.next
	}
	b.rate, b.since, b.held = rate, now, held
}
