package message

import (
	"errors"
	"mime"
	"net/textproto"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wneessen/go-mail"

	"broadsheet/internal/newsletter"
)

func TestLetter(t *testing.T) {
	d := delivery()
	letter := mustLetter(t, NewComposer(headers(), secret(), nil), d, "Züge und „Straßen“", false)
	if letter.From != "bounces@example.org" || letter.To != d.Address.Wire {
		t.Errorf("envelope is %s, %s", letter.From, letter.To)
	}
	if err := wellFormed(letter.Bytes(), true); err != nil {
		t.Error(err)
	}

	m := parse(t, letter.Bytes())
	token := Token(secret(), d.Address.Identity)
	got := map[string][]string(m.Header)
	delete(got, "Content-Type")
	want := map[string][]string{
		"From":             {`"The Weekly" <news@example.org>`},
		"Reply-To":         {"<desk@example.org>"},
		"To":               {"=?utf-8?q?Zo=C3=AB_M=C3=BCller?= <zoe@xn--bcher-kva.example>"},
		"Subject":          {mime.QEncoding.Encode("UTF-8", "Züge und „Straßen“")},
		"Date":             {"Fri, 20 Nov 2026 07:00:00 +0100"},
		"Message-Id":       {MessageID(secret(), d.Mailing, d.Address.Identity, "weekly.example.org")},
		"Mime-Version":     {"1.0"},
		"List-Id":          {`"The Weekly Broadsheet" <weekly.example.org>`},
		"List-Unsubscribe": {"<https://example.org/leave?token=" + token + ">, <mailto:unsubscribe@example.org?subject=unsubscribe%20" + token + ">"},
		"List-Post":        {"NO"},
		"Feedback-Id":      {"2026-W47:weekly.example.org:newsletter:u7tggha5ua"},
		"Auto-Submitted":   {"auto-generated"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}

	link := "https://example.org/leave?token=" + token
	wantParts := []part{
		{"text/plain UTF-8", "Dear Zoë Müller,\r\n\r\nLeave: " + link + "\r\n"},
		{"text/html UTF-8", "<p>Dear Zoë Müller,\r\n.\r\n<a href=\"" + link + "\">leave</a> (Zoë@Bücher.example)</p>\r\n"},
	}
	if diff := cmp.Diff(wantParts, parts(t, letter.Bytes())); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestHeadersThatWantMore(t *testing.T) {
	h := headers()
	h.Archive, h.Unsubscribe.OneClick = "https://bücher.example/archive/", true
	m := parse(t, mustLetter(t, NewComposer(h, secret(), nil), delivery(), "s", false).Bytes())
	for name, want := range map[string]string{
		"List-Archive":          "<https://xn--bcher-kva.example/archive/>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := m.Header[textproto.CanonicalMIMEHeaderKey(name)]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestEveryTryHasTheSameBytes(t *testing.T) {
	c := NewComposer(headers(), secret(), nil)
	first := string(mustLetter(t, c, delivery(), "s", false).Bytes())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if letter, err := c.Letter(delivery(), "s", htmlPage(), textPage(), false); err != nil || string(letter.Bytes()) != first {
				t.Errorf("another try differs (%v):\n%s", err, letter.Bytes())
			}
		})
	}
	wg.Wait()
}

func TestATestLetterIsNoDouble(t *testing.T) {
	c, d := NewComposer(headers(), secret(), nil), delivery()
	real := parse(t, mustLetter(t, c, d, "s", false).Bytes())
	test := parse(t, mustLetter(t, c, d, "s", true).Bytes())
	d.Date = d.Date.Add(time.Minute)
	later := parse(t, mustLetter(t, c, d, "s", true).Bytes())
	ids := map[string]bool{}
	for _, m := range []string{real.Header.Get("Message-Id"), test.Header.Get("Message-Id"), later.Header.Get("Message-Id")} {
		ids[m] = true
	}
	if len(ids) != 3 {
		t.Errorf("message ids repeat: %v", ids)
	}
	_, token, _ := strings.Cut(test.Header.Get("List-Unsubscribe"), "token=")
	token, _, _ = strings.Cut(token, ">")
	if _, ok := ParseToken(secret(), token); ok || token == "" {
		t.Errorf("the test letter's token %q is alive", token)
	}
}

// headerCount counts fields as they are written, one line of a field each.
func headerCount(t *testing.T, message []byte) int {
	t.Helper()
	n := 0
	for _, values := range parse(t, message).Header {
		n += len(values)
	}
	return n
}

