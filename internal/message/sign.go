package message

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// sealed are the fields that a signature covers, and names once more than they
// occur: nobody can add another one (RFC 6376, section 8.15).
var sealed = [...]string{
	"From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// inPlace are those that it covers where they are.
var inPlace = [...]string{"In-Reply-To", "References", "List-Id", "List-Post", "List-Archive", "Feedback-ID", "Auto-Submitted"}

// A covered is a part of the signed fields, in their canonical form: what is the
// same in all letters, and the number of the blank behind it; -1: there is none.
type covered struct {
	before []byte
	blank  int
}

// cover makes the signed fields, in the order of their names, and the tag h=.
func cover(header []field) (parts []covered, names string) {
	var list []string
	var before []byte
	add := func(name string) {
		blank := -1
		for _, f := range header {
			if f.fill != nil {
				blank++
			}
			switch {
			case !strings.EqualFold(f.name, name):
				continue
			case f.fill == nil:
				before = appendRelaxedField(before, f.bytes)
			default:
				before = append(append(before, strings.ToLower(f.name)...), ':')
				parts = append(parts, covered{before, blank})
				before = []byte("\r\n")
			}
			list = append(list, name)
		}
	}
	for _, name := range sealed {
		add(name)
		list = append(list, name)
	}
	for _, name := range inPlace {
		add(name)
	}
	return append(parts, covered{before, -1}), foldedList(list)
}

// foldedList joins names with colons, after which lines end before they grow
// too long.
func foldedList(names []string) string {
	var out strings.Builder
	line := len(" h=")
	for i, name := range names {
		if i > 0 {
			out.WriteByte(':')
			line++
		}
		if line+len(name)+1 > maxEncoded {
			out.WriteString("\r\n ")
			line = 1
		}
		out.WriteString(name)
		line += len(name)
	}
	return out.String()
}

// A stamp is the DKIM-Signature field (RFC 6376, section 3.5) of a form's letters
// but for the time, the body's hash and the signature, of which each stands
// behind a part: as it is written, and in its canonical form.
type stamp struct {
	Signer
	written, canonical [3][]byte
}

func (s Signer) stamp(names string) stamp {
	first := fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s;\r\n s=%s; t=", s.algorithm, s.domain, s.selector)
	st := stamp{Signer: s, written: [3][]byte{[]byte(first), []byte(";\r\n h=" + names + ";\r\n bh="), []byte(";\r\n b=")}}
	for i, part := range st.written {
		if i == 0 {
			st.canonical[i] = bytes.TrimSuffix(appendRelaxedField(nil, part), []byte("\r\n"))
		} else {
			st.canonical[i] = appendRelaxed(nil, part)
		}
	}
	return st
}

// prepareSigning does what the signatures of all letters share: it hashes the
// body up to its first slot, and makes all that is the same in the fields.
func (f *Form) prepareSigning(header []field) error {
	if len(f.composer.signers) == 0 {
		return nil
	}
	var names string
	f.covered, names = cover(header)
	for _, s := range f.composer.signers {
		f.stamps = append(f.stamps, s.stamp(names))
	}
	begun := sha256.New()
	for _, p := range f.body {
		if !p.static {
			break
		}
		begun.Write(p.canonical)
	}
	var ok bool
	if f.begun, ok = begun.(hash.Cloner); !ok {
		return errors.New("the hash of the body cannot be copied")
	}
	return nil
}

// sign appends one signature for each signer to out.
//
// The message is signed here and not by a library, which would go through the
// whole of every letter again: canonical forms of what letters share are made
// once, and so is the hash of the body's beginning.
func (f *Form) sign(out []byte, r *reader, body []newsletter.Piece) ([]byte, error) {
	if len(f.stamps) == 0 {
		return out, nil
	}
	bodyHash, err := f.bodyHash(body)
	if err != nil {
		return nil, err
	}
	r.canonical = f.appendCanonical(r.canonical[:0], r.filled)
	fields := len(r.canonical)
	for i := range f.stamps {
		s := &f.stamps[i]
		r.canonical = s.append(r.canonical[:fields], s.canonical, r.delivery.Date, bodyHash)
		digest := sha256.Sum256(r.canonical)
		signature, err := s.key.Sign(rand.Reader, digest[:], s.hash)
		if err != nil {
			return nil, fmt.Errorf("sign for %s with selector %s: %w", s.domain, s.selector, err)
		}
		out = s.append(out, s.written, r.delivery.Date, bodyHash)
		out = appendLines(out, base64.StdEncoding.EncodeToString(signature))
	}
	return out, nil
}

// append appends the field up to its signature, out of parts.
func (s *stamp) append(out []byte, parts [3][]byte, at time.Time, bodyHash []byte) []byte {
	out = append(out, parts[0]...)
	out = strconv.AppendInt(out, at.Unix(), 10)
	out = append(out, parts[1]...)
	out = base64.StdEncoding.AppendEncode(out, bodyHash)
	return append(out, parts[2]...)
}

// appendLines appends a signature, which begins behind " b=", and ends the field.
func appendLines(out []byte, text string) []byte {
	const line = maxEncoded - len(" b=")
	for len(text) > line {
		out = append(append(out, text[:line]...), "\r\n "...)
		text = text[line:]
	}
	return append(append(out, text...), "\r\n"...)
}

// bodyHash is the SHA-256 of the canonical body.
func (f *Form) bodyHash(body []newsletter.Piece) ([]byte, error) {
	h, err := f.begun.Clone()
	if err != nil {
		return nil, err
	}
	open := false
	for i := range f.body {
		p := &f.body[i]
		switch open = open || !p.static; {
		case !p.static:
			h.Write(relaxedBody(body[i].Bytes()))
		case open:
			h.Write(p.canonical)
		}
	}
	return h.Sum(nil), nil
}

// appendCanonical appends the signed fields of a letter, in the order of their
// names in the signature.
func (f *Form) appendCanonical(out []byte, filled [][]byte) []byte {
	for _, part := range f.covered {
		out = append(out, part.before...)
		if part.blank >= 0 {
			out = appendRelaxed(out, filled[part.blank])
		}
	}
	return out
}

// appendRelaxedField appends the relaxed canonical form of one field (RFC 6376,
// section 3.4.2).
func appendRelaxedField(out, field []byte) []byte {
	name, value, _ := bytes.Cut(field, []byte(":"))
	out = append(out, bytes.ToLower(bytes.TrimRight(name, " \t"))...)
	out = appendRelaxed(append(out, ':'), value)
	return append(out, "\r\n"...)
}

// appendRelaxed appends a field's value, or a part of it: white space becomes
// one space, and none at either end.
func appendRelaxed(out, value []byte) []byte {
	begin, space := len(out), false
	for _, c := range value {
		switch c {
		case ' ', '\t', '\r', '\n':
			space = true
			continue
		}
		if space && len(out) > begin {
			out = append(out, ' ')
		}
		space = false
		out = append(out, c)
	}
	return out
}

// relaxedBody is the relaxed canonical form of whole lines of a body (RFC 6376,
// section 3.4.4), but for the empty lines at its end, which no frame has. Lines
// of quoted-printable text end in no white space.
func relaxedBody(b []byte) []byte {
	if !bytes.Contains(b, []byte("  ")) && bytes.IndexByte(b, '\t') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c == '\t' {
			c = ' '
		}
		if c != ' ' || len(out) == 0 || out[len(out)-1] != ' ' {
			out = append(out, c)
		}
	}
	return out
}
