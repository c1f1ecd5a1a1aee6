package mailer

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// check looks at the envelope, so that no address can add a command or a
// parameter, and at what the server can take.
func (c *Connection) check(l *newsletter.Letter) (o newsletter.Outcome, ok bool) {
	switch {
	case !sound(l.From):
		o = unfit("5.1.7", "the sender is not an address")
		o.State, o.Stage, o.Halt = newsletter.Queued, newsletter.StageMail, true
	case !sound(l.To):
		o = unfit("5.1.3", "not an address")
	case !c.offers.utf8 && !ascii(l.To):
		o = unfit("5.6.7", "the server does not offer SMTPUTF8, which the address needs")
	case c.offers.size > 0 && l.Size() > c.offers.size:
		o = unfit("5.3.4", fmt.Sprintf("the letter has %d bytes, and the server takes %d at most", l.Size(), c.offers.size))
		o.State, o.Stage, o.Halt = newsletter.Queued, newsletter.StageMail, true
	default:
		return o, true
	}
	return o, false
}

// sound tells whether an address is one by RFC 5322 and nothing besides.
func sound(address string) bool {
	if newsletter.IsPlainAddress(address) {
		return true
	}
	parsed, err := mail.ParseAddress("<" + address + ">")
	quoted := strings.HasPrefix(address, `"`)
	return err == nil && parsed.Name == "" && (quoted || !strings.ContainsAny(address, " ()")) &&
		!strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
