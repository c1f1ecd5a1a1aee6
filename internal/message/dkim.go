package message

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"broadsheet/internal/newsletter"
)

// minRSABits is the least that a signer may use (RFC 8301, section 3.2).
const minRSABits = 1024

// A Signer is one DKIM key, ready to sign.
type Signer struct {
	domain, selector string
	algorithm        string
	key              crypto.Signer
	hash             crypto.Hash // what key is told of the digest it signs
}

// sealed are the fields that a signature covers, and names once more than they
// occur: nobody can add another one (RFC 6376, section 8.15).
var sealed = [...]string{
	"From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// covered are those that it covers where they are.
var covered = [...]string{"In-Reply-To", "References", "List-Id", "List-Post", "List-Archive", "Feedback-ID", "Auto-Submitted"}

// A coverage is what signatures cover of a header.
type coverage struct {
	places []int  // of the fields, in the order of names
	names  string // as the tag h= has them
}

func cover(header []field) (c coverage) {
	var names []string
	add := func(name string) {
		for i, f := range header {
			if strings.EqualFold(f.name, name) {
				c.places, names = append(c.places, i), append(names, name)
			}
		}
	}
	for _, name := range sealed {
		add(name)
		names = append(names, name)
	}
	for _, name := range covered {
		add(name)
	}
	c.names = foldedList(names)
	return c
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

// ParseSigner reads a private key in PEM: RSA in PKCS #1 or PKCS #8, Ed25519
// in PKCS #8. An error is a Fault of kind Misuse that wraps a Problem with the
// file and the mend.
func ParseSigner(k newsletter.DKIM, pem []byte) (Signer, error) {
	signer, err := parseSigner(k, pem)
	if err == nil {
		return signer, nil
	}
	mend := fmt.Sprintf("make a key with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out %s", k.KeyFile)
	problem := &newsletter.Problem{File: k.KeyFile, Message: "read the DKIM key: " + err.Error(), Mend: mend}
	return Signer{}, &newsletter.Fault{Kind: newsletter.Misuse, Err: problem, Hint: mend}
}

func parseSigner(k newsletter.DKIM, data []byte) (Signer, error) {
	key, err := parseKey(data)
	if err != nil {
		return Signer{}, err
	}
	domain, err := idna.Lookup.ToASCII(k.Domain)
	if err != nil {
		return Signer{}, fmt.Errorf("its domain %q: %w", k.Domain, err)
	}
	if !dotAtom.MatchString(domain) || !dotAtom.MatchString(k.Selector) {
		return Signer{}, fmt.Errorf("its selector %q or domain %q is not a name in the DNS", k.Selector, k.Domain)
	}
	s := Signer{domain: domain, selector: k.Selector, key: key, algorithm: "rsa-sha256", hash: crypto.SHA256}
	if _, ok := key.(ed25519.PrivateKey); ok {
		s.algorithm, s.hash = "ed25519-sha256", crypto.Hash(0) // the digest is its message (RFC 8463, section 3)
	}
	return s, nil
}

func parseKey(data []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("not a PEM file")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("holds a %s, not an unencrypted private key", block.Type)
	}
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			return nil, fmt.Errorf("an RSA key of %d bits is too weak", bits)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("a key of type %T is neither RSA nor Ed25519", key)
}

// begin hashes the body up to its first slot, which all letters share.
func (f *Form) begin() {
	if len(f.composer.signers) == 0 {
		return
	}
	f.begun = sha256.New()
	for _, p := range f.body {
		if !p.static {
			return
		}
		f.begun.Write(p.canonical)
	}
}

// sign puts one signature for each signer before a letter's header. filled are
// the fields of this letter alone, by their place in the form.
//
// The message is signed here and not by a library, which would go through the
// whole of every letter again: canonical forms of what letters share are made
// once, and so is the hash of the body's beginning.
func (f *Form) sign(head []byte, filled []string, body []newsletter.Piece, at time.Time) ([]byte, error) {
	signers := f.composer.signers
	if len(signers) == 0 {
		return head, nil
	}
	bodyHash, err := f.bodyHash(body)
	if err != nil {
		return nil, err
	}
	fields := f.canonicalFields(filled)
	out := make([]byte, 0, len(head)+len(signers)*roomForHeader)
	for _, s := range signers {
		if out, err = s.sign(out, f.covered.names, fields, bodyHash, at); err != nil {
			return nil, fmt.Errorf("sign for %s with selector %s: %w", s.domain, s.selector, err)
		}
	}
	return append(out, head...), nil
}

// bodyHash is the base64 of the SHA-256 of the canonical body.
func (f *Form) bodyHash(body []newsletter.Piece) (string, error) {
	cloner, ok := f.begun.(hash.Cloner)
	if !ok {
		return "", errors.New("the hash cannot be copied")
	}
	h, err := cloner.Clone()
	if err != nil {
		return "", err
	}
	open := false
	for i, p := range f.body {
		switch open = open || !p.static; {
		case !p.static:
			h.Write(relaxedBody(body[i].Bytes()))
		case open:
			h.Write(p.canonical)
		}
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil)), nil
}

// canonicalFields are the signed fields of a letter, in the order of their
// names in the signature.
func (f *Form) canonicalFields(filled []string) []byte {
	out := make([]byte, 0, roomForHeader)
	for _, i := range f.covered.places {
		if f.header[i].fill != nil {
			out = append(out, relaxedField([]byte(filled[i]))...)
		} else {
			out = append(out, f.header[i].canonical...)
		}
	}
	return out
}

// sign appends a DKIM-Signature field (RFC 6376, section 3.5) to out.
func (s Signer) sign(out []byte, names string, fields []byte, bodyHash string, at time.Time) ([]byte, error) {
	begin := len(out)
	out = fmt.Appendf(out, "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s;\r\n s=%s; t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=",
		s.algorithm, s.domain, s.selector, at.Unix(), names, bodyHash)
	digest := sha256.New()
	digest.Write(fields)
	digest.Write(bytes.TrimSuffix(relaxedField(out[begin:]), []byte("\r\n")))
	signature, err := s.key.Sign(rand.Reader, digest.Sum(nil), s.hash)
	if err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(signature)
	const line = maxEncoded - len(" b=")
	for len(text) > line {
		out = append(append(out, text[:line]...), "\r\n "...)
		text = text[line:]
	}
	return append(append(out, text...), "\r\n"...), nil
}

// relaxedField is the relaxed canonical form of one field (RFC 6376, section
// 3.4.2).
func relaxedField(field []byte) []byte {
	name, value, _ := bytes.Cut(field, []byte(":"))
	out := append(bytes.ToLower(bytes.TrimRight(name, " \t")), ':')
	for i, word := range bytes.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }) {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, word...)
	}
	return append(out, "\r\n"...)
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
