package message

import (
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func FuzzLetter(f *testing.F) {
	f.Add("Subject", "Name", "zoe@example.org", "2026-W47", "page", "text")
	f.Add("a\r\nBcc: x", "\"<>,", `"a b"@example.org`, "..", "\r.\r\n", "\xff\n.")
	f.Add("=?utf-8?q?=0A?=", "=?", "ü@example.org", "", "", "--part-")
	f.Add("s", "\"\xdb", "0@0", "", "", "")
	f.Add("s", "=?utf-8?q?x?= <eve@example.net>", "zoe@example.org", "", "", "")
	plain := 0
	f.Fuzz(func(t *testing.T, subject, name, wire, mailing, html, text string) {
		c := NewComposer(headers(), secret(), nil)
		if plain == 0 {
			plain = headerCount(t, mustLetter(t, c, delivery(), "s", false).Bytes())
		}
		d := delivery()
		d.Name, d.Mailing, d.Address.Wire = name, mailing, wire
		letter, err := c.Letter(d, subject, newsletter.Fragment{Bytes: []byte(html)}, newsletter.Fragment{Bytes: []byte(text)}, false)
		if err != nil {
			return
		}
		if err := wellFormed(letter.Bytes(), ascii(letter.To)); err != nil {
			t.Error(err)
		}
		if n := headerCount(t, letter.Bytes()); n != plain {
			t.Errorf("%d header fields instead of %d:\n%s", n, plain, letter.Bytes())
		}
		if to, err := parse(t, letter.Bytes()).Header.AddressList("To"); ascii(letter.To) &&
			(err != nil || len(to) != 1 || to[0].Name != displayName(name) || wireOf(*to[0]) != letter.To) {
			t.Errorf("%q at %q reads back as %v (%v)", name, letter.To, to, err)
		}
		got := parts(t, letter.Bytes())
		lines := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")
		if len(got) != 2 || got[0].Body != lines.Replace(text) || got[1].Body != lines.Replace(html) {
			t.Errorf("parts read back as %q", got)
		}
	})
}

// wireOf is an address as the envelope has it.
func wireOf(a netmail.Address) string { return wire(&a) }

// FuzzHeaders: whatever an editor configures, it is refused or adds no field and
// no address.
func FuzzHeaders(f *testing.F) {
	const lure = "x\r\nBcc: eve@example.net"
	f.Add("The Weekly <news@example.org>", "desk@example.org", "b+{token}@example.org", "The Weekly", "weekly.example.org", "https://example.org/archive", "https://example.org/leave", "u@example.org")
	f.Add(lure, lure, lure, lure, lure, "https://"+lure, "https://"+lure, lure)
	f.Add("\"x\\\"\" <news@bücher.example>", "=?utf-8?q?a?= <a@b.example>", "{token}@b.example", "=?utf-8?q?=0A?=", "x.y", "https://bücher.example", "https://a.example/?a=>,<b", "a?b&c@d.example")
	f.Fuzz(func(t *testing.T, from, reply, path, list, id, archive, leave, mailto string) {
		h := newsletter.Headers{
			From: from, ReplyTo: reply, EnvelopeFrom: path, ListName: list, ListID: id, MessageDomain: id, Archive: archive,
			Unsubscribe: newsletter.Unsubscribe{URL: leave, Mailto: mailto, OneClick: strings.HasPrefix(leave, "https:")},
		}
		letter, err := NewComposer(h, secret(), nil).Letter(delivery(), "s", htmlPage(), textPage(), false)
		if err != nil {
			return
		}
		if err := wellFormed(letter.Bytes(), true); err != nil {
			t.Error(err)
		}
		want := 12 // that every letter has, List-Unsubscribe among them
		for _, there := range []bool{reply != "", archive != "", h.Unsubscribe.OneClick} {
			if there {
				want++
			}
		}
		m := parse(t, letter.Bytes())
		if n := headerCount(t, letter.Bytes()); n != want {
			t.Errorf("%d fields instead of %d:\n%s", n, want, letter.Bytes())
		}
		for _, name := range []string{"From", "To"} {
			if a, err := m.Header.AddressList(name); err != nil || len(a) != 1 {
				t.Errorf("%s is %q (%v)", name, m.Header.Get(name), err)
			}
		}
		if out := m.Header.Get("List-Unsubscribe"); strings.Count(out, "<") > 2 || strings.Count(out, ">") != strings.Count(out, "<") {
			t.Errorf("List-Unsubscribe is %s", out)
		}
	})
}

func FuzzQuotedValue(f *testing.F) {
	f.Add("Zoë Müller")
	f.Add(strings.Repeat(".", 200))
	f.Add(" . =  " + strings.Repeat("a", 70) + ".b ")
	f.Add("\r." + strings.Repeat("a", 73)) // as long as a line may be, but for a soft break
	f.Add("a\ré\nb")                       // an LF that is no half of a CRLF
	f.Fuzz(func(t *testing.T, value string) {
		out := appendQuoted(nil, value)
		if len(value) > 0 && !strings.HasSuffix(string(out), "\n") {
			t.Errorf("%q ends within a line", out)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\r\n"), "\r\n") {
			if len(line) > maxEncoded || strings.HasPrefix(line, ".") || strings.HasSuffix(line, " ") {
				t.Errorf("the line %q", line)
			}
		}
		back, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(string(out))))
		if want := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(value); err != nil || string(back) != want {
			t.Errorf("%q reads back as %q (%v)", value, back, err)
		}
	})
}

// page25K is a page of 25 KB, four fifths of it HTML, with a slot for the way
// out.
func page25K() (html, text newsletter.Fragment) {
	row := `<tr><td style="padding:8px 0;font:16px/1.5 Georgia,serif">Straßenbau: the council met on Tuesday and decided.</td></tr>` + "\n"
	html, text = htmlPage(), textPage()
	html.Bytes = append(html.Bytes, strings.Repeat(row, 20000/len(row))...)
	text.Bytes = append(text.Bytes, strings.Repeat("The council met on Tuesday and decided.\n", 5000/40)...)
	return html, text
}

func BenchmarkLetter(b *testing.B) {
	html, text := page25K()
	for name, signers := range map[string][]Signer{"unsigned": nil, "ed25519": {ed25519Signer(b)}, "rsa2048": {rsaSigner(b)}} {
		b.Run(name, func(b *testing.B) {
			form, err := NewComposer(headers(), secret(), signers).Form("2026-W47", "The week in Europe", html, text, false)
			if err != nil {
				b.Fatal(err)
			}
			d := delivery()
			b.ReportAllocs()
			for b.Loop() {
				letter, err := form.Letter(d)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(letter.Size()))
			}
		})
	}
}

func BenchmarkForm(b *testing.B) {
	html, text := page25K()
	c := NewComposer(headers(), secret(), []Signer{ed25519Signer(b)})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Form("2026-W47", "The week in Europe", html, text, false); err != nil {
			b.Fatal(err)
		}
	}
}
