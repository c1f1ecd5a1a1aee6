// Package message makes the letter of one delivery: the segment's pages with
// their reader slots filled, as one MIME message (RFC 5322, RFC 2045, RFC
// 2046) with the headers of a list (RFC 2369, RFC 2919, RFC 3834), signed with
// DKIM (RFC 6376, RFC 8463).
//
// It promises that no value can add a header, that lines end in CRLF and have
// at most 998 bytes, that the message is 7-bit clean unless the reader's own
// local part is not ASCII (RFC 6532), and that every try of a delivery has the
// same bytes, except for the time in a signature.
//
// go-mail builds the message. It is kept from preformatted headers, which it
// neither checks nor orders, and from its own DKIM signer, which folds inside a
// header's name.
package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"

	"github.com/wneessen/go-mail"

	"broadsheet/internal/newsletter"
)

// The reader slots that a Composer fills.
const (
	slotUnsubscribe = "unsubscribe" // where the reader leaves: an https or a mailto URL
	slotName        = "name"
	slotAddress     = "address" // as the reader spells it
)

const (
	headerAutoSubmitted mail.Header = "Auto-Submitted"
	headerListID        mail.Header = "List-Id"
)

// A Composer makes the letters of one mailing. It is safe for concurrent use.
type Composer struct {
	from, replyTo *netmail.Address // replyTo may be nil
	envelope      string
	list          string // value of List-Id
	domain        string
	wayOut        wayOut
	secret        []byte
	signers       []Signer
	err           error
}

// NewComposer makes a Composer of the headers that all letters share. The
// secret is the key of message ids and tokens. Every signer adds a signature.
// A header that cannot be used is a Fault of kind Misuse, which every Letter
// returns.
func NewComposer(h newsletter.Headers, secret []byte, signers []Signer) *Composer {
	c := &Composer{secret: bytes.Clone(secret), signers: signers}
	c.err = c.setHeaders(h)
	return c
}

func (c *Composer) setHeaders(h newsletter.Headers) (err error) {
	if len(c.secret) == 0 {
		return newsletter.Faultf(newsletter.Misuse, "give unsubscribe.secret_file a file that is not empty", "the secret of unsubscribe tokens is empty")
	}
	if c.from, err = mailbox("from", h.From); err != nil {
		return err
	}
	if h.ReplyTo != "" {
		if c.replyTo, err = mailbox("reply_to", h.ReplyTo); err != nil {
			return err
		}
	}
	envelope := c.from
	if h.EnvelopeFrom != "" {
		if envelope, err = mailbox("envelope_from", h.EnvelopeFrom); err != nil {
			return err
		}
	}
	c.envelope = wire(envelope)
	if c.list, err = listID(h.ListName, h.ListID); err != nil {
		return err
	}
	if c.domain, err = domainName("id", h.MessageDomain); err != nil {
		return err
	}
	c.wayOut, err = newWayOut(h.Unsubscribe)
	return err
}

// Letter makes the message of one delivery. html and text are the segment's
// pages with the slots "unsubscribe", "name" and "address" open; any other open
// slot is an error. A test letter has a message id of its own, so that no
// mailbox takes the real one for its double, and a token that is dead.
func (c *Composer) Letter(d newsletter.Delivery, subject string, html, text newsletter.Fragment, test bool) (newsletter.Letter, error) {
	letter, err := c.letter(d, subject, html, text, test)
	if err != nil {
		return newsletter.Letter{}, fmt.Errorf("make the letter to %q: %w", d.Address.Spelled, err)
	}
	return letter, nil
}

func (c *Composer) letter(d newsletter.Delivery, subject string, html, text newsletter.Fragment, test bool) (newsletter.Letter, error) {
	if c.err != nil {
		return newsletter.Letter{}, c.err
	}
	to, err := recipient(d)
	if err != nil {
		return newsletter.Letter{}, err
	}
	token := c.token(d, test)
	values := map[string]string{
		slotUnsubscribe: c.wayOut.page(token),
		slotName:        d.Name,
		slotAddress:     d.Address.Spelled,
	}
	htmlBytes, err := html.Fill(values).Closed()
	if err != nil {
		return newsletter.Letter{}, fmt.Errorf("html part: %w", err)
	}
	textBytes, err := text.Fill(values).Closed()
	if err != nil {
		return newsletter.Letter{}, fmt.Errorf("text part: %w", err)
	}

	msg := c.headed(d, c.messageID(d, test), to)
	msg.Subject(unstructured(subject))
	msg.SetGenHeader(mail.HeaderListUnsubscribe, c.wayOut.header(token))
	msg.SetBodyWriter(mail.TypeTextPlain, content(textBytes))
	msg.AddAlternativeWriter(mail.TypeTextHTML, content(htmlBytes))
	signed, err := c.render(msg, len(htmlBytes)+len(textBytes))
	return newsletter.Letter{From: c.envelope, To: wire(to), Bytes: signed}, err
}

// headed begins a message with all headers but the subject and the way out.
//
// Auto-Submitted keeps vacation programs from answering (RFC 3834, section 5);
// Precedence is left out, for it never was a standard and RFC 2076 discourages
// it. There is no List-Unsubscribe-Post: it would promise an endpoint that
// answers one click (RFC 8058), and nobody has asked one.
func (c *Composer) headed(d newsletter.Delivery, id string, to *netmail.Address) *mail.Msg {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary(boundary(id)))
	msg.FromMailAddress(c.from)
	if c.replyTo != nil {
		msg.SetAddrHeaderFromMailAddress(mail.HeaderReplyTo, c.replyTo)
	}
	msg.SetAddrHeaderFromMailAddress(mail.HeaderTo, to)
	msg.SetDateWithValue(d.Date)
	msg.SetGenHeader(mail.HeaderMessageID, id)
	msg.SetGenHeader(headerListID, c.list)
	msg.SetGenHeader(headerAutoSubmitted, "auto-generated")
	return msg
}

// content hands a part's bytes over. It cannot fail: go-mail forgets a part's
// error when it begins the next one.
func content(b []byte) func(io.Writer) (int64, error) {
	return func(w io.Writer) (int64, error) {
		n, err := w.Write(b)
		return int64(n), err
	}
}

// render writes the whole message and puts the signatures before it.
func (c *Composer) render(msg *mail.Msg, size int) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(size + size/8 + 4096) // quoted-printable text of the Latin script grows by a few hundredths
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, err
	}
	if err := checkLines(out.Bytes()); err != nil {
		return nil, err
	}
	return sign(out.Bytes(), c.signers)
}

// maxLine is the longest line without its CRLF (RFC 5322, section 2.1.1).
const maxLine = 998

// checkLines looks at the header; quoted-printable keeps the body short.
func checkLines(message []byte) error {
	for line := range bytes.Lines(message) {
		if len(line) > maxLine+2 {
			return fmt.Errorf("header line %.40q is longer than %d bytes", line, maxLine)
		}
		if len(line) == 2 {
			return nil
		}
	}
	return errors.New("the message has no body")
}
