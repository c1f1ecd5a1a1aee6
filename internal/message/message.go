// Package message makes the letter of one delivery: the segment's pages with
// their reader slots filled, as one MIME message (RFC 5322, RFC 2045, RFC
// 2046) with the headers of a list (RFC 2369, RFC 2919, RFC 3834, RFC 8058),
// signed with DKIM (RFC 6376, RFC 8463).
//
// It promises that no value can add a header, that lines end in CRLF and have
// at most 998 bytes, that the message is 7-bit clean unless the reader's own
// local part is not ASCII (RFC 6532), and that every try of a delivery has the
// same bytes.
//
// What the letters of a segment share is made once, as a Form: go-mail builds
// its header and its frame, the pages are encoded piece by piece around their
// slots, and their hash is begun. A letter is then a handful of byte slices.
// go-mail is kept from preformatted headers, which it neither checks nor
// orders, and from its own DKIM signer, which folds inside a header's name.
package message

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"sync"

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
	headerFeedbackID    mail.Header = "Feedback-ID"
	headerListArchive   mail.Header = "List-Archive"
	headerListID        mail.Header = "List-Id"
	headerListPost      mail.Header = "List-Post"
)

// A Composer makes the letters of one mailing. It is safe for concurrent use.
type Composer struct {
	from, replyTo *netmail.Address // replyTo may be nil
	returnPath    returnPath
	list          string // value of List-Id
	archive       string // value of List-Archive; "": there is none
	domain        string
	wayOut        wayOut
	letter        string // that these are; "": each delivery's mailing
	corrects      string // the letter that these answer; may be ""
	secret        []byte
	signers       []Signer
	readers       sync.Pool // *reader
	err           error
}

// NewComposer makes a Composer of the headers that all letters share. The
// secret is the key of message ids and tokens. Every signer adds a signature.
// A header that cannot be used is a Fault of kind Misuse, which every Letter
// returns.
func NewComposer(h newsletter.Headers, secret []byte, signers []Signer) *Composer {
	c := &Composer{secret: bytes.Clone(secret), signers: signers}
	c.readers.New = func() any { return &reader{keyed: newKeyed(c.secret)} }
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
	c.returnPath.before = wire(c.from)
	if h.EnvelopeFrom != "" {
		if c.returnPath, err = newReturnPath(h.EnvelopeFrom); err != nil {
			return err
		}
	}
	c.letter, c.corrects = h.Letter, h.Corrects
	if c.list, err = listID(h.ListName, h.ListID); err != nil {
		return err
	}
	if c.domain, err = domainName("id", h.MessageDomain); err != nil {
		return err
	}
	if h.Archive != "" {
		archive, err := webURL(h.Archive)
		if err != nil {
			return misuse("archive_url", h.Archive, err)
		}
		c.archive = "<" + archive.String() + ">"
	}
	c.wayOut, err = newWayOut(h.Unsubscribe)
	return err
}

// Letter makes the message of one delivery of its own form; see Form. Where
// many letters share their pages, make the form once.
func (c *Composer) Letter(d newsletter.Delivery, subject string, html, text newsletter.Fragment, test bool) (newsletter.Letter, error) {
	form, err := c.Form(d.Mailing, subject, html, text, test)
	if err != nil {
		return newsletter.Letter{}, fmt.Errorf("make the letter to %q: %w", d.Address.Spelled, err)
	}
	return form.Letter(d)
}
