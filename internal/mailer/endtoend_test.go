package mailer_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message"
	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/mailer"
	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/sink"
)

func headers() newsletter.Headers {
	return newsletter.Headers{
		From:          "The Weekly <news@example.org>",
		EnvelopeFrom:  "news@example.org",
		ListID:        "weekly.example.org",
		ListName:      "The Weekly",
		MessageDomain: "weekly.example.org",
		Unsubscribe:   newsletter.Unsubscribe{Mailto: "unsubscribe@example.org"},
	}
}

func delivery(n int) newsletter.Delivery {
	address := fmt.Sprintf("reader%d@example.org", n)
	return newsletter.Delivery{
		Mailing: "2026-W47",
		Address: newsletter.Address{Spelled: address, Identity: address, Wire: address},
		Name:    fmt.Sprintf("Reader Nº %d", n),
		Date:    time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC),
	}
}

// page has a line that begins with a dot and the slot "name" at its end.
func page(size int) newsletter.Fragment {
	b := []byte(".\n.. dots\n" + strings.Repeat("The council met on Tuesday — and decided.\n", size/43))
	return newsletter.Fragment{Bytes: b, Slots: []newsletter.Slot{{Offset: len(b), Name: "name", Context: newsletter.InText}}}
}

// startSink runs a sink and returns a Dialer to it.
func startSink(t testing.TB) (dir string, s *sink.Server, d *mailer.Dialer) {
	t.Helper()
	dir = t.TempDir()
	s, err := sink.New(dir, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	return dir, s, mailer.New(newsletter.SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none"}, "")
}

func connect(t testing.TB, d *mailer.Dialer) *mailer.Connection {
	t.Helper()
	c, err := d.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFromComposerToSink(t *testing.T) {
	dir, s, dialer := startSink(t)
	composer := message.NewComposer(headers(), []byte("secret"), nil)
	connection := connect(t, dialer)
	sent := map[string][]byte{}
	for n := range 5 {
		letter, err := composer.Letter(delivery(n), "Woche für Woche", page(25000), page(5000), false)
		if err != nil {
			t.Fatal(err)
		}
		if o := connection.Deliver(t.Context(), letter); o.State != newsletter.Sent {
			t.Fatalf("got %+v", o)
		}
		sent[fmt.Sprintf("%06d-%s.eml", n+1, letter.To)] = letter.Bytes()
	}
	if err := connection.Close(); err != nil {
		t.Error(err)
	}
	if s.Count() != 5 {
		t.Errorf("%d letters are kept", s.Count())
	}
	for name, want := range sent {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from the letter:\n%s", name, cmp.Diff(string(want), string(got)))
		}
	}
	for n := range 5 {
		readBack(t, filepath.Join(dir, fmt.Sprintf("%06d-reader%d@example.org.eml", n+1, n)), delivery(n))
	}
}

// readBack parses a letter with another library than the one that made it.
func readBack(t *testing.T, path string, d newsletter.Delivery) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := gomessage.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"Message-Id": message.MessageID([]byte("secret"), d.Mailing, d.Address.Identity, "weekly.example.org"),
		"Subject":    "Woche für Woche",
		"List-Id":    `"The Weekly" <weekly.example.org>`,
	} {
		if got, err := m.Header.Text(field); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", field, got, err, want)
		}
	}
	var bodies []string
	r := m.MultipartReader()
	for p, err := r.NextPart(); err != io.EOF; p, err = r.NextPart() {
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	want := []string{body(5000, d), body(25000, d)}
	if diff := cmp.Diff(want, bodies); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func body(size int, d newsletter.Delivery) string {
	return strings.ReplaceAll(string(page(size).Bytes), "\n", "\r\n") + d.Name
}

// Letters of 25 KB, from the composer to the sink's files, over eight
// connections.
func BenchmarkComposeDeliverKeep(b *testing.B) {
	_, _, dialer := startSink(b)
	composer := message.NewComposer(headers(), []byte("secret"), nil)
	html, text := page(20000), page(5000)
	numbers := make(chan int)
	var senders sync.WaitGroup
	for range 8 {
		connection := connect(b, dialer)
		senders.Go(func() {
			for n := range numbers {
				letter, err := composer.Letter(delivery(n), "Woche für Woche", html, text, false)
				if err != nil {
					b.Error(err)
				}
				if o := connection.Deliver(b.Context(), letter); o.State != newsletter.Sent {
					b.Errorf("got %+v", o)
				}
			}
			if err := connection.Close(); err != nil {
				b.Error(err)
			}
		})
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		numbers <- n
		n++
	}
	close(numbers)
	senders.Wait()
}
