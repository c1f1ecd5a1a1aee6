package message

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
)

// Record is what the DNS must say of the key: a TXT record's name and text (RFC
// 6376, section 3.6.1; RFC 8463, section 4).
func (s Signer) Record() (name, text string, err error) {
	kind := "rsa"
	var public []byte
	if key, ok := s.key.Public().(ed25519.PublicKey); ok {
		kind, public = "ed25519", key
	} else {
		public, err = x509.MarshalPKIXPublicKey(s.key.Public())
	}
	if err != nil {
		return "", "", err
	}
	return s.selector + "._domainkey." + s.domain, "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(public), nil
}
