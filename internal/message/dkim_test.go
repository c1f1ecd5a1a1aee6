package message

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"broadsheet/internal/newsletter"
)

func key(selector string) newsletter.DKIM {
	return newsletter.DKIM{Selector: selector, Domain: "example.org", KeyFile: selector + ".pem"}
}

func pkcs8(t testing.TB, k crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func signerOf(t testing.TB, selector string, data []byte) Signer {
	t.Helper()
	s, err := ParseSigner(key(selector), data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func rsaSigner(t testing.TB) Signer {
	t.Helper()
	return signerOf(t, "rsa", pkcs8(t, rsaKey(t)))
}

func ed25519Signer(t testing.TB) Signer {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signerOf(t, "ed", pkcs8(t, k))
}

func verify(t *testing.T, message []byte, signers []Signer) []*dkim.Verification {
	t.Helper()
	lookup := func(name string) ([]string, error) {
		for _, s := range signers {
			at, text, err := s.Record()
			if err != nil {
				t.Fatal(err)
			}
			if name == at {
				return []string{text}, nil
			}
		}
		return nil, fmt.Errorf("no record %s", name)
	}
	list, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: lookup})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// go-mail's own signer breaks once the list of signed headers is this long.
func TestSignaturesVerify(t *testing.T) {
	rsa1 := rsaKey(t)
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsa1)})
	signers := []Signer{signerOf(t, "one", pkcs1), signerOf(t, "eight", pkcs8(t, rsa1)), ed25519Signer(t)}
	h := headers()
	h.Archive, h.Unsubscribe.OneClick = "https://example.org/archive/", true
	letter := mustLetter(t, NewComposer(h, secret(), signers), delivery(), "Züge", false)
	if err := wellFormed(letter.Bytes(), true); err != nil {
		t.Error(err)
	}
	list := verify(t, letter.Bytes(), signers)
	if len(list) != len(signers) {
		t.Fatalf("%d signatures", len(list))
	}
	for _, v := range list {
		if v.Err != nil {
			t.Errorf("signature does not verify: %v\n%s", v.Err, letter.Bytes())
		}
		const want = "From:From:Reply-To:Reply-To:To:To:Cc:Subject:Subject:Date:Date:Message-ID:Message-ID:MIME-Version:MIME-Version:" +
			"Content-Type:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post:List-Unsubscribe-Post:" +
			"List-Id:List-Post:List-Archive:Feedback-ID:Auto-Submitted"
		if got := strings.Join(v.HeaderKeys, ":"); got != want {
			t.Errorf("signed headers are %s", got)
		}
	}
	for line := range strings.Lines(string(letter.Bytes())) {
		if header, _, _ := strings.Cut(line, " "); len(line) > 78+2 && header != "List-Unsubscribe:" && !strings.HasPrefix(line, " <mailto:") {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
	for name, change := range map[string][2]string{
		"subject": {"\nSubject: ", "\nSubject: x"},
		"way out": {"leave?token=", "stay?token="},
		"body":    {"Dear", "Deer"},
	} {
		forged := bytes.Replace(letter.Bytes(), []byte(change[0]), []byte(change[1]), 1)
		for _, v := range verify(t, forged, signers) {
			if v.Err == nil {
				t.Errorf("a changed %s still verifies", name)
			}
		}
	}
}

func TestNobodyAddsAField(t *testing.T) {
	signers := []Signer{ed25519Signer(t)}
	h := headers()
	h.ReplyTo = ""
	letter := mustLetter(t, NewComposer(h, secret(), signers), delivery(), "s", false).Bytes()
	for _, name := range []string{"From", "To", "Cc", "Subject", "Date", "Reply-To", "Content-Type", "List-Unsubscribe", "List-Unsubscribe-Post"} {
		before := verify(t, append([]byte(name+": eve\r\n"), letter...), signers)
		after := verify(t, bytes.Replace(letter, []byte("\r\n\r\n"), []byte("\r\n"+name+": eve\r\n\r\n"), 1), signers)
		if before[0].Err == nil || after[0].Err == nil {
			t.Errorf("another %s still verifies", name)
		}
	}
	for _, name := range []string{"Received", "X-Spam-Status", "List-Archive"} { // what servers on the way add
		if v := verify(t, append([]byte(name+": x\r\n"), letter...), signers); v[0].Err != nil {
			t.Errorf("%s breaks the signature: %v", name, v[0].Err)
		}
	}
}

func TestUnusableKeys(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(curve.Public())
	if err != nil {
		t.Fatal(err)
	}
	good := pkcs8(t, rsaKey(t))
	for name, tc := range map[string]struct {
		key  newsletter.DKIM
		data []byte
		want string
	}{
		"empty":        {key("s1"), nil, "not a PEM file"},
		"garbage":      {key("s1"), []byte("garbage"), "not a PEM file"},
		"public":       {key("s1"), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), "PUBLIC KEY"},
		"encrypted":    {key("s1"), pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY"}), "ENCRYPTED"},
		"broken":       {key("s1"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), "asn1"},
		"broken PKCS1": {key("s1"), pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("x")}), "asn1"},
		"curve":        {key("s1"), pkcs8(t, curve), "neither RSA nor Ed25519"},
		"no selector":  {newsletter.DKIM{Domain: "example.org", KeyFile: "s1.pem"}, good, "selector"},
		"bad domain":   {newsletter.DKIM{Selector: "s1", Domain: "a; b", KeyFile: "s1.pem"}, good, "domain"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseSigner(tc.key, tc.data)
			var fault *newsletter.Fault
			var problem *newsletter.Problem
			if !errors.As(err, &fault) || !errors.As(err, &problem) {
				t.Fatalf("got %v", err)
			}
			if problem.File != "s1.pem" || fault.Hint == "" || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, hint %q", err, fault.Hint)
			}
		})
	}
}
