package workflow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"broadsheet/internal/newsletter"
)

// suppressions are the addresses that must never be mailed. That of a reader who
// was forgotten is known by its alias only.
type suppressions struct {
	reasons map[string]string // by identity or alias
	secret  []byte            // nil: nobody was forgotten
}

// alias stands for a forgotten reader: HMAC-SHA-256 (RFC 2104) of the identity
// with the publication's secret. Nobody without the secret can try addresses out
// on it.
func alias(secret []byte, identity string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(newsletter.ForgottenPrefix + identity))
	return newsletter.ForgottenPrefix + hex.EncodeToString(mac.Sum(nil))
}

func (d *Desk) suppressed(ctx context.Context) (*suppressions, error) {
	list, err := d.Store.Suppressions(ctx)
	if err != nil {
		return nil, err
	}
	set := &suppressions{reasons: make(map[string]string, len(list))}
	for _, s := range list {
		set.reasons[s.Identity] = s.Reason
		if set.secret == nil && newsletter.IsForgotten(s.Identity) {
			if set.secret, err = d.secret(ctx); err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

// has tells whether an address is suppressed.
func (s *suppressions) has(identity string) bool {
	_, found := s.reason(identity)
	return found
}

// reason is why an address is suppressed; false: it is not.
func (s *suppressions) reason(identity string) (why string, found bool) {
	if why, found = s.reasons[identity]; !found && s.secret != nil {
		why, found = s.reasons[alias(s.secret, identity)]
	}
	return why, found
}

// known is an address as the ledger may keep it: that of a forgotten reader,
// whom a file still names, is only an alias.
func (s *suppressions) known(a newsletter.Address) newsletter.Address {
	if s.secret == nil {
		return a
	}
	stands := alias(s.secret, a.Identity)
	if _, forgotten := s.reasons[stands]; !forgotten {
		return a
	}
	return newsletter.Address{Spelled: newsletter.ForgottenSpelling, Identity: stands}
}

// identities are the names under which the store may know an address.
func (d *Desk) identities(ctx context.Context, who newsletter.Address) ([]string, error) {
	secret, err := d.secret(ctx)
	return []string{who.Identity, alias(secret, who.Identity)}, err
}

// Suppress keeps addresses from ever being mailed and counts those that were
// not suppressed before.
func (d *Desk) Suppress(ctx context.Context, list []newsletter.Suppression) (added int, err error) {
	set, err := d.suppressed(ctx)
	if err != nil {
		return 0, err
	}
	var unknown []newsletter.Suppression
	for _, s := range list {
		if !set.has(s.Identity) { // a forgotten address is not written down again
			unknown = append(unknown, s)
		}
	}
	return d.Store.Suppress(ctx, unknown, d.Clock.Now())
}

// Unsuppress lets an address be mailed again and tells whether it was not.
func (d *Desk) Unsuppress(ctx context.Context, who newsletter.Address) (was bool, err error) {
	names, err := d.identities(ctx, who)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		found, err := d.Store.Unsuppress(ctx, name, d.Clock.Now())
		if err != nil {
			return was, err
		}
		was = was || found
	}
	return was, nil
}