func TestHostileValuesAddNoHeader(t *testing.T) {
	const lure = "x\r\nBcc: victim@example.net\r\n\r\nbody"
	c := NewComposer(headers(), secret(), nil)
	plain := headerCount(t, mustLetter(t, c, delivery(), "s", false).Bytes())
	cases := map[string]func(*newsletter.Delivery, *string){
		"subject":         func(_ *newsletter.Delivery, s *string) { *s = lure },
		"encoded subject": func(_ *newsletter.Delivery, s *string) { *s = "=?utf-8?q?x=0D=0ABcc:_victim?=" },
		"bare CR":         func(_ *newsletter.Delivery, s *string) { *s = "x\rBcc: y" },
		"line separator":  func(_ *newsletter.Delivery, s *string) { *s = "x\u2028Bcc: y\u0085Bcc: z" },
		"not UTF-8":       func(_ *newsletter.Delivery, s *string) { *s = "x\xff\xfe\r\nBcc: y" },
		"spaces": func(_ *newsletter.Delivery, s *string) {
			*s = "a  " + strings.Repeat("b", 80) + "   " + strings.Repeat("c", 80)
		},
		"long word":        func(_ *newsletter.Delivery, s *string) { *s = strings.Repeat("x", 5000) },
		"long words":       func(_ *newsletter.Delivery, s *string) { *s = strings.Repeat("ü", 5000) },
		"empty subject":    func(_ *newsletter.Delivery, s *string) { *s = "" },
		"name":             func(d *newsletter.Delivery, _ *string) { d.Name = lure },
		"name with quotes": func(d *newsletter.Delivery, _ *string) { d.Name = `" <victim@example.net>, "` },
		"long name":        func(d *newsletter.Delivery, _ *string) { d.Name = strings.Repeat("nü  ", 4000) },
		"one-word name":    func(d *newsletter.Delivery, _ *string) { d.Name = strings.Repeat("n", 4000) },
		"mailing":          func(d *newsletter.Delivery, _ *string) { d.Mailing = lure + ">@" },
		"identity":         func(d *newsletter.Delivery, _ *string) { d.Address.Identity = lure },
		"spelling":         func(d *newsletter.Delivery, _ *string) { d.Address.Spelled = lure },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			d, subject := delivery(), "s"
			change(&d, &subject)
			letter := mustLetter(t, c, d, subject, false)
			if n := headerCount(t, letter.Bytes()); n != plain {
				t.Errorf("%d header fields instead of %d:\n%s", n, plain, letter.Bytes())
			}
			if err := wellFormed(letter.Bytes(), true); err != nil {
				t.Error(err)
			}
			if to, err := parse(t, letter.Bytes()).Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != d.Address.Wire {
				t.Errorf("To is %v (%v)", to, err)
			}
			if n := len(parts(t, letter.Bytes())); n != 2 {
				t.Errorf("%d parts", n)
			}
		})
	}
}

func TestSubjectReadsBack(t *testing.T) {
	c := NewComposer(headers(), secret(), nil)
	for name, tc := range map[string]struct{ subject, want string }{
		"plain":            {"News of the week", "News of the week"},
		"long":             {strings.Repeat("News of the week. ", 20) + "end", strings.Repeat("News of the week. ", 20) + "end"},
		"umlauts":          {strings.Repeat("Grüße aus Köln ", 20) + "!", strings.Repeat("Grüße aus Köln ", 20) + "!"},
		"emoji":            {"🗞️ Broadsheet", "🗞️ Broadsheet"},
		"looks encoded":    {"What does =?utf-8?q?this?= mean", "What does =?utf-8?q?this?= mean"},
		"unfoldable":       {strings.Repeat("x", 1200), strings.Repeat("x", 1200)},
		"white space":      {" two\t lines\n of  it ", "two lines of it"},
		"broken encoding":  {"a\xffb", "a\uFFFDb"},
		"quotation marks":  {`"Quoted" (really)`, `"Quoted" (really)`},
		"a colon to begin": {": x", ": x"},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(t, mustLetter(t, c, delivery(), tc.subject, false).Bytes())
			got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || got != tc.want {
				t.Errorf("got %q (%v), want %q", got, err, tc.want)
			}
		})
	}
}

