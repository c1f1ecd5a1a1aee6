// Package sink is an SMTP server (RFC 5321) that keeps every letter as a file:
// the mailbox for rehearsals and for trying things out.
//
// It accepts any sender, any recipient and any login. A letter is kept byte for
// byte as it came, once for each recipient, as NNNNNN-RECIPIENT.eml; the
// envelope is nowhere but in that name. The server says 250 only when all files
// of a letter stand under their names. It does not force them to disk: what
// they hold was never anybody's only copy.
package sink

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	maxLetter     = 25 << 20 // bytes
	maxRecipients = 100
	idle          = 5 * time.Minute // RFC 5321, section 4.5.3.2.7
	grace         = 2 * time.Second // for running sessions, once the server is to end
)

// A Server keeps letters in one folder. It is safe for concurrent use. Two
// servers must not share a folder: their numbers would clash.
type Server struct {
	dir    string
	domain string
	number atomic.Int64 // of the newest letter
	count  atomic.Int64
}

// New makes a Server that keeps letters in dir, which it makes where missing,
// readable to nobody else. The numbers go on after the highest there. The
// domain is what the server calls itself.
func New(dir, domain string) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of letters: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of letters: %w", err)
	}
	s := &Server{dir: dir, domain: domain}
	for _, e := range entries {
		s.number.Store(max(s.number.Load(), letterNumber(e.Name())))
	}
	return s, nil
}

// letterNumber is the number in a letter's file name; 0: it is no letter.
func letterNumber(name string) int64 {
	digits, _, _ := strings.Cut(name, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !strings.HasSuffix(name, ".eml") {
		return 0
	}
	return n
}

// Count is how many letters this server has kept.
func (s *Server) Count() int64 { return s.count.Load() }

// Serve takes letters from l until ctx ends, and then for a moment those that
// are on their way. It closes l. The error is nil where ctx has ended.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{server: s}, nil
	}))
	server.Domain = s.domain
	server.MaxMessageBytes = maxLetter
	server.MaxRecipients = maxRecipients
	server.ReadTimeout, server.WriteTimeout = idle, idle
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is no news; a failing disk is told to the client

	clients := &listener{Listener: l}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	err := server.Serve(clients)
	_ = l.Close() // closed already where ctx has ended
	clients.wait(grace)
	_ = server.Close() // breaks off who is still there; its error is the listener's, closed twice
	clients.wait(grace)
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("accept connections: %w", err)
}

// A listener knows how many of its connections are open. go-smtp's own
// Shutdown cannot be followed by a Close that breaks the rest off.
type listener struct {
	net.Listener
	open sync.WaitGroup
}

func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &client{Conn: conn, closed: sync.OnceFunc(l.open.Done)}, nil
}

// wait waits until all connections are closed, or for d. Nothing may be
// accepted any more.
func (l *listener) wait(d time.Duration) {
	done := make(chan struct{})
	go func() { l.open.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
	}
}

type client struct {
	net.Conn
	closed func()
}

func (c *client) Close() error {
	defer c.closed()
	return c.Conn.Close()
}
