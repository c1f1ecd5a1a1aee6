package message

import (
	"crypto/hmac"
	"encoding/base32"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"broadsheet/internal/newsletter"
)

// tokenPlace is where a return path has its token.
const tokenPlace = "{token}"

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

// newReturnPath reads an address, in which "{token}" may stand before the @.
func newReturnPath(address string) (p returnPath, err error) {
	const key = "bounces.address"
	at := strings.Index(address, tokenPlace)
	longest := strings.Repeat("0", len(strconv.FormatInt(math.MaxInt64, returnNumber))+returnMAC)
	a, err := mailbox(key, strings.Replace(address, tokenPlace, longest, 1))
	if err != nil {
		return p, err
	}
	whole := wire(a)
	if at < 0 {
		return returnPath{before: whole}, nil
	}
	switch sign := strings.LastIndexByte(whole, '@'); {
	case !strings.HasPrefix(whole, address[:at]+longest) || !newsletter.IsPlainAddress(whole):
		return p, misuse(key, address, errors.New("{token} goes into a bare address, before the @"))
	case sign > maxLocal:
		return p, misuse(key, address, fmt.Errorf("longer than %d bytes before the @, besides {token}", maxLocal-len(longest)))
	}
	return returnPath{before: whole[:at], after: whole[at+len(longest):], each: true}, nil
}

// of is the return path of a delivery.
func (p returnPath) of(secret []byte, d newsletter.Delivery) string {
	if !p.each {
		return p.before + p.after
	}
	return p.before + returnToken(secret, d) + p.after
}

// returnToken names a delivery: its number in the ledger, and an HMAC that
// holds for this very mailing and reader. It is in lower case, because some
// servers change an address to that.
func returnToken(secret []byte, d newsletter.Delivery) string {
	number := strconv.FormatInt(d.Number, returnNumber)
	sum := mac(secret, "return-path", number, d.Mailing, d.Address.Identity)
	return number + strings.ToLower(base32.StdEncoding.EncodeToString(sum)[:returnMAC])
}

// ParseReturnPath finds the delivery for which an address was made out of the
// return path of the publication. find looks into the ledger by a delivery's
// number. False: there is none, or the address was not made with the secret.
func ParseReturnPath(secret []byte, path, address string, find func(number int64) (newsletter.Delivery, bool, error)) (newsletter.Delivery, bool, error) {
	p, err := newReturnPath(path)
	if err != nil {
		return newsletter.Delivery{}, false, err
	}
	address = strings.ToLower(address)
	token, begins := strings.CutPrefix(address, strings.ToLower(p.before))
	token, ends := strings.CutSuffix(token, strings.ToLower(p.after))
	if !p.each || !begins || !ends || len(token) <= returnMAC {
		return newsletter.Delivery{}, false, nil
	}
	number, err := strconv.ParseInt(token[:len(token)-returnMAC], returnNumber, 64)
	if err != nil {
		return newsletter.Delivery{}, false, nil //nolint:nilerr // somebody else's address
	}
	d, found, err := find(number)
	if err != nil || !found || !hmac.Equal([]byte(token), []byte(returnToken(secret, d))) {
		return newsletter.Delivery{}, false, err
	}
	return d, true, nil
}
