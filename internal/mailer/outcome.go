package mailer

import (
	"strings"

	"broadsheet/internal/newsletter"
)

// outcome classifies the reply that ended a transaction at a stage.
func outcome(stage newsletter.Stage, r reply) newsletter.Outcome {
	words := string(r.words)
	o := newsletter.Outcome{State: newsletter.Queued, Stage: stage, Code: r.code, Class: enhancedCode(r.code, words), Reply: clean(words)}
	switch {
	case stage == newsletter.StageDone && r.code == 250:
		o.State = newsletter.Sent
	case r.code == 421: // the server closes the line (RFC 5321, section 3.8)
		o.Broken = true
		if stage != newsletter.StageMail { // at MAIL it means the line, not the letter
			o.State = newsletter.Deferred
		}
	case r.code/100 == 4:
		o.State = newsletter.Deferred
	case r.code/100 == 5 && stage == newsletter.StageRcpt && aboutAddress(r.code, o.Class):
		o.State = newsletter.Refused
	case r.code/100 == 5:
		o.Halt = true
	default: // a reply out of place: the two sides no longer understand each other
		o.Broken = true
		if stage == newsletter.StageDone {
			o.State = newsletter.Uncertain
		}
	}
	return o
}

// aboutAddress tells whether a 5xx reply to RCPT refuses the address. 5.7.x is
// policy, 530 and 535 want a login, 503 is about the order of commands: any
// other address would fare alike.
func aboutAddress(code int, class string) bool {
	switch code {
	case 503, 530, 535:
		return false
	}
	return !strings.HasPrefix(class, "5.7.")
}

// lost is the outcome of a line that broke at a stage. Without a reply, no
// address is ever given up.
func lost(stage newsletter.Stage, err error) newsletter.Outcome {
	o := newsletter.Outcome{State: newsletter.Queued, Stage: stage, Reply: clean(err.Error()), Broken: true}
	if stage == newsletter.StageDone {
		o.State = newsletter.Uncertain
	}
	return o
}

// unfit is the outcome of an address that cannot be put to the server, with
// the reply that a server would give.
func unfit(class, text string) newsletter.Outcome {
	return newsletter.Outcome{State: newsletter.Refused, Stage: newsletter.StageRcpt, Code: 553, Class: class, Reply: text}
}
