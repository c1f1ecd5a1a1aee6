package message

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestToken(t *testing.T) {
	for _, identity := range []string{"zoe@example.org", "zoë+news@xn--bcher-kva.example", `"a b"@example.org`, ""} {
		token := Token(secret(), identity)
		if url.QueryEscape(token) != token {
			t.Errorf("%q is not URL-safe", token)
		}
		if got, ok := ParseToken(secret(), token); !ok || got != identity {
			t.Errorf("%q reads back as %q, %t", identity, got, ok)
		}
	}
}

func TestForgedTokens(t *testing.T) {
	token := Token(secret(), "zoe@example.org")
	first, second, _ := strings.Cut(token, ".")
	for name, forged := range map[string]string{
		"empty":            "",
		"no HMAC":          first,
		"empty HMAC":       first + ".",
		"dead":             first + "." + deadMAC,
		"other identity":   carried("eve@example.org") + "." + second,
		"other secret":     Token([]byte("another"), "zoe@example.org"),
		"longer":           token + "A",
		"with a line end":  first + "\n." + second,
		"another spelling": first[:len(first)-1] + "\n" + first[len(first)-1:] + "." + second,
		"not base64":       "?." + second,
	} {
		if identity, ok := ParseToken(secret(), forged); ok {
			t.Errorf("%s: %q passes for %q", name, forged, identity)
		}
	}
}

func TestMessageID(t *testing.T) {
	id := MessageID(secret(), "2026-W47", "zoe@example.org", "weekly.example.org")
	if !regexp.MustCompile(`^<2026-W47\.[a-z2-7]{20}@weekly\.example\.org>$`).MatchString(id) {
		t.Errorf("got %s", id)
	}
	if id != MessageID(secret(), "2026-W47", "zoe@example.org", "weekly.example.org") {
		t.Error("another try has another id")
	}
	for name, other := range map[string]string{
		"mailing":  MessageID(secret(), "2026-W48", "zoe@example.org", "weekly.example.org"),
		"identity": MessageID(secret(), "2026-W47", "zoe2@example.org", "weekly.example.org"),
		"secret":   MessageID([]byte("x"), "2026-W47", "zoe@example.org", "weekly.example.org"),
		"border":   MessageID(secret(), "2026-W47z", "oe@example.org", "weekly.example.org"),
	} {
		if strings.SplitAfter(other, ".")[1] == strings.SplitAfter(id, ".")[1] {
			t.Errorf("another %s has the same id", name)
		}
	}
	if got := MessageID(secret(), "a..b\r\n.", "x", "y"); !strings.HasPrefix(got, "<a--b---.") {
		t.Errorf("got %s", got)
	}
}

func TestWaysOut(t *testing.T) {
	const both = "<https://example.org/leave?token=T>,\r\n <mailto:u@example.org?subject=unsubscribe%20T>"
	for name, tc := range map[string]struct {
		unsubscribe  newsletter.Unsubscribe
		page, header string
	}{
		"both":     {newsletter.Unsubscribe{Mailto: "u@example.org", URL: "https://example.org/leave"}, "https://example.org/leave?token=T", both},
		"mail":     {newsletter.Unsubscribe{Mailto: "u@example.org"}, "mailto:u@example.org?subject=unsubscribe%20T", "<mailto:u@example.org?subject=unsubscribe%20T>"},
		"web":      {newsletter.Unsubscribe{URL: "https://example.org/leave"}, "https://example.org/leave?token=T", "<https://example.org/leave?token=T>"},
		"IDN":      {newsletter.Unsubscribe{URL: "https://Bücher.example:8443/leave"}, "https://xn--bcher-kva.example:8443/leave?token=T", "<https://xn--bcher-kva.example:8443/leave?token=T>"},
		"query":    {newsletter.Unsubscribe{URL: "https://example.org/?list=a&x=y#top"}, "https://example.org/?list=a&x=y&token=T#top", "<https://example.org/?list=a&x=y&token=T#top>"},
		"mailbox":  {newsletter.Unsubscribe{Mailto: "Leave <u@bücher.example>"}, "mailto:u@xn--bcher-kva.example?subject=unsubscribe%20T", "<mailto:u@xn--bcher-kva.example?subject=unsubscribe%20T>"},
		"specials": {newsletter.Unsubscribe{Mailto: "a&b=c?d+e@example.org"}, "mailto:a%26b%3Dc%3Fd+e@example.org?subject=unsubscribe%20T", "<mailto:a%26b%3Dc%3Fd+e@example.org?subject=unsubscribe%20T>"},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := newWayOut(tc.unsubscribe)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.page("T"); got != tc.page {
				t.Errorf("page: got %s, want %s", got, tc.page)
			}
			if got := string(w.appendHeader(nil, "T")); got != tc.header {
				t.Errorf("header: got %s, want %s", got, tc.header)
			}
		})
	}
}

func TestOneClickTest(t *testing.T) {
	address, form, err := OneClickTest(newsletter.Unsubscribe{URL: "https://example.org/leave?list=a"})
	if err != nil || form != "List-Unsubscribe=One-Click" {
		t.Errorf("posts %q (%v)", form, err)
	}
	token, begins := strings.CutPrefix(address, "https://example.org/leave?list=a&token=")
	if _, alive := ParseToken(secret(), token); alive || !begins || token == "" {
		t.Errorf("asks %s", address)
	}
	if _, _, err := OneClickTest(newsletter.Unsubscribe{Mailto: "u@example.org"}); err == nil {
		t.Error("a test of an address that is not there")
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add(Token(secret(), "zoe@example.org"))
	f.Add("." + deadMAC)
	f.Fuzz(func(t *testing.T, token string) {
		if identity, ok := ParseToken(secret(), token); ok && Token(secret(), identity) != token {
			t.Errorf("%q passes for %q", token, identity)
		}
	})
}
