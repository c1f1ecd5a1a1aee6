package bounce_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/bounce"
)

// report is a notice with a part for machines, and the beginning of the letter.
func report(kind, fields string) string {
	return strings.ReplaceAll(`Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces+1abc@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=`+kind+`; boundary="b"

For people.
--b
Content-Type: text/plain

550 5.1.1 is what people read here.

--b
Content-Type: message/`+kind+`

`+fields+`
--b
Content-Type: text/rfc822-headers

Return-Path: <bounces+2def@example.org>
From: news@example.org
Subject: An issue

--b--
`, "\n", "\r\n")
}

var paths = []string{"bounces+1abc@example.org", "bounces+2def@example.org"}

func TestRead(t *testing.T) {
	const status = "delivery-status"
	failed := func(recipients ...bounce.Recipient) bounce.Notice {
		return bounce.Notice{Kind: bounce.Failed, Paths: paths, Recipients: recipients}
	}
	complained := func(address string) bounce.Notice {
		return bounce.Notice{Kind: bounce.Complained, Paths: paths, Recipients: []bounce.Recipient{{Address: address}}}
	}
	for name, c := range map[string]struct {
		letter string
		want   bounce.Notice
	}{
		"a mailbox that does not exist": {
			report(status, "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n  such <user>\n"),
			failed(bounce.Recipient{Address: "ada@example.net", Status: "5.1.1", Reply: "550 5.1.1 no such <user>"}),
		},
		"the address as it was sent to": {
			report(status, "\nFinal-Recipient: rfc822; box7@internal\nOriginal-Recipient: rfc822;<ada@example.net>\nAction: Failed (gone)\nStatus: 5.1.10 (no mailbox)\n"),
			failed(bounce.Recipient{Address: "ada@example.net", Status: "5.1.10"}),
		},
		"the server's answer goes before the reporter's summary": {
			report(status, "\nFinal-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.1.1 none\n\nFinal-Recipient: rfc822; b@x.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 5.2.2 full\n"),
			failed(bounce.Recipient{Address: "a@x.org", Status: "5.1.1", Reply: "550-5.1.1 none"}, bounce.Recipient{Address: "b@x.org", Status: "5.2.2", Reply: "552 5.2.2 full"}),
		},
		"an internationalized one": {
			report("global-delivery-status", "\nFinal-Recipient: utf-8; zoë@example.net\nAction: failed\nStatus: 5.1.1\n"),
			failed(bounce.Recipient{Address: "zoë@example.net", Status: "5.1.1"}),
		},
		"no code at all": {
			report(status, "\nFinal-Recipient: rfc822; a@x.org\nAction: failed\nStatus: five\n"), failed(bounce.Recipient{Address: "a@x.org"}),
		},
		"lines that are no fields": {
			report(status, "  lost\nno field\nAction failed: failed\nAction: failed\nStatus: 5.1.1\nStatus: 5.2.2\n"), failed(bounce.Recipient{Status: "5.1.1"}),
		},
		"still trying":                 {report(status, "\nFinal-Recipient: rfc822; a@x.org\nAction: delayed\nStatus: 4.1.1\n"), bounce.Notice{}},
		"it arrived":                   {report(status, "\nFinal-Recipient: rfc822; a@x.org\nAction: delivered\nStatus: 2.1.5\n"), bounce.Notice{}},
		"words to people prove little": {report("plain", "Action: failed\nStatus: 5.1.1\n"), bounce.Notice{}},
		"an ordinary letter":           {"From: ada@example.net\nSubject: Action: failed\n\nAction: failed\nStatus: 5.1.1\n", bounce.Notice{}},
		"a complaint": {
			report("feedback-report", "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <ada@example.net>\n"), complained("ada@example.net"),
		},
		"a complaint that names nobody": {report("feedback-report", "Feedback-Type: fraud\n"), complained("")},
		"a report of a forged sender":   {report("feedback-report", "Feedback-Type: auth-failure\nOriginal-Rcpt-To: ada@example.net\n"), bounce.Notice{}},
		"no spam after all":             {report("feedback-report", "Feedback-Type: not-spam\nOriginal-Rcpt-To: ada@example.net\n"), bounce.Notice{}},
		"a reader who sends a notice on": {
			"From: ada@example.net\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: message/rfc822\n\n" +
				report(status, "\nFinal-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.1.1\n") + "\n--m--\n", bounce.Notice{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := bounce.Read(strings.NewReader(c.letter))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadNoLetter(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "no header": "\n\nwords\n", "words": "just words\nand more\n", "only the mailbox's line": "From a 07:00\n", "half of it": "From a 07:00",
		"what a terminal obeys": "\x1b[2J\n",
	} {
		for n, err := range bounce.All(strings.NewReader(text)) {
			if !errors.Is(err, bounce.ErrNoLetter) {
				t.Errorf("%s: %v, %+v", name, err, n)
			}
		}
	}
}

// TestReadFails: half of a notice that could not be read says nothing.
func TestReadFails(t *testing.T) {
	broken := errors.New("the disk is broken")
	letter := report("delivery-status", "\nFinal-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.1.1\n")
	for _, before := range []string{"", "From a 07:00\n"} {
		for length := range len(letter) {
			for n, err := range bounce.All(io.MultiReader(strings.NewReader(before+letter[:length]), iotest.ErrReader(broken))) {
				if !errors.Is(err, broken) {
					t.Fatalf("after %q and %d bytes: %v, %+v", before, length, err, n)
				}
			}
		}
	}
}

func TestAll(t *testing.T) {
	const line = "From MAILER-DAEMON Fri Nov 20 07:00:00 2026\n"
	notice := func(address string) string {
		return report("delivery-status", "\nFinal-Recipient: rfc822; "+address+"\nAction: failed\nStatus: 5.1.1\n")
	}
	long := strings.Repeat("x", 10_000) + "\n\n"
	for name, c := range map[string]struct {
		file string
		want []string // the addresses; "": no notice
	}{
		"a letter":                  {notice("a@x.org"), []string{"a@x.org"}},
		"an mbox of one":            {line + notice("a@x.org"), []string{"a@x.org"}},
		"of several":                {line + notice("a@x.org") + "\n" + line + "Subject: hello\n\nwords\n\n" + line + notice("b@x.org"), []string{"a@x.org", "", "b@x.org"}},
		"with the lines of Windows": {line + notice("a@x.org") + "\r\n" + line + notice("b@x.org") + "\r\n", []string{"a@x.org", "b@x.org"}},
		"a line within a letter":    {line + "Subject: hello\n\nFrom here on: words\n" + line + "\nFrom: nobody\n\n" + line + notice("b@x.org"), []string{"", "b@x.org"}},
		"long lines":                {line + "Subject: hello\n\n" + long + strings.TrimSpace(line) + long + line + notice("b@x.org"), []string{"", "", "b@x.org"}},
	} {
		var got []string
		for n, err := range bounce.All(iotest.OneByteReader(strings.NewReader(c.file))) {
			address := ""
			if err != nil && !errors.Is(err, bounce.ErrNoLetter) {
				t.Errorf("%s: %v", name, err)
			} else if n.Kind == bounce.Failed {
				address = n.Recipients[0].Address
			}
			got = append(got, address)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// FuzzRead: whatever comes, a notice stays within its bounds, and only one with a
// part for machines names anybody.
func FuzzRead(f *testing.F) {
	f.Add(report("delivery-status", "\nFinal-Recipient: rfc822; a@x.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n"))
	f.Add(report("feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: a@x.org\n"))
	f.Add("From x 07:00\nContent-Type: multipart/report; boundary=\"\n\n--\n--")
	f.Fuzz(func(t *testing.T, letter string) {
		letters := 0
		for n, err := range bounce.All(strings.NewReader(letter)) {
			check(t, letter, n, err)
			letters++
		}
		if letters == 0 || letters > 1+strings.Count(letter, "\nFrom ") {
			t.Errorf("%d letters", letters)
		}
	})
}

func check(t *testing.T, letter string, n bounce.Notice, err error) {
	if (n.Kind == bounce.None) != (len(n.Recipients) == 0) || len(n.Recipients) > 100 || len(n.Paths) > 100 {
		t.Errorf("%+v", n)
	}
	if err != nil && n.Kind != bounce.None {
		t.Errorf("%v with %+v", err, n)
	}
	lower := strings.ToLower(letter)
	if n.Kind == bounce.Failed && !strings.Contains(lower, "failed") || n.Kind == bounce.Complained && !strings.Contains(lower, "feedback-type") {
		if !strings.Contains(lower, "transfer-encoding") { // it may be in another dress
			t.Errorf("%+v out of nothing", n)
		}
	}
}
