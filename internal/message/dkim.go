package message

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/idna"

	"broadsheet/internal/newsletter"
)

// minRSABits is the least that a signer may use (RFC 8301, section 3.2).
const minRSABits = 1024

// A Signer is one DKIM key, ready to sign.
type Signer struct{ options dkim.SignOptions }

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
	signer := Signer{dkim.SignOptions{
		Domain:                 domain,
		Selector:               k.Selector,
		Signer:                 key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization:   dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{
			"From", "Reply-To", "To", "Subject", "Date", "Message-ID",
			"MIME-Version", "Content-Type", "List-Id", "List-Unsubscribe",
		},
	}}
	// A first signature shows now what would otherwise stop the mailing.
	_, err = signer.signature([]byte("From: a@example.org\r\n\r\n"))
	return signer, err
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

// sign puts one signature of the message for each signer before it.
func sign(message []byte, signers []Signer) ([]byte, error) {
	if len(signers) == 0 {
		return message, nil
	}
	var out bytes.Buffer
	out.Grow(len(message) + 1024*len(signers))
	for _, s := range signers {
		field, err := s.signature(message)
		if err != nil {
			return nil, fmt.Errorf("sign for %s with selector %s: %w", s.options.Domain, s.options.Selector, err)
		}
		out.WriteString(field)
	}
	out.Write(message)
	return out.Bytes(), nil
}

// signature is the DKIM-Signature field of a message, with its CRLF. The
// library takes the time t= from the clock.
func (s Signer) signature(message []byte) (string, error) {
	options := s.options
	w, err := dkim.NewSigner(&options)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(w, bytes.NewReader(message))
	if err = errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	return w.Signature(), nil
}
