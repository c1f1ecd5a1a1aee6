package main_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// A stage is how far the server has come with a letter.
type stage string

const (
	atMail stage = "MAIL FROM"
	atRcpt stage = "RCPT TO"
	atBody stage = "body" // its first bytes are there
	atDot  stage = "dot"  // the whole letter is there, and not accepted yet
	atKept stage = "kept" // accepted; the sender does not know yet
)

// What makes the server break the line, and what makes it go down.
var (
	errDrop = errors.New("drop the line")
	errDown = errors.New("go down")
)

// A mailbox is an SMTP server that keeps the letters that it accepts.
type mailbox struct {
	port int
	// at, if set, is asked at every stage; to is empty at atMail. Its error is
	// the reply, errDrop or errDown. It is called from many goroutines.
	at func(s stage, to string) error

	server  *smtp.Server
	mu      sync.Mutex
	asked   []string // recipients of RCPT TO, in order
	letters []letter // in order
}

type letter struct {
	from, to string // envelope
	raw      []byte
}

func newMailbox(t testing.TB, at func(s stage, to string) error) *mailbox {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{port: listener.Addr().(*net.TCPAddr).Port, at: at}
	m.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{mailbox: m, conn: c}, nil
	}))
	m.server.Domain = "localhost"
	m.server.EnableSMTPUTF8 = true
	m.server.ErrorLog = log.New(io.Discard, "", 0)
	served := make(chan struct{})
	go func() { defer close(served); _ = m.server.Serve(listener) }()
	t.Cleanup(func() { _ = m.server.Close(); <-served })
	return m
}

// drain takes no new connections and waits until every sender has left: what
// the mailbox holds then is all that ever arrives.
func (m *mailbox) drain(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := m.server.Shutdown(ctx); err != nil {
		t.Fatalf("a connection stays open: %v", err)
	}
}

func (m *mailbox) kept() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// counts is how often each recipient's letter was accepted.
func (m *mailbox) counts() map[string]int {
	n := make(map[string]int)
	for _, l := range m.kept() {
		n[l.to]++
	}
	return n
}

// recipients are those whose letter was accepted, each once, sorted.
func (m *mailbox) recipients() []string { return slices.Sorted(maps.Keys(m.counts())) }

func (m *mailbox) rcpts() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

// forget makes the mailbox empty.
func (m *mailbox) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters, m.asked = nil, nil
}

// A session is one connection to a mailbox.
type session struct {
	mailbox  *mailbox
	conn     *smtp.Conn
	from, to string
}

// pass asks the mailbox about a stage.
func (s *session) pass(at stage) error {
	if s.mailbox.at == nil {
		return nil
	}
	err := s.mailbox.at(at, s.to)
	switch {
	case errors.Is(err, errDrop):
		_ = s.conn.Conn().Close()
	case errors.Is(err, errDown):
		_ = s.mailbox.server.Close() // the second to call it does not wait for the first
		_ = s.conn.Conn().Close()
	}
	return err
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.to = from, ""
	return s.pass(atMail)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	s.mailbox.mu.Lock()
	s.mailbox.asked = append(s.mailbox.asked, to)
	s.mailbox.mu.Unlock()
	return s.pass(atRcpt)
}

func (s *session) Data(r io.Reader) error {
	var raw bytes.Buffer
	if _, err := io.CopyN(&raw, r, 500); err != nil {
		return err
	}
	if err := s.pass(atBody); err != nil {
		return err
	}
	if _, err := io.Copy(&raw, r); err != nil {
		return err // the line broke before the dot
	}
	if err := s.pass(atDot); err != nil {
		return err
	}
	s.mailbox.mu.Lock()
	s.mailbox.letters = append(s.mailbox.letters, letter{s.from, s.to, raw.Bytes()})
	s.mailbox.mu.Unlock()
	return s.pass(atKept)
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
