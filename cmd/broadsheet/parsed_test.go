package main_test

import (
	"bytes"
	"errors"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A parsed is a letter as a mail program sees it.
type parsed struct {
	header     mail.Header
	text, html string // lines end in LF
}

// parse reads a letter with two parsers and checks all that holds for every
// letter.
func parse(t *testing.T, l letter) parsed {
	t.Helper()
	checkBytes(t, l)
	if _, err := netmail.ReadMessage(bytes.NewReader(l.raw)); err != nil {
		t.Fatalf("letter to %s: %v", l.to, err)
	}
	m, err := mail.CreateReader(bytes.NewReader(l.raw))
	if err != nil {
		t.Fatalf("letter to %s: %v", l.to, err)
	}
	p := parsed{header: m.Header}
	if kind, _, err := m.Header.ContentType(); err != nil || kind != "multipart/alternative" {
		t.Errorf("letter to %s is %s, %v", l.to, kind, err)
	}
	p.text = nextPart(t, m, "text/plain")
	p.html = nextPart(t, m, "text/html")
	if _, err := m.NextPart(); !errors.Is(err, io.EOF) {
		t.Errorf("letter to %s has a third part, or %v", l.to, err)
	}
	return p
}

// checkBytes checks lines (RFC 5322, section 2.3 and 2.1.1) and headers that
// may stand only once (section 3.6).
func checkBytes(t *testing.T, l letter) {
	t.Helper()
	if n := bytes.Count(l.raw, []byte("\r\n")); n != bytes.Count(l.raw, []byte("\n")) || n != bytes.Count(l.raw, []byte("\r")) {
		t.Errorf("letter to %s has bare CRs or LFs", l.to)
	}
	for line := range bytes.Lines(l.raw) {
		if len(line) > 998+2 {
			t.Errorf("letter to %s has a line of %d bytes", l.to, len(line))
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(l.raw))
	if err != nil {
		t.Fatalf("letter to %s: %v", l.to, err)
	}
	for _, name := range []string{
		"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type",
		"List-Id", "List-Unsubscribe", "Auto-Submitted",
	} {
		if n := len(m.Header[name]); n != 1 {
			t.Errorf("letter to %s has %d headers %s", l.to, n, name)
		}
	}
	for _, name := range []string{"Sender", "Cc", "Bcc", "Precedence", "X-Mailer", "User-Agent"} {
		if v := m.Header[name]; v != nil {
			t.Errorf("letter to %s has %s: %s", l.to, name, v)
		}
	}
}

func nextPart(t *testing.T, m *mail.Reader, want string) string {
	t.Helper()
	part, err := m.NextPart()
	if err != nil {
		t.Fatalf("part %s: %v", want, err)
	}
	header, ok := part.Header.(*mail.InlineHeader)
	if !ok {
		t.Fatalf("part %s is an attachment", want)
	}
	kind, params, err := header.ContentType()
	if err != nil || kind != want || !strings.EqualFold(params["charset"], "utf-8") {
		t.Errorf("part is %s %v, want %s in UTF-8; %v", kind, params, want, err)
	}
	body, err := io.ReadAll(part.Body)
	if err != nil {
		t.Errorf("part %s: %v", want, err)
	}
	return strings.ReplaceAll(string(body), "\r\n", "\n")
}

// linkNumber is what a headline with a link ends with.
var linkNumber = regexp.MustCompile(`\x{a0}\[\d+\]$`)

// textHeadlines are the lines that are underlined with hyphens, without the
// number of their link.
func textHeadlines(text string) (titles []string) {
	var above []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			above = nil
		case strings.Trim(line, "-") == "" && len(above) > 0:
			titles = append(titles, linkNumber.ReplaceAllString(strings.Join(above, " "), ""))
			above = nil
		default:
			above = append(above, line)
		}
	}
	return titles
}

// htmlHeadlines are the contents of the h3 elements.
func htmlHeadlines(t *testing.T, page string) (titles []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.DataAtom == atom.H3 {
			titles = append(titles, strings.Join(strings.Fields(content(n)), " "))
		}
	}
	return titles
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