func TestRecipient(t *testing.T) {
	c := NewComposer(headers(), secret(), nil)
	for name, tc := range map[string]struct {
		wire, to string
		fails    string
	}{
		"plain":              {wire: "Zoe.M+news@example.org", to: "Zoe.M+news@example.org"},
		"quoted":             {wire: `"zoe m"@example.org`, to: `"zoe m"@example.org`},
		"quoted for nothing": {wire: `"zoe"@example.org`, to: "zoe@example.org"},
		"not ASCII":          {wire: "zoë@example.org", to: "zoë@example.org"},
		"domain not ASCII":   {wire: "zoe@bücher.example", fails: "ASCII"},
		"a name":             {wire: "Zoe <zoe@example.org>", fails: "bare address"},
		"brackets":           {wire: "<zoe@example.org>", fails: "bare address"},
		"comment":            {wire: "zoe@example.org (Zoe)", fails: "bare address"},
		"two":                {wire: "a@example.org, b@example.org", fails: "mail:"},
		"header":             {wire: "a@example.org\r\nBcc: b@example.org", fails: "mail:"},
		"empty":              {wire: "", fails: "mail:"},
		"no domain":          {wire: "zoe", fails: "mail:"},
		"too long":           {wire: strings.Repeat("z", 400) + "@example.org", fails: "longer"},
	} {
		t.Run(name, func(t *testing.T) {
			d := delivery()
			d.Address.Wire = tc.wire
			letter, err := c.Letter(d, "s", htmlPage(), textPage(), false)
			if tc.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tc.fails) || !strings.Contains(err.Error(), d.Address.Spelled) {
					t.Errorf("error %v names neither %q nor the address", err, tc.fails)
				}
				return
			}
			if err != nil || letter.To != tc.to {
				t.Errorf("got %q (%v), want %q", letter.To, err, tc.to)
			}
		})
	}
}

func TestUnusableHeaders(t *testing.T) {
	for name, change := range map[string]func(*newsletter.Headers){
		"from":              func(h *newsletter.Headers) { h.From = "nobody" },
		"from injected":     func(h *newsletter.Headers) { h.From = "a@example.org\r\nBcc: b@example.org" },
		"from not ASCII":    func(h *newsletter.Headers) { h.From = "zoë@example.org" },
		"reply_to":          func(h *newsletter.Headers) { h.ReplyTo = "<>" },
		"envelope":          func(h *newsletter.Headers) { h.EnvelopeFrom = "x y" },
		"list id":           func(h *newsletter.Headers) { h.ListID = "weekly> <x" },
		"domain":            func(h *newsletter.Headers) { h.MessageDomain = "" },
		"no way out":        func(h *newsletter.Headers) { h.Unsubscribe = newsletter.Unsubscribe{} },
		"URL with brackets": func(h *newsletter.Headers) { h.Unsubscribe.URL = "https://example.org/?a=>,<x" },
		"URL of no site":    func(h *newsletter.Headers) { h.Unsubscribe.URL = "javascript:alert(1)" },
		"URL injected":      func(h *newsletter.Headers) { h.Unsubscribe.URL = "https://example.org/\r\nBcc: x" },
		"URL too long":      func(h *newsletter.Headers) { h.Unsubscribe.URL = "https://example.org/" + strings.Repeat("x", 1000) },
		"mailto":            func(h *newsletter.Headers) { h.Unsubscribe.Mailto = "x>" },
		"one click by mail": func(h *newsletter.Headers) { h.Unsubscribe.URL, h.Unsubscribe.OneClick = "", true },
		"one click in clear": func(h *newsletter.Headers) {
			h.Unsubscribe.URL, h.Unsubscribe.OneClick = "http://example.org/leave", true
		},
		"archive":            func(h *newsletter.Headers) { h.Archive = "https://example.org/?> <x" },
		"archive injected":   func(h *newsletter.Headers) { h.Archive = "https://example.org/\r\nBcc: x" },
		"archive of no site": func(h *newsletter.Headers) { h.Archive = "archive" },
		"archive too long":   func(h *newsletter.Headers) { h.Archive = "https://example.org/" + strings.Repeat("x", 1000) },
	} {
		t.Run(name, func(t *testing.T) {
			h := headers()
			change(&h)
			if letter, err := NewComposer(h, secret(), nil).Letter(delivery(), "s", htmlPage(), textPage(), false); err == nil {
				t.Errorf("accepted:\n%s", letter.Bytes())
			}
		})
	}
	_, err := NewComposer(headers(), nil, nil).Letter(delivery(), "s", htmlPage(), textPage(), false)
	if fault := new(newsletter.Fault); !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || fault.Hint == "" {
		t.Errorf("an empty secret is %v", err)
	}
}

