package mailer

import (
	"bufio"
	"bytes"
	"net/textproto"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

func TestReplyIsClean(t *testing.T) {
	r, err := readReply(bufio.NewReader(strings.NewReader("550-5.1.1 \x1b[31mno\xff\tsuch\r\n550 5.1.1 \u202euser" + strings.Repeat("ü", 600) + "\r\n")))
	if err != nil || r.code != 550 || enhancedCode(r.code, r.text()) != "5.1.1" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if text := r.text(); !strings.HasPrefix(text, "5.1.1 [31mno\uFFFD such 5.1.1 user") || len(text) > maxReplyText || strings.ContainsAny(text, "\x1b\t\u202e") {
		t.Errorf("got %q", text)
	}
}

func FuzzReadReply(f *testing.F) {
	f.Add("250-a\r\n250 b\r\n")
	f.Add("550 5.1.1 no\n421")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := readReply(bufio.NewReader(strings.NewReader(s)))
		if err != nil {
			return
		}
		if text := r.text(); r.code < 200 || r.code > 599 || len(text) > maxReplyText || strings.ContainsAny(text, "\r\n\x00") {
			t.Errorf("%q gives %+v", s, r)
		}
		for _, stage := range []newsletter.Stage{newsletter.StageMail, newsletter.StageRcpt, newsletter.StageData, newsletter.StageDone} {
			o := outcome(stage, r)
			if o.State == newsletter.Refused && (r.code/100 != 5 || stage != newsletter.StageRcpt) || o.State == newsletter.Sent && r.code != 250 {
				t.Errorf("%d at %s gives %+v", r.code, stage, o)
			}
		}
	})
}

func FuzzDots(f *testing.F) {
	f.Add("a\r\n.b\r\n..\r\n.", uint8(3))
	f.Add(".", uint8(0))
	f.Add("\r\n.\r\n", uint8(2))
	f.Fuzz(func(t *testing.T, s string, cut uint8) {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", "\r\n")
		n := min(int(cut), len(s))
		out := bytes.Join(body(nil, &newsletter.Letter{Pieces: pieces(s[:n], s[n:])}), nil)
		out = append(out, "QUIT\r\n"...)
		r := textproto.NewReader(bufio.NewReader(bytes.NewReader(out)))
		got, err := r.ReadDotBytes()
		if want := strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n") + "\n"; err != nil || s != "" && string(got) != want {
			t.Errorf("%q reads back as %q (%v)", s, got, err)
		}
		if next, _ := r.ReadLine(); s != "" && next != "QUIT" {
			t.Errorf("%q swallows or leaves %q", s, next)
		}
	})
}
