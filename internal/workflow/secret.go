package workflow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"broadsheet/internal/newsletter"
)

// secret is the key of Message-IDs, unsubscribe tokens and the aliases of
// forgotten readers. The database remembers which one: with any other, a reader
// who was forgotten would be mailed again, and no letter already sent be known.
func (d *Desk) secret(ctx context.Context) ([]byte, error) {
	holds, err := d.Store.Fingerprint(ctx)
	if err != nil {
		return nil, err
	}
	secret, err := d.Secret(holds == "")
	if err != nil {
		return nil, err
	}
	if holds == "" {
		if holds, err = d.Store.SetFingerprint(ctx, "", fingerprint(secret)); err != nil {
			return nil, err
		}
	}
	if holds != fingerprint(secret) {
		return nil, newsletter.Faultf(newsletter.Misuse, newsletter.LostSecretHint,
			"%s is not the secret that this database was used with", d.Publication.Unsubscribe.SecretFile)
	}
	return secret, nil
}

// fingerprint tells secrets apart and gives none away.
func fingerprint(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("fingerprint"))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// AcceptSecret makes the secret file's, or a new one, the database's in place of
// one that is lost, and counts the forgotten readers whom nothing recognizes any
// more.
func (d *Desk) AcceptSecret(ctx context.Context) (forgotten int, err error) {
	was, err := d.Store.Fingerprint(ctx)
	if err != nil {
		return 0, err
	}
	secret, err := d.Secret(true)
	if err != nil {
		return 0, err
	}
	if fingerprint(secret) == was {
		return 0, newsletter.Faultf(newsletter.Nothing, "there is nothing to accept", "%s is this database's secret already", d.Publication.Unsubscribe.SecretFile)
	}
	list, err := d.Store.Suppressions(ctx)
	if err != nil {
		return 0, err
	}
	for _, s := range list {
		if newsletter.IsForgotten(s.Identity) {
			forgotten++
		}
	}
	_, err = d.Store.SetFingerprint(ctx, was, fingerprint(secret))
	return forgotten, err
}
