package message

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
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
	sum := mac(secret, "message-id", mailing, identity)
	unique := strings.ToLower(base32.StdEncoding.EncodeToString(sum)[:idLength])
	return "<" + atom(mailing) + "." + unique + "@" + domain + ">"
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
func (c *Composer) MessageID(d newsletter.Delivery) string { return c.messageID(d, false) }

func (c *Composer) messageID(d newsletter.Delivery, test bool) string {
	if test {
		return MessageID(c.secret, "test-"+d.Mailing, d.Address.Identity+" "+d.Date.Format(time.RFC3339Nano), c.domain)
	}
	return MessageID(c.secret, cmp.Or(c.letter, d.Mailing), d.Address.Identity, c.domain)
}

// Token is what a reader hands back to leave: the identity and an HMAC of it,
// both base64url (RFC 4648, section 5), with a dot between. It stands in a URL
// as it is.
func Token(secret []byte, identity string) string {
	return carried(identity) + "." + base64.RawURLEncoding.EncodeToString(mac(secret, "unsubscribe", identity)[:macLength])
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

func (c *Composer) token(d newsletter.Delivery, test bool) string {
	if test {
		return carried(d.Address.Identity) + "." + deadMAC
	}
	return Token(c.secret, d.Address.Identity)
}

func carried(identity string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(identity))
}

// mac is the HMAC-SHA256 of the parts; the purpose keeps one kind of value
// from passing for another.
func mac(secret []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, secret)
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}
