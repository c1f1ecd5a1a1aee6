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

// A reader is what a letter says to the one who gets it. Readers are used for
// one letter after another, because of the room and the hash that they have.
type reader struct {
	form     *Form
	delivery newsletter.Delivery
	name     string // for the header
	wire     string // for the envelope
	token    string
	link     string // where the reader leaves

	keyed     *keyed
	filled    [][]byte // what is in the blanks of the header
	canonical []byte   // what a signature is of
	dated     time.Time
	date      []byte // how dated is written
}

func (c *Composer) reader() *reader { return c.readers.Get().(*reader) }

// read prepares the values of a delivery.
func (r *reader) read(f *Form, d newsletter.Delivery) (err error) {
	switch {
	case d.Address.Identity == "":
		return errors.New("the address has no identity")
	case d.Date.IsZero():
		return errors.New("the delivery has no date")
	case len(d.Address.Wire) > maxAddress:
		return fmt.Errorf("the address is longer than %d bytes", maxAddress)
	}
	r.form, r.delivery = f, d
	r.name = displayName(d.Name)
	if r.wire, err = recipient(d.Address.Wire); err != nil {
		return err
	}
	if f.test {
		r.token = carried(d.Address.Identity) + "." + deadMAC
	} else {
		r.token = r.keyed.token(d.Address.Identity)
	}
	r.link = f.composer.wayOut.page(r.token)
	return nil
}

// fills are the fields of the header that each letter fills.
var fills = map[string]func(r *reader, out []byte) []byte{
	"Date":       (*reader).appendDate,
	"Message-ID": (*reader).appendMessageID,
	"To":         (*reader).appendMailbox,
	"List-Unsubscribe": func(r *reader, out []byte) []byte {
		return r.form.composer.wayOut.appendHeader(out, r.token)
	},
	// A correction stands below the reader's own letter (RFC 5322, section 3.6.4).
	headerInReplyTo:  (*reader).appendCorrected,
	headerReferences: (*reader).appendCorrected,
}

const (
	headerInReplyTo  = "In-Reply-To"
	headerReferences = "References"
)

// appendDate appends the date. It is written anew only where it is not that of
// the letter before: nearly always all letters of a mailing have the same one.
func (r *reader) appendDate(out []byte) []byte {
	if r.dated != r.delivery.Date { // instant and zone
		r.dated, r.date = r.delivery.Date, r.delivery.Date.AppendFormat(r.date[:0], time.RFC1123Z)
	}
	return append(out, r.date...)
}

func (r *reader) appendMessageID(out []byte) []byte {
	return r.form.composer.appendMessageID(out, r.keyed, &r.delivery, r.form.test)
}

func (r *reader) appendCorrected(out []byte) []byte {
	c := r.form.composer
	return r.keyed.appendMessageID(out, c.corrects, r.delivery.Address.Identity, c.domain)
}

// appendMailbox appends name and address on one line of "To", or on two where
// one would be longer than it should be (RFC 5322, section 2.1.1).
func (r *reader) appendMailbox(out []byte) []byte {
	if r.name != "" {
		const should = 78
		words := phrase(r.name)
		out = append(out, words...)
		if len("To: ")+len(words)+len(" <>")+len(r.wire) > should {
			out = append(out, "\r\n"...)
		}
		out = append(out, ' ')
	}
	return append(append(append(out, '<'), r.wire...), '>')
}

// appendValue appends what a slot of the pages holds for the reader, encoded, on
// a line of its own.
func (r *reader) appendValue(out []byte, s newsletter.Slot) []byte {
	var value string
	switch s.Name {
	case slotUnsubscribe:
		value = r.link
	case slotName:
		value = r.delivery.Name
	case slotAddress:
		value = r.delivery.Address.Spelled
	}
	return appendQuoted(out, s.Context.Escape(value))
}

// recipient reads an address, which must be a bare addr-spec, and returns it as
// the envelope has it. Nearly all are plain, which is told at a glance.
func recipient(spec string) (string, error) {
	if newsletter.IsPlainAddress(spec) {
		return spec, nil
	}
	a, err := netmail.ParseAddress(spec)
	if err != nil {
		return "", err
	}
	// A quoted local part may be quoted without need; anything else that does
	// not come out as it went in has a name, a comment or brackets.
	if a.Name != "" || (wire(a) != spec && !strings.HasPrefix(spec, `"`)) {
		return "", errors.New("more than a bare address")
	}
	if !ascii(a.Address[strings.LastIndexByte(a.Address, '@'):]) {
		return "", errors.New("the domain is not in its ASCII form")
	}
	return wire(a), nil
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
