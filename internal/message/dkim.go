package message

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

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
