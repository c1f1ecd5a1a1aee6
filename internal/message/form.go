package message

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/wneessen/go-mail"

	"broadsheet/internal/newsletter"
)

// A Form is the message of one segment, all but what differs between its
// readers. It is safe for concurrent use.
type Form struct {
	composer *Composer
	test     bool
	header   []blank
	ending   []byte // of the header, behind its last blank
	body     []piece
	room     int         // that a letter of it will usually need
	begun    hash.Cloner // of the body's pieces before its first slot; nil without signers
	covered  []covered
	stamps   []stamp
}

// A blank is a place in the header that each letter fills, and what is before it.
type blank struct {
	before []byte
	fill   func(r *reader, out []byte) []byte
}

// A piece of the body: bytes for everybody, or a slot.
type piece struct {
	newsletter.Piece
	static    bool
	canonical []byte // as a signature sees it; usually the piece itself
	slot      newsletter.Slot
}

// Form makes the message of one segment. html and text are the segment's pages
// with the slots "unsubscribe", "name" and "address" open; any other open slot
// is an error. A test letter has a message id of its own, so that no mailbox
// takes the real one for its double, and a token that is dead.
func (c *Composer) Form(mailing, subject string, html, text newsletter.Fragment, test bool) (*Form, error) {
	if c.err != nil {
		return nil, c.err
	}
	for _, page := range []newsletter.Fragment{text, html} {
		for _, s := range page.Slots {
			if s.Name != slotUnsubscribe && s.Name != slotName && s.Name != slotAddress {
				return nil, fmt.Errorf("slot %q is still open", s.Name)
			}
		}
	}
	unique := string(appendBase32(nil, newKeyed(c.secret).mac("boundary", mailing), idLength))
	raw, err := c.frame(mailing, subject, unique)
	if err != nil {
		return nil, err
	}
	f := &Form{composer: c, test: test}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	header, err := fields(append(head, "\r\n"...))
	if err != nil {
		return nil, err
	}
	f.setHeader(header)
	before, rest, found := bytes.Cut(body, []byte(textMark+unique))
	between, after, more := bytes.Cut(rest, []byte(htmlMark+unique))
	if !found || !more {
		return nil, errors.New("the frame of the message has no place for its parts")
	}
	f.body, rest = addPage(nil, before, text)
	f.body, rest = addPage(f.body, append(rest, between...), html)
	f.body = append(f.body, static(append(rest, after...)))
	slots := len(text.Slots) + len(html.Slots)
	f.room = len(head) + roomForReader + slots*roomForSlot + len(c.signers)*roomForSignature
	return f, f.prepareSigning(header)
}

// What a letter needs besides the header of its form, by guess, in bytes: a
// buffer that was too small grows, one that fits is made but once.
const (
	roomForReader    = 384
	roomForSlot      = 128
	roomForSignature = 800
)

// The marks at the places of the parts; what is unguessable follows.
const (
	textMark = "text-"
	htmlMark = "html-"
)

// frame is the message without what differs between readers, with marks in
// place of its parts. Nobody without the secret can write its boundary into a
// page (RFC 2046, section 5.1.1).
//
// Auto-Submitted keeps vacation programs from answering (RFC 3834, section 5);
// Precedence is left out, for it never was a standard and RFC 2076 discourages
// it. Nobody can write to the list (RFC 2369, section 3.4).
func (c *Composer) frame(mailing, subject, unique string) ([]byte, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary("part-"+unique))
	msg.FromMailAddress(c.from)
	if c.replyTo != nil {
		msg.SetAddrHeaderFromMailAddress(mail.HeaderReplyTo, c.replyTo)
	}
	for name := range fills {
		if c.corrects != "" || name != headerInReplyTo && name != headerReferences {
			msg.SetGenHeader(mail.Header(name), "open")
		}
	}
	msg.SetGenHeader(headerListID, c.list)
	msg.SetGenHeader(headerListPost, "NO")
	msg.SetGenHeader(headerFeedbackID, feedbackID(mailing, c.domain))
	if c.archive != "" {
		msg.SetGenHeader(headerListArchive, c.archive)
	}
	if c.wayOut.oneClick {
		msg.SetGenHeader(mail.HeaderListUnsubscribePost, oneClick)
	}
	msg.SetGenHeader(headerAutoSubmitted, "auto-generated")
	msg.Subject(unstructured(subject))
	msg.SetBodyString(mail.TypeTextPlain, textMark+unique)
	msg.AddAlternativeString(mail.TypeTextHTML, htmlMark+unique)
	var out bytes.Buffer
	_, err := msg.WriteTo(&out)
	return out.Bytes(), err
}

