package message

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"hash"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

const (
	idLength  = 20     // base32 characters of a message id: 100 bits
	macLength = 16     // bytes of a token's HMAC: 128 bits
	maxKey    = 80     // bytes of the mailing in a message id
	deadMAC   = "test" // too short to be any token's HMAC
)

// MessageID is the Message-ID of a mailing to an identity, in angle brackets:
// "<2026-W47.h5kq…@domain>". The secret, the mailing and the identity decide
// it, so every try has the same (RFC 5322, section 3.6.4).
func MessageID(secret []byte, mailing, identity, domain string) string {
	return string(newKeyed(secret).appendMessageID(nil, mailing, identity, domain))
}

func (k *keyed) appendMessageID(out []byte, mailing, identity, domain string) []byte {
	out = append(append(append(out, '<'), atom(mailing)...), '.')
	out = appendBase32(out, k.mac("message-id", mailing, identity), idLength)
	return append(append(append(out, '@'), domain...), '>')
}

// atom keeps what may stand in a message id. The HMAC tells apart what becomes
// alike.
func atom(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_':
			return r
		}
		return '-'
	}, s)
	return s[:min(len(s), maxKey)]
}

// MessageID is the Message-ID of the letter to a delivery's reader.
func (c *Composer) MessageID(d newsletter.Delivery) string {
	r := c.reader()
	defer c.readers.Put(r)
	return string(c.appendMessageID(nil, r.keyed, &d, false))
}

func (c *Composer) appendMessageID(out []byte, k *keyed, d *newsletter.Delivery, test bool) []byte {
	if test {
		return k.appendMessageID(out, "test-"+d.Mailing, d.Address.Identity+" "+d.Date.Format(time.RFC3339Nano), c.domain)
	}
	return k.appendMessageID(out, cmp.Or(c.letter, d.Mailing), d.Address.Identity, c.domain)
}

// Token is what a reader hands back to leave: the identity and an HMAC of it,
// both base64url (RFC 4648, section 5), with a dot between. It stands in a URL
// as it is.
func Token(secret []byte, identity string) string { return newKeyed(secret).token(identity) }

func (k *keyed) token(identity string) string {
	sum := k.mac("unsubscribe", identity)[:macLength]
	k.text = base64.RawURLEncoding.AppendEncode(k.text[:0], []byte(identity)) // as carried has it
	k.text = base64.RawURLEncoding.AppendEncode(append(k.text, '.'), sum)
	return string(k.text)
}

// ParseToken returns the identity that a token carries. False: the token was
// not made with the secret, or is a test letter's.
func ParseToken(secret []byte, token string) (identity string, ok bool) {
	first, _, _ := strings.Cut(token, ".")
	carried, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || !hmac.Equal([]byte(token), []byte(Token(secret, string(carried)))) {
		return "", false
	}
	return string(carried), true
}

func carried(identity string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(identity))
}

// A keyed makes HMACs with one secret. To begin with a secret costs as much as
// a short HMAC itself, so it is kept from one to the next. It is for one
// goroutine at a time.
type keyed struct {
	hash hash.Hash
	text []byte // kept for its room, as is sum
	sum  []byte
}

func newKeyed(secret []byte) *keyed { return &keyed{hash: hmac.New(sha256.New, secret)} }

// mac is the HMAC-SHA256 of the parts, until the next one is made; the purpose,
// which comes first, keeps one kind of value from passing for another.
func (k *keyed) mac(parts ...string) []byte {
	k.text = k.text[:0]
	for _, p := range parts {
		k.text = append(append(k.text, p...), 0)
	}
	k.hash.Reset()
	k.hash.Write(k.text)
	k.sum = k.hash.Sum(k.sum[:0])
	return k.sum
}

// appendBase32 appends the first n characters of b in base32 (RFC 4648, section
// 6), in lower case.
func appendBase32(out, b []byte, n int) []byte {
	return lowerBase32.AppendEncode(out, b)[:len(out)+n]
}

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")
