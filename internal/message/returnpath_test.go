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

func TestForgedReturnPaths(t *testing.T) {
	h, d := headers(), delivery()
	h.EnvelopeFrom, d.Number = bounces, 42
	from := mustLetter(t, NewComposer(h, secret(), nil), d, "s", false).From
	parse := func(secret []byte, path, address string, d newsletter.Delivery) {
		t.Helper()
		if _, ok, err := ParseReturnPath(secret, path, address, ledger(d)); ok || err != nil {
			t.Errorf("%s passes (%v)", address, err)
		}
	}
	for _, address := range []string{
		"", "@", "bounces+-x@xn--bcher-kva.example", strings.Replace(from, "+", "+1", 1), strings.Replace(from, "-x@", "0-x@", 1),
		strings.Replace(from, "-x@", "-y@", 1), "news@example.org", strings.Replace(from, "+16", "++16", 1), from + "\r\n",
	} {
		parse(secret(), bounces, address, d)
	}
	parse([]byte("another"), bounces, from, d)
	parse(secret(), "news@example.org", "news@example.org", d)
	another := d
	another.Address.Identity = "eve@example.org"
	parse(secret(), bounces, from, another)
	another = d
	another.Mailing = "2026-W48"
	parse(secret(), bounces, from, another)

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
		if p, err := newReturnPath(address); err != nil || p.of(secret(), delivery()) != want {
			t.Errorf("%s gives %s (%v)", address, p.of(secret(), delivery()), err)
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
	f.Add(p.of(secret(), d))
	f.Add("bounces+0-x@xn--bcher-kva.example")
	f.Fuzz(func(t *testing.T, address string) {
		_, ok, err := ParseReturnPath(secret(), bounces, address, ledger(d))
		if err != nil || ok && !strings.EqualFold(address, p.of(secret(), d)) {
			t.Errorf("%q passes (%v)", address, err)
		}
	})
}