// maxLine is the longest line without its CRLF (RFC 5322, section 2.1.1).
const maxLine = 998

// A field of the header: all of it with its CRLF, unless each letter fills it.
type field struct {
	name  string
	bytes []byte
	fill  func(r *reader, out []byte) []byte
}

// fields takes a header apart.
func fields(header []byte) ([]field, error) {
	var list []field
	for line := range bytes.Lines(header) {
		if len(line) > maxLine+2 {
			return nil, fmt.Errorf("header line %.40q is longer than %d bytes", line, maxLine)
		}
		if last := len(list) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') {
			list[last].bytes = append(list[last].bytes, line...)
			continue
		}
		name, _, _ := strings.Cut(string(line), ":")
		list = append(list, field{name: name, bytes: bytes.Clone(line), fill: fills[name]})
	}
	return list, nil
}

// setHeader joins what is the same in all letters.
func (f *Form) setHeader(header []field) {
	var before []byte
	for _, h := range header {
		if h.fill == nil {
			before = append(before, h.bytes...)
			continue
		}
		f.header = append(f.header, blank{append(before, h.name+": "...), h.fill})
		before = []byte("\r\n")
	}
	f.ending = append(before, "\r\n"...)
}

// Letter makes the message of one delivery.
func (f *Form) Letter(d newsletter.Delivery) (newsletter.Letter, error) {
	letter, err := f.letter(d)
	if err != nil {
		return newsletter.Letter{}, fmt.Errorf("make the letter to %q: %w", d.Address.Spelled, err)
	}
	return letter, nil
}

func (f *Form) letter(d newsletter.Delivery) (newsletter.Letter, error) {
	r := f.composer.reader()
	defer f.composer.readers.Put(r)
	if err := r.read(f, d); err != nil {
		return newsletter.Letter{}, err
	}
	// All that is this letter's own is in one buffer, for speed.
	out := make([]byte, 0, f.room)
	pieces := make([]newsletter.Piece, beforeBody, beforeBody+len(f.body))
	for i := range f.body {
		piece := f.body[i].Piece
		if !f.body[i].static {
			begin := len(out)
			out = r.appendValue(out, f.body[i].slot)
			piece = newsletter.NewPiece(out[begin:len(out):len(out)])
		}
		pieces = append(pieces, piece)
	}
	begin := len(out)
	out = f.appendHeader(out, r)
	pieces[1] = newsletter.NewPiece(out[begin:len(out):len(out)])
	signatures, err := f.sign(out[len(out):], r, pieces[beforeBody:])
	if err != nil {
		return newsletter.Letter{}, err
	}
	pieces[0] = newsletter.NewPiece(signatures)
	return newsletter.Letter{From: f.composer.returnPath.of(r.keyed, &d), To: r.wire, Pieces: pieces}, nil
}

// beforeBody is the number of pieces before those of the body: the signatures
// and the header.
const beforeBody = 2

// appendHeader appends a letter's header without its signatures, and the empty
// line.
func (f *Form) appendHeader(out []byte, r *reader) []byte {
	r.filled = r.filled[:0]
	for i := range f.header {
		out = append(out, f.header[i].before...)
		begin := len(out)
		out = f.header[i].fill(r, out)
		r.filled = append(r.filled, out[begin:])
	}
	return append(out, f.ending...)
}
