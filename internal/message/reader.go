package message

import (
	"errors"
	"fmt"
	"mime"
	netmail "net/mail"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A reader is what a letter says to the one who gets it.
type reader struct {
	delivery newsletter.Delivery
	form     *Form
	mailbox  string // for the header
	wire     string // for the envelope
	token    string
}

// read prepares the values of a delivery.
func (f *Form) read(d newsletter.Delivery) (*reader, error) {
	r := &reader{delivery: d, form: f, token: f.composer.token(d, f.test)}
	switch {
	case d.Address.Identity == "":
		return nil, errors.New("the address has no identity")
	case d.Date.IsZero():
		return nil, errors.New("the delivery has no date")
	case len(d.Address.Wire) > maxAddress:
		return nil, fmt.Errorf("the address is longer than %d bytes", maxAddress)
	case newsletter.IsPlainAddress(d.Address.Wire):
		r.wire, r.mailbox = d.Address.Wire, "<"+d.Address.Wire+">"
	default:
		to, err := recipient(d.Address.Wire)
		if err != nil {
			return nil, err
		}
		r.wire = wire(to)
		r.mailbox = to.String()
	}
	if name := displayName(d.Name); name != "" {
		r.mailbox = folded(phrase(name), "<"+r.wire+">")
	}
	return r, nil
}

// folded puts two words on one line of "To", or on two where one would be
// longer than it should be (RFC 5322, section 2.1.1).
func folded(first, second string) string {
	const should = 78
	if len("To: ")+len(first)+1+len(second) > should {
		return first + "\r\n " + second
	}
	return first + " " + second
}

// fills are the fields of the header that each letter fills.
var fills = map[string]func(*reader) string{
	"Date":             func(r *reader) string { return r.delivery.Date.Format(time.RFC1123Z) },
	"Message-ID":       func(r *reader) string { return r.form.composer.messageID(r.delivery, r.form.test) },
	"To":               func(r *reader) string { return r.mailbox },
	"List-Unsubscribe": func(r *reader) string { return r.form.composer.wayOut.header(r.token) },
	// A correction stands below the reader's own letter (RFC 5322, section 3.6.4).
	headerInReplyTo:  (*reader).corrected,
	headerReferences: (*reader).corrected,
}

const (
	headerInReplyTo  = "In-Reply-To"
	headerReferences = "References"
)

func (r *reader) corrected() string {
	c := r.form.composer
	return MessageID(c.secret, c.corrects, r.delivery.Address.Identity, c.domain)
}

// value is what a slot of the pages holds for the reader, encoded, on a line
// of its own.
func (r *reader) value(s newsletter.Slot) []byte {
	var value string
	switch s.Name {
	case slotUnsubscribe:
		value = r.form.composer.wayOut.page(r.token)
	case slotName:
		value = r.delivery.Name
	case slotAddress:
		value = r.delivery.Address.Spelled
	}
	return quotedValue(s.Context.Escape(value))
}

// recipient reads an address, which must be a bare addr-spec.
func recipient(spec string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(spec)
	if err != nil {
		return nil, err
	}
	// A quoted local part may be quoted without need; anything else that does
	// not come out as it went in has a name, a comment or brackets.
	if a.Name != "" || (wire(a) != spec && !strings.HasPrefix(spec, `"`)) {
		return nil, errors.New("more than a bare address")
	}
	if !ascii(a.Address[strings.LastIndexByte(a.Address, '@'):]) {
		return nil, errors.New("the domain is not in its ASCII form")
	}
	return a, nil
}

// phrase is a display name as a header has it (RFC 5322, section 3.2.5): a
// quoted string, or encoded words, each on a line of its own (RFC 2047). What
// looks like an encoded word is encoded: there are readers that decode it
// within quotes too.
func phrase(name string) string {
	switch {
	case ascii(name) && strings.Contains(name, "=?"):
		return strings.ReplaceAll(encodedWords(name), " ", "\r\n ")
	case ascii(name):
		return quoted(name)
	}
	encoding := mime.QEncoding
	if strings.ContainsAny(name, phraseSpecials) {
		encoding = mime.BEncoding
	}
	return strings.ReplaceAll(encoding.Encode("utf-8", name), "?= =?", "?=\r\n =?")
}

// phraseSpecials may not stand in an encoded word of a name (RFC 2047, section
// 5): the Q encoding would leave them as they are, and a reader could take what
// is in the word for another address.
const phraseSpecials = "\"#$%&'(),.:;<>@[\\]^`{|}~"

// quoted is a quoted string (RFC 5322, section 3.2.4).
func quoted(s string) string { return `"` + quotes.Replace(s) + `"` }

var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
