package message

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message"

	"broadsheet/internal/newsletter"
)

func secret() []byte { return []byte("0123456789abcdef0123456789abcdef") }

func headers() newsletter.Headers {
	return newsletter.Headers{
		From:          "The Weekly <news@example.org>",
		ReplyTo:       "desk@example.org",
		EnvelopeFrom:  "bounces@example.org",
		ListID:        "weekly.example.org",
		ListName:      "The Weekly Broadsheet",
		MessageDomain: "weekly.example.org",
		Unsubscribe:   newsletter.Unsubscribe{Mailto: "unsubscribe@example.org", URL: "https://example.org/leave"},
	}
}

func delivery() newsletter.Delivery {
	return newsletter.Delivery{
		Mailing: "2026-W47",
		Address: newsletter.Address{Spelled: "Zoë@Bücher.example", Identity: "zoe@xn--bcher-kva.example", Wire: "zoe@xn--bcher-kva.example"},
		Name:    "Zoë Müller",
		Date:    time.Date(2026, 11, 20, 7, 0, 0, 0, time.FixedZone("CET", 3600)),
	}
}

// slotted cuts "{name}" out of a page and opens the slot there.
func slotted(page string, context map[string]newsletter.SlotContext) newsletter.Fragment {
	var f newsletter.Fragment
	for page != "" {
		before, rest, found := strings.Cut(page, "{")
		f.Bytes = append(f.Bytes, before...)
		if !found {
			break
		}
		var name string
		name, page, _ = strings.Cut(rest, "}")
		f.Slots = append(f.Slots, newsletter.Slot{Offset: len(f.Bytes), Name: name, Context: context[name]})
	}
	return f
}

func htmlPage() newsletter.Fragment {
	return slotted("<p>Dear {name},\n.\n<a href=\"{unsubscribe}\">leave</a> ({address})</p>\n", map[string]newsletter.SlotContext{
		"name": newsletter.InHTML, "unsubscribe": newsletter.WholeURL, "address": newsletter.InHTML,
	})
}

func textPage() newsletter.Fragment {
	return slotted("Dear {name},\n\nLeave: {unsubscribe}\n", map[string]newsletter.SlotContext{
		"name": newsletter.InText, "unsubscribe": newsletter.InText,
	})
}

func mustLetter(t *testing.T, c *Composer, d newsletter.Delivery, subject string, test bool) newsletter.Letter {
	t.Helper()
	letter, err := c.Letter(d, subject, htmlPage(), textPage(), test)
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

func parse(t *testing.T, message []byte) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatalf("net/mail cannot read the letter: %v\n%s", err, message)
	}
	return m
}

type part struct{ Type, Body string }

// parts decodes the parts of a multipart message.
func parts(t *testing.T, message []byte) []part {
	t.Helper()
	entity, err := gomessage.Read(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	if kind, _, _ := entity.Header.ContentType(); kind != "multipart/alternative" {
		t.Fatalf("the letter is %s", kind)
	}
	var list []part
	for r := entity.MultipartReader(); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, parameters, err := p.Header.ContentType()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, part{kind + " " + parameters["charset"], string(body)})
	}
}

// wellFormed tells what makes a message unfit for the wire.
func wellFormed(message []byte, sevenBit bool) error {
	for i, line := range bytes.SplitAfter(message, []byte("\n")) {
		switch bare := bytes.TrimSuffix(line, []byte("\r\n")); {
		case len(line) == 0: // after the last line
		case len(bare) == len(line), bytes.ContainsAny(bare, "\r\n"):
			return fmt.Errorf("line %d does not end in CRLF: %q", i+1, line)
		case len(bare) > 998:
			return fmt.Errorf("line %d has %d bytes", i+1, len(bare))
		case sevenBit && bytes.IndexFunc(bare, func(r rune) bool { return r >= 0x80 || r == 0 }) >= 0:
			return fmt.Errorf("line %d is not 7-bit: %q", i+1, bare)
		}
	}
	return nil
}
