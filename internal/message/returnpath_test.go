package message

import (
	"errors"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

const bounces = "Bounces+{token}-x@bücher.example"

// ledger finds one delivery.
func ledger(d newsletter.Delivery) func(int64) (newsletter.Delivery, bool, error) {
	return func(number int64) (newsletter.Delivery, bool, error) { return d, number == d.Number, nil }
}

func TestReturnPath(t *testing.T) {
	h, d := headers(), delivery()
	h.EnvelopeFrom = bounces
	for _, d.Number = range []int64{1, 42, 1_000_000, 1<<63 - 1} {
		if token := newKeyed(secret()).returnToken(&d); len(token) > newsletter.MaxReturnToken {
			t.Errorf("the token %s has %d bytes", token, len(token))
		}
		from := mustLetter(t, NewComposer(h, secret(), nil), d, "s", false).From
		if !newsletter.IsPlainAddress(from) || strings.IndexByte(from, '@') > maxLocal || !strings.HasSuffix(from, "-x@xn--bcher-kva.example") {
			t.Errorf("letters come from %s", from)
		}
		for _, spelled := range []string{from, strings.ToLower(from), strings.ToUpper(from)} {
			got, ok, err := ParseReturnPath(secret(), bounces, spelled, ledger(d))
			if err != nil || !ok || got.Number != d.Number {
				t.Errorf("%s is delivery %d, %t, %v", spelled, got.Number, ok, err)
			}
		}
	}
}

func of(p returnPath, d newsletter.Delivery) string { return p.of(newKeyed(secret()), &d) }

func TestForgedReturnPaths(t *testing.T) {
	h, d := headers(), delivery()
	h.EnvelopeFrom, d.Number = bounces, 42
	from := mustLetter(t, NewComposer(h, secret(), nil), d, "s", false).From
	for _, address := range []string{"", "@", strings.Replace(from, "-x@", "-y@", 1), "news@example.org", from + "\r\n"} {
		if _, ok, err := ParseReturnPath(secret(), bounces, address, ledger(d)); ok || err != nil {
			t.Errorf("%q is of that form (%v)", address, err)
		}
	}
	if _, ok, err := ParseReturnPath(secret(), "news@example.org", "news@example.org", ledger(d)); ok || err != nil {
		t.Errorf("a return path for all letters names one (%v)", err)
	}
	forged := func(secret []byte, address string, d newsletter.Delivery) {
		t.Helper()
		_, ok, err := ParseReturnPath(secret, bounces, address, ledger(d))
		if fault := new(newsletter.Fault); ok || !errors.As(err, &fault) || fault.Kind != newsletter.Misuse {
			t.Errorf("%q is forged: %v", address, err)
		}
	}
	for _, address := range []string{
		"bounces+-x@xn--bcher-kva.example", strings.Replace(from, "+", "+1", 1), strings.Replace(from, "-x@", "0-x@", 1), strings.Replace(from, "+16", "++16", 1),
	} {
		forged(secret(), address, d)
	}
	forged([]byte("another"), from, d)
	another := d
	another.Address.Identity = "eve@example.org"
	forged(secret(), from, another)
	another = d
	another.Mailing = "2026-W48"
	forged(secret(), from, another)

	lost := errors.New("lost")
	if _, _, err := ParseReturnPath(secret(), bounces, from, func(int64) (newsletter.Delivery, bool, error) {
		return d, false, lost
	}); !errors.Is(err, lost) {
		t.Errorf("the ledger's error becomes %v", err)
	}
}

func TestReturnPathsThatAreNone(t *testing.T) {
	for _, address := range []string{
		"bounces@{token}.example.org", "b+{token}+{token}@example.org", `"b {token}"@example.org`, "Bounces <b+{token}@example.org>",
		"b+{token}", "b {token}@example.org", "b+{token}@example.org\r\nx: y", strings.Repeat("b", 40) + "{token}@example.org",
	} {
		if p, err := newReturnPath(address); err == nil {
			t.Errorf("%s is taken for %+v", address, p)
		}
	}
	for address, want := range map[string]string{"b@example.org": "b@example.org", "B <b@bücher.example>": "b@xn--bcher-kva.example"} {
		if p, err := newReturnPath(address); err != nil || of(p, delivery()) != want {
			t.Errorf("%s gives %s (%v)", address, of(p, delivery()), err)
		}
	}
	if p, err := newReturnPath("{token}@example.org"); err != nil || !p.each {
		t.Errorf("a token alone: %v", err)
	}
}

func FuzzParseReturnPath(f *testing.F) {
	d := delivery()
	d.Number = 42
	p, err := newReturnPath(bounces)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(of(p, d))
	f.Add("bounces+0-x@xn--bcher-kva.example")
	f.Fuzz(func(t *testing.T, address string) {
		if _, ok, _ := ParseReturnPath(secret(), bounces, address, ledger(d)); ok && !strings.EqualFold(address, of(p, d)) {
			t.Errorf("%q passes", address)
		}
	})
}