// Names with special characters stay one name, encoded or not.
func TestNames(t *testing.T) {
	for _, name := range []string{
		"Zoë, <eve@example.net>", `Zoë "the bear" (x)`, `Jr., "B" <eve@example.net>`, "=?utf-8?q?x?=", "Zoë =?utf-8?q?x?=", "a\\\"b",
		strings.Repeat("Zoë, ", 30) + "end",
	} {
		d := delivery()
		d.Name = name
		letter := mustLetter(t, NewComposer(headers(), secret(), nil), d, "s", false).Bytes()
		to, err := parse(t, letter).Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Name != name || to[0].Address != d.Address.Wire {
			t.Errorf("%s reads back as %v (%v)", name, to, err)
		}
		if word := regexp.MustCompile(`=\?utf-8\?q\?[^ ]*[",<>@()].*\?=`).Find(letter); word != nil {
			t.Errorf("%s is encoded as %s", name, word)
		}
	}
}

func TestListID(t *testing.T) {
	for name, want := range map[string]string{
		"":              "<weekly.example.org>",
		"The Weekly":    `"The Weekly" <weekly.example.org>`,
		`A "B" \ C`:     `"A \"B\" \\ C" <weekly.example.org>`,
		"Die Woche, ö":  "=?utf-8?b?RGllIFdvY2hlLCDDtg==?= <weekly.example.org>",
		"Die Wöche":     "=?utf-8?q?Die_W=C3=B6che?= <weekly.example.org>",
		"x\r\ny":        `"x y" <weekly.example.org>`,
		"=?utf-8?q?x?=": "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <weekly.example.org>",
	} {
		if got, err := listID(name, "weekly.example.org"); err != nil || got != want {
			t.Errorf("%q gives %s (%v), want %s", name, got, err, want)
		}
	}
}

func TestOpenSlotIsAnError(t *testing.T) {
	page := slotted("{surprise}", nil)
	_, err := NewComposer(headers(), secret(), nil).Letter(delivery(), "s", page, textPage(), false)
	if err == nil || !strings.Contains(err.Error(), "surprise") {
		t.Errorf("got %v", err)
	}
}

// The library folds between two spaces and leaves a line of white space, which
// ends the header for some readers. Should this test fail, the library has
// learned better, and oneLine may keep runs of spaces.
func TestTrapFoldingBetweenSpaces(t *testing.T) {
	subject := strings.Repeat("a", 63) + "  " + strings.Repeat("b", 80)
	c := NewComposer(headers(), secret(), nil)
	msg := mail.NewMsg()
	msg.Subject(subject)
	var raw strings.Builder
	if _, err := msg.WriteTo(&raw); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(raw.String(), "\r\n \r\n") {
		t.Error("go-mail no longer leaves a line of white space")
	}
	if letter := mustLetter(t, c, delivery(), subject, false); strings.Contains(string(letter.Bytes()), "\r\n \r\n") {
		t.Errorf("an empty line in the header:\n%s", letter.Bytes())
	}
}

// A correction answers the letter that its reader got, and is one of its own.
func TestCorrectionsAnswerTheReadersLetter(t *testing.T) {
	h := headers()
	h.Corrects = "2026-W47"
	d := delivery()
	d.Mailing = "2026-W47+1"
	signers := []Signer{ed25519Signer(t)}
	letter := mustLetter(t, NewComposer(h, secret(), signers), d, "Correction", false)
	if err := wellFormed(letter.Bytes(), true); err != nil {
		t.Error(err)
	}
	header := parse(t, letter.Bytes()).Header
	first := MessageID(secret(), "2026-W47", d.Address.Identity, "weekly.example.org")
	for _, name := range []string{"In-Reply-To", "References"} {
		if got := header.Get(name); got != first {
			t.Errorf("%s is %s, want %s", name, got, first)
		}
	}
	if got := header.Get("Message-Id"); got == first {
		t.Errorf("the correction has the Message-ID of the letter, %s", got)
	}
	for _, v := range verify(t, letter.Bytes(), signers) {
		if v.Err != nil {
			t.Error(v.Err)
		}
	}
}
