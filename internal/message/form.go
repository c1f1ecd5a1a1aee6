package message

import (
	"bytes"
	"encoding/base32"
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
	header   []field
	body     []piece
	begun    hash.Hash // of the body's pieces before its first slot; nil without signers
	covered  coverage
}

// A field of the header, with its CRLF, or one that each letter fills.
type field struct {
	name      string
	bytes     []byte
	canonical []byte // as a signature sees it
	fill      func(*reader) string
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
	unique := strings.ToLower(base32.StdEncoding.EncodeToString(mac(c.secret, "boundary", mailing))[:idLength])
	raw, err := c.frame(mailing, subject, unique)
	if err != nil {
		return nil, err
	}
	f := &Form{composer: c, test: test}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	if f.header, err = c.fields(append(head, "\r\n"...)); err != nil {
		return nil, err
	}
	before, rest, found := bytes.Cut(body, []byte(textMark+unique))
	between, after, more := bytes.Cut(rest, []byte(htmlMark+unique))
	if !found || !more {
		return nil, errors.New("the frame of the message has no place for its parts")
	}
	f.body = append(f.body, static(before))
	f.body = append(f.body, encoded(text)...)
	f.body = append(f.body, static(between))
	f.body = append(f.body, encoded(html)...)
	f.body = append(f.body, static(after))
	f.covered = cover(f.header)
	f.begin()
	return f, nil
}

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

// fields takes a header apart.
func (c *Composer) fields(header []byte) ([]field, error) {
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
	for i, f := range list {
		list[i].canonical = relaxedField(f.bytes)
	}
	return list, nil
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
	r, err := f.read(d)
	if err != nil {
		return newsletter.Letter{}, err
	}
	pieces := make([]newsletter.Piece, 1, len(f.body)+1)
	for _, p := range f.body {
		if !p.static {
			p.Piece = newsletter.NewPiece(r.value(p.slot))
		}
		pieces = append(pieces, p.Piece)
	}
	filled := make([]string, len(f.header))
	head := make([]byte, 0, roomForHeader)
	for i, h := range f.header {
		if h.fill == nil {
			head = append(head, h.bytes...)
			continue
		}
		filled[i] = h.name + ": " + h.fill(r) + "\r\n"
		head = append(head, filled[i]...)
	}
	head = append(head, "\r\n"...)
	if head, err = f.sign(head, filled, pieces[1:], d.Date); err != nil {
		return newsletter.Letter{}, err
	}
	pieces[0] = newsletter.NewPiece(head)
	return newsletter.Letter{From: f.composer.returnPath.of(f.composer.secret, d), To: r.wire, Pieces: pieces}, nil
}

const roomForHeader = 1024
