package message

import (
	"crypto/ed25519"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

var update = flag.Bool("update", false, "rewrite the expected letters")

// Every try of a delivery has the same bytes, also by another release of the
// program: a letter that is on its way when the program is replaced must not
// change.
func TestGoldenLetters(t *testing.T) {
	signer := signerOf(t, "ed", pkcs8(t, ed25519.NewKeyFromSeed(secret())))
	plain, quoted := delivery(), delivery()
	plain.Name, quoted.Name, quoted.Address.Wire = "", `Doe, "Jo" O'Neill & Søns of a very long name that wants a line to itself`, `"jo doe"@example.org`
	for name, tc := range map[string]struct {
		delivery newsletter.Delivery
		change   func(*newsletter.Headers)
		signers  []Signer
	}{
		"usual":      {delivery(), func(*newsletter.Headers) {}, nil},
		"signed":     {delivery(), func(h *newsletter.Headers) { h.Unsubscribe.OneClick = true }, []Signer{signer, signer}},
		"correction": {plain, func(h *newsletter.Headers) { h.Corrects = "2026-W46" }, []Signer{signer}},
		"by-mail":    {quoted, func(h *newsletter.Headers) { h.Unsubscribe.URL, h.EnvelopeFrom = "", bounces }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := headers()
			tc.change(&h)
			letter := mustLetter(t, NewComposer(h, secret(), tc.signers), tc.delivery, "Züge & „Straßen“", false)
			got := append([]byte(letter.From+"\r\n"+letter.To+"\r\n\r\n"), letter.Bytes()...)
			path := filepath.Join("testdata", name+".eml")
			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the letter (-want +got):\n%s", diff)
			}
		})
	}
}

// Letters are made in room that is used again, and kept while others are made.
func TestLettersKeepTheirBytes(t *testing.T) {
	form, err := NewComposer(headers(), secret(), []Signer{ed25519Signer(t)}).Form("2026-W47", "s", htmlPage(), textPage(), false)
	if err != nil {
		t.Fatal(err)
	}
	var letters []newsletter.Letter
	var want []string
	for i, name := range []string{"Zoë", "Jo", "", "A name of many words, for which the room of a letter is too small: " + string(make([]byte, 2000))} {
		d := delivery()
		d.Name, d.Date = name, d.Date.In(time.FixedZone("", i*3600))
		letter, err := form.Letter(d)
		if err != nil {
			t.Fatal(err)
		}
		if got := parse(t, letter.Bytes()).Header.Get("Date"); got != d.Date.Format(time.RFC1123Z) {
			t.Errorf("letter %d is dated %s, not %s", i, got, d.Date)
		}
		letters, want = append(letters, letter), append(want, string(letter.Bytes()))
	}
	for i, letter := range letters {
		if string(letter.Bytes()) != want[i] {
			t.Errorf("letter %d has changed:\n%s", i, cmp.Diff(want[i], string(letter.Bytes())))
		}
	}
}
