// Package bounce reads the notices that mail servers send about letters: that one
// could not be delivered (RFC 3464, in a multipart/report of RFC 6522), or that its
// reader complained of it (RFC 5965). It believes what such a notice says in its
// fields for machines, and nothing that it says in prose: those words differ from
// server to server, and an address that is suppressed by mistake is a reader lost.
//
// Who sent a notice is not known: what it names is somebody's claim, and it is for
// the caller to hold it against what was sent.
package bounce

import (
	"errors"
	"io"
	"mime"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

const (
	maxNotice     = 32 << 20 // bytes: the returned letter may be part of it
	maxFields     = 64 << 10 // bytes of a part for machines
	maxDepth      = 4        // of multiparts within one another
	maxRecipients = 100
)

// ErrNoLetter is what Read says of anything else. It quotes none of it: there may be
// anything in it.
var ErrNoLetter = errors.New("not a letter: it does not begin with a header")

// Kind is what a notice is about.
type Kind int

// The kinds of notices. A letter of any other sort is None.
const (
	None Kind = iota
	Failed
	Complained
)

// A Notice is what a server says of a letter.
type Notice struct {
	Kind Kind
	// Paths are the addresses that may be the letter's return path: those that the
	// notice came to, and those that it names itself. Bare, as they are written.
	Paths []string
	// Recipients are those that the letter did not reach or who complained, at most
	// 100 of them.
	Recipients []Recipient
}

// A Recipient is one whom a letter did not reach, or who complained of it.
type Recipient struct {
	Address string // as the letter was sent to it, where the notice says so
	// Status is the enhanced status code (RFC 3463), such as 5.1.1; "" where there
	// is none, or nothing failed.
	Status string
	Reply  string // the server's own words
}

// Read reads a letter. One that is no notice is of kind None. An error is
// ErrNoLetter, or says that reading failed.
func Read(r io.Reader) (Notice, error) {
	from := &source{Reader: r}
	entity, err := message.Read(io.LimitReader(from, maxNotice))
	switch {
	case from.failed != nil:
		return Notice{}, from.failed
	case entity == nil, err != nil && !isForeign(err), entity.Header.Len() == 0:
		return Notice{}, ErrNoLetter
	}
	var n Notice
	for _, name := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To"} {
		fields := entity.Header.FieldsByKey(name)
		for fields.Next() {
			n.path(fields.Value())
		}
	}
	n.parts(entity, 0)
	if from.failed != nil || n.Kind == None {
		return Notice{}, from.failed
	}
	return n, nil
}

// A source remembers why it cannot be read any further.
type source struct {
	io.Reader
	failed error
}

func (s *source) Read(p []byte) (n int, err error) {
	if n, err = s.Reader.Read(p); err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}

// isForeign tells whether a part of a letter can be read but not understood.
func isForeign(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

// parts reads the parts for machines. What is broken ends the reading: a notice
// that was cut short says what it says up to there.
func (n *Notice) parts(e *message.Entity, depth int) {
	kind, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type")) // "" is no kind
	switch kind {
	case "message/delivery-status", "message/global-delivery-status": // RFC 6533
		n.failures(fieldGroups(io.LimitReader(e.Body, maxFields)))
	case "message/feedback-report":
		n.complaint(fieldGroups(io.LimitReader(e.Body, maxFields)))
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		for _, group := range fieldGroups(io.LimitReader(e.Body, maxFields)) {
			n.path(group["return-path"])
			return // what follows is the letter's own
		}
	}
	parts := e.MultipartReader()
	if parts == nil || depth == maxDepth {
		return
	}
	for {
		part, err := parts.NextPart()
		if part == nil || err != nil && !isForeign(err) {
			return
		}
		n.parts(part, depth+1)
	}
}

// failures reads a delivery status: fields of the whole, then a group for each
// recipient (RFC 3464, section 2.1).
func (n *Notice) failures(groups []map[string]string) {
	for _, group := range groups {
		n.path(typed(group["x-postfix-sender"]))
		if !strings.EqualFold(firstWord(group["action"]), "failed") || len(n.Recipients) == maxRecipients {
			continue
		}
		n.Kind = Failed
		r := Recipient{Address: typed(group["original-recipient"]), Reply: untyped(group["diagnostic-code"])}
		if r.Address == "" {
			r.Address = typed(group["final-recipient"])
		}
		r.Status = status(group["status"], r.Reply)
		n.Recipients = append(n.Recipients, r)
	}
}

// complaint reads a feedback report. Those about forged senders (RFC 6591), viruses
// and letters that are no spam complain of nothing.
func (n *Notice) complaint(groups []map[string]string) {
	for _, group := range groups {
		switch strings.ToLower(firstWord(group["feedback-type"])) {
		case "abuse", "fraud", "opt-out", "opt-out-list":
		default:
			continue
		}
		n.Kind = Complained
		n.path(group["original-mail-from"])
		n.Recipients = append(n.Recipients, Recipient{Address: bare(group["original-rcpt-to"])})
		return
	}
}

func (n *Notice) path(field string) {
	for address := range strings.SplitSeq(field, ",") {
		if address = bare(address); address != "" && len(n.Paths) < maxRecipients {
			n.Paths = append(n.Paths, address)
		}
	}
}

var (
	enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)
	answered = regexp.MustCompile(`^(?:[45]\d\d)[ -]#?([45]\.\d{1,3}\.\d{1,3})\b`)
)

// status is the code that the server's answer begins with, or else the field's: who
// writes the notice often says less of it, or something else.
func status(field, reply string) string {
	if m := answered.FindStringSubmatch(reply); m != nil {
		return m[1]
	}
	if code := firstWord(field); enhanced.MatchString(code) {
		return code
	}
	return ""
}

// untyped is the value behind a field's type: "smtp; 550 no such mailbox".
func untyped(field string) string {
	_, value, _ := strings.Cut(field, ";")
	return strings.TrimSpace(value)
}

// typed is the address behind its type: "rfc822; reader@example.org".
func typed(field string) string { return bare(untyped(field)) }

// bare takes the angle brackets from an address, and the name before them.
func bare(address string) string {
	address = strings.TrimSpace(address)
	if begin := strings.LastIndexByte(address, '<'); begin >= 0 && strings.HasSuffix(address, ">") {
		address = address[begin+1 : len(address)-1]
	}
	return strings.TrimSpace(address)
}

// firstWord leaves comments out: "5.1.1 (bad address)".
func firstWord(field string) string {
	if words := strings.FieldsFunc(field, func(r rune) bool { return r == ' ' || r == '\t' || r == '(' || r == ';' }); len(words) > 0 {
		return words[0]
	}
	return ""
}
