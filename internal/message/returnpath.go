package message

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

const (
	maxLocal     = 64 // bytes before the @ (RFC 5321, section 4.5.3.1.1)
	returnMAC    = 16 // base32 characters of a return token's HMAC: 80 bits
	returnNumber = 36 // base of the delivery's number in it
)

// A returnPath is the envelope's sender, to which bounces go. With a token it
// is one for each delivery: whatever a bounce says, its own recipient tells
// whose letter came back.
type returnPath struct {
	before, after string // the token
	each          bool   // there is one
}

// newReturnPath reads an address, in which a ReturnToken may stand before the @.
func newReturnPath(address string) (p returnPath, err error) {
	const key = "return_path"
	before, after, each := strings.Cut(address, newsletter.ReturnToken)
	token := ""
	if each {
		token = strings.Repeat("0", newsletter.MaxReturnToken)
	}
	a, err := mailbox(key, before+token+after)
	if err != nil {
		return p, err
	}
	whole := wire(a)
	after, placed := strings.CutPrefix(whole, before+token)
	local, _, _ := strings.Cut(whole, "@")
	switch {
	case !each:
		return returnPath{before: whole}, nil
	case !placed || !newsletter.IsPlainAddress(whole) || !strings.Contains(after, "@") || strings.ContainsAny(whole, "{}"):
		return p, misuse(key, address, errors.New("{token} stands once, before the @ of a bare address"))
	case len(local) > maxLocal:
		return p, misuse(key, address, fmt.Errorf("longer than %d bytes before the @, besides {token}", maxLocal-len(token)))
	}
	return returnPath{before: before, after: after, each: true}, nil
}

// of is the return path of a delivery.
func (p *returnPath) of(k *keyed, d *newsletter.Delivery) string {
	if !p.each {
		return p.before // the whole of it
	}
	return p.before + k.returnToken(d) + p.after
}

// returnToken names a delivery: its number in the ledger, and an HMAC that
// holds for this very mailing and reader. It is in lower case, because some
// servers change an address to that.
func (k *keyed) returnToken(d *newsletter.Delivery) string {
	number := strconv.FormatInt(d.Number, returnNumber)
	sum := k.mac("return-path", number, d.Mailing, d.Address.Identity)
	return string(appendBase32(append(k.text[:0], number...), sum, returnMAC))
}

// ParseReturnPath finds the delivery for which an address was made out of the
// return path of the publication. find looks into the ledger by a delivery's
// number. False: the address is not of that form. One that is, and was not made
// with the secret for any delivery, is a Fault of kind Misuse.
func ParseReturnPath(secret []byte, path, address string, find func(number int64) (newsletter.Delivery, bool, error)) (d newsletter.Delivery, ok bool, err error) {
	p, err := newReturnPath(path)
	if err != nil {
		return d, false, err
	}
	token, begins := strings.CutPrefix(strings.ToLower(address), strings.ToLower(p.before))
	token, ends := strings.CutSuffix(token, strings.ToLower(p.after))
	if !p.each || !begins || !ends {
		return d, false, nil
	}
	number, err := strconv.ParseInt(token[:max(0, len(token)-returnMAC)], returnNumber, 64)
	found := err == nil
	if found {
		if d, found, err = find(number); err != nil {
			return d, false, err
		}
	}
	if !found || !hmac.Equal([]byte(token), []byte(newKeyed(secret).returnToken(&d))) {
		return newsletter.Delivery{}, false, newsletter.Faultf(newsletter.Misuse,
			"copy the whole address that the bounce was sent to; one of a forgotten reader names nobody any more", "no letter was sent with the return path %q", address)
	}
	return d, true, nil
}
