package audience

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestParseAddress(t *testing.T) {
	for name, tc := range map[string]struct {
		in   string
		want newsletter.Address
	}{
		"plain":            {"anna@example.org", newsletter.Address{Spelled: "anna@example.org", Identity: "anna@example.org", Wire: "anna@example.org"}},
		"letter case":      {" Anna.Berg@Example.ORG\t", newsletter.Address{Spelled: "Anna.Berg@Example.ORG", Identity: "anna.berg@example.org", Wire: "Anna.Berg@example.org"}},
		"dots and tags":    {"a.b+News@example.org", newsletter.Address{Spelled: "a.b+News@example.org", Identity: "a.b+news@example.org", Wire: "a.b+News@example.org"}},
		"umlaut domain":    {"anna@Bücher.example", newsletter.Address{Spelled: "anna@Bücher.example", Identity: "anna@xn--bcher-kva.example", Wire: "anna@xn--bcher-kva.example"}},
		"eszett domain":    {"anna@straße.example", newsletter.Address{Spelled: "anna@straße.example", Identity: "anna@xn--strae-oqa.example", Wire: "anna@xn--strae-oqa.example"}},
		"A-label domain":   {"anna@XN--bcher-kva.example", newsletter.Address{Spelled: "anna@XN--bcher-kva.example", Identity: "anna@xn--bcher-kva.example", Wire: "anna@xn--bcher-kva.example"}},
		"other script":     {"ЮЛІЯ@example.org", newsletter.Address{Spelled: "ЮЛІЯ@example.org", Identity: "юлія@example.org", Wire: "ЮЛІЯ@example.org"}},
		"composed letters": {"rene\u0301@example.org", newsletter.Address{Spelled: "rene\u0301@example.org", Identity: "ren\u00e9@example.org", Wire: "rene\u0301@example.org"}},
		"pasted":           {"\u200b\ufeffanna@example.org\u00a0", newsletter.Address{Spelled: "anna@example.org", Identity: "anna@example.org", Wire: "anna@example.org"}},
		"apostrophe":       {"o'neil@example.org", newsletter.Address{Spelled: "o'neil@example.org", Identity: "o'neil@example.org", Wire: "o'neil@example.org"}},
		"64 bytes":         {strings.Repeat("x", 64) + "@example.org", newsletter.Address{Spelled: strings.Repeat("x", 64) + "@example.org", Identity: strings.Repeat("x", 64) + "@example.org", Wire: strings.Repeat("x", 64) + "@example.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseAddress(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "no address",
		" \t":                              "no address",
		"anna":                             "no @",
		"anna@b@example.org":               "more than one @",
		"anna berg@example.org":            "space inside",
		"a@example.org b@example.org":      "space inside",
		"anna\u00a0b@example.org":          "space inside",
		"anna@exa\u200bmple.org":           "invisible character inside",
		"anna@example.org\r\nBcc: b@x.org": "control character inside",
		"anna@example.org\nb":              "control character inside",
		"an\x00na@example.org":             "control character inside",
		"Anna <anna@example.org>":          "angle brackets",
		"<anna@example.org>":               "angle brackets",
		"@example.org":                     "nothing before the @",
		"anna@":                            "nothing after the @",
		".anna@example.org":                "a dot at the start",
		"anna.@example.org":                "right before the @",
		"anna..b@example.org":              "two dots in a row",
		"anna@example":                     "domain has no dot",
		"anna@example..org":                "a dot too many in the domain",
		"anna@example.org.":                "a dot too many in the domain",
		"anna@.example.org":                "a dot too many in the domain",
		"anna@exa_mple.org":                "cannot exist",
		"anna@-example.org":                "cannot exist",
		"anna@xn--a.org":                   "cannot exist",
		"anna@" + strings.Repeat("x", 64):  "cannot exist",
		"anna@192.168.0.1":                 "domain ends in a number",
		"anna@[192.168.0.1]":               "a number in brackets",
		"a,b@example.org":                  `',' is not allowed before the @`,
		`"anna"@example.org`:               `'"' is not allowed before the @`,
		"mailto:anna@example.org":          `':' is not allowed before the @`,
		"ann\xe4@example.org":              "unknown encoding",
		"ann\ufffd@example.org":            "unknown encoding",
		strings.Repeat("x", 65) + "@x.org": "more than 64 bytes before the @",
		"xxxxxxxxxx@" + strings.Repeat("abcdef.", 35) + "org": "longer than 254 bytes",
	} {
		if got, err := ParseAddress(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseAddress(%q) = %+v, %v; want %q", in, got, err, want)
		}
	}
}

func TestFoldIsStable(t *testing.T) {
	for r := rune(0); r <= 0x1ffff; r++ {
		if r == 0xd800 {
			r = 0xe000 // surrogates are no characters
		}
		if once := fold("a" + string(r)); fold(once) != once {
			t.Errorf("%U folds to %q and then to %q", r, once, fold(once))
		}
	}
	for _, same := range [][2]string{{"Ꭰ", "ꭰ"}, {"STRASSE", "straße"}, {"Σ", "ς"}, {"Å", "a\u030a"}} {
		if fold(same[0]) != fold(same[1]) {
			t.Errorf("%q and %q fold to %q and %q", same[0], same[1], fold(same[0]), fold(same[1]))
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"anna@example.org", "Anna@Bücher.example", "ЮЛІЯ@example.org", "a@b@c.d", "a\r\n@example.org", "ß@straße.example", "ΐ@example.org", "a@ex。ample.org"} {
		f.Add(seed)
	}
	for _, seed := range []string{"a@ab--c.org", "a@a-.org", "a@1.2", "a@x--y.1a", "A.b@0.org", "a@org", "a@xn--bcher-kva.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		a, err := ParseAddress(in)
		if slow, slowErr := parseAddress(in); slow != a || (err == nil) != (slowErr == nil) {
			t.Fatalf("%q is %+v, %v at one look and %+v, %v at a second", in, a, err, slow, slowErr)
		}
		if err != nil {
			return
		}
		for _, form := range []string{a.Spelled, a.Identity, a.Wire} {
			if strings.ContainsAny(form, "\r\n\x00 <>,;\"") || strings.Count(form, "@") != 1 {
				t.Fatalf("%q gives %q", in, form)
			}
		}
		if len(a.Wire) > maxAddress || !strings.Contains(a.Wire, ".") {
			t.Fatalf("%q gives %q", in, a.Wire)
		}
		again, err := ParseAddress(a.Wire)
		if err != nil || again.Wire != a.Wire || again.Identity != a.Identity {
			t.Fatalf("%q is %+v, its wire form is %+v, %v", in, a, again, err)
		}
		spelled, err := ParseAddress(a.Spelled)
		if err != nil || spelled != a {
			t.Fatalf("%q is %+v, its own spelling is %+v, %v", in, a, spelled, err)
		}
		if id, err := ParseAddress(a.Identity); err == nil && id.Identity != a.Identity {
			t.Fatalf("the identity %q of %q has the identity %q", a.Identity, in, id.Identity)
		}
	})
}
