package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/rogpeppe/go-internal/testscript"
)

// smtpd is a mail server with scripted replies for one script.
//
//	smtpd start              listens on loopback; $SMTP is the port
//	smtpd secure TIME        starts with STARTTLS, and a certificate that is valid
//	                         for that long
//	smtpd mute               listens likewise, and never says a word
//	smtpd stop               hangs up and listens no longer
//	smtpd reply ADDRESS …    what letters to the address meet from now on:
//	                         a reply to RCPT such as 451 or "550 5.7.1";
//	                         drop: the line breaks after the letter's last dot;
//	                         hold: that reply is kept back; ok: they are taken;
//	                         @DOMAIN stands for every address there
//	smtpd holds              waits until a letter is kept back, or until somebody
//	                         waits for the mute one's greeting
//	smtpd release            answers it, and holds none any more
//	smtpd letters ADDRESS …  these, and no others, have got a letter, as often as
//	                         they are named; the last is $WORK/mail/ADDRESS.eml,
//	                         with a Return-Path as mailboxes add it
//	smtpd tries ADDRESS N    so often a letter to the address was offered
type smtpd struct {
	dir    string
	server *smtp.Server

	mu       sync.Mutex
	replies  map[string][]string // by address
	tries    map[string]int
	letters  []string
	held     chan struct{} // one for each letter that is kept back
	released chan struct{} // closed to let them go
}

func smtpdCommand(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) > 0, "smtpd start|secure|mute|stop|reply|holds|release|letters|tries …")
	d := &sceneOf(ts).mail
	switch verb, args := args[0], args[1:]; {
	case verb == "start" && len(args) == 0:
		ts.Setenv("SMTP", strconv.Itoa(d.start(ts, nil)))
	case verb == "secure" && len(args) == 1:
		valid, err := time.ParseDuration(args[0])
		ts.Check(err)
		ts.Setenv("SMTP", strconv.Itoa(d.start(ts, secured(ts, valid))))
	case verb == "mute" && len(args) == 0:
		ts.Setenv("SMTP", strconv.Itoa(d.mute(ts)))
	case verb == "stop" && len(args) == 0:
		ts.Check(d.server.Close())
	case verb == "reply" && len(args) >= 2:
		d.mu.Lock()
		d.replies[args[0]] = strings.Fields(strings.Join(args[1:], " "))
		d.mu.Unlock()
	case verb == "holds" && len(args) == 0:
		select {
		case <-d.held:
		case <-time.After(patience):
			ts.Fatalf("no letter is held")
		}
	case verb == "release" && len(args) == 0:
		d.release()
	case verb == "letters":
		d.check(ts, args)
	case verb == "tries" && len(args) == 2:
		d.mu.Lock()
		got := strconv.Itoa(d.tries[args[0]])
		d.mu.Unlock()
		if got != args[1] {
			ts.Fatalf("%s was tried %s times, want %s", args[0], got, args[1])
		}
	default:
		ts.Fatalf("smtpd does not know %s %q", verb, args)
	}
}

// listen makes a listener on loopback. What was scripted and what has come
// outlive a stop.
func (d *smtpd) listen(ts *testscript.TestScript) (net.Listener, int) {
	if d.dir == "" {
		d.dir = filepath.Join(ts.Getenv("WORK"), "mail")
		ts.Check(os.MkdirAll(d.dir, 0o700))
		d.replies, d.tries = make(map[string][]string), make(map[string]int)
		d.held, d.released = make(chan struct{}, 100), make(chan struct{})
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	return listener, listener.Addr().(*net.TCPAddr).Port
}

func (d *smtpd) mute(ts *testscript.TestScript) (port int) {
	listener, port := d.listen(ts)
	ts.Defer(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			d.held <- struct{}{}
		}
	}()
	return port
}

// start listens; secure may be nil.
func (d *smtpd) start(ts *testscript.TestScript, secure *tls.Config) (port int) {
	listener, port := d.listen(ts)
	d.server = smtp.NewServer(d)
	d.server.ErrorLog = log.New(io.Discard, "", 0)
	d.server.TLSConfig = secure
	server := d.server
	go server.Serve(listener) //nolint:errcheck // ends with Close
	ts.Defer(func() {
		d.release()
		_ = server.Close()
	})
	return port
}

// secured makes a certificate that the script's programs trust.
func secured(ts *testscript.TestScript, valid time.Duration) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(valid),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	ts.Check(err)
	trust(ts, der)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// release lets go what is held and holds nothing any more.
func (d *smtpd) release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for address, reply := range d.replies {
		if reply[0] == "hold" {
			delete(d.replies, address)
		}
	}
	close(d.released)
	d.released = make(chan struct{})
}

func (d *smtpd) check(ts *testscript.TestScript, want []string) {
	d.mu.Lock()
	got := slices.Sorted(slices.Values(d.letters))
	d.mu.Unlock()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("letters to %q, want %q", got, want)
	}
}

// NewSession begins a client's session.
func (d *smtpd) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{smtpd: d, conn: c}, nil
}

type mailSession struct {
	*smtpd
	conn     *smtp.Conn
	from, to string
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	s.tries[to]++
	reply := s.replyTo(to)
	if len(reply) == 0 {
		return nil
	}
	code, err := strconv.Atoi(reply[0])
	if err != nil {
		return nil // what follows comes after the letter
	}
	class := smtp.EnhancedCode{code / 100, 1, 1}
	if len(reply) > 1 {
		if _, err := fmt.Sscanf(reply[1], "%d.%d.%d", &class[0], &class[1], &class[2]); err != nil {
			return err
		}
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: class, Message: "as the script says"}
}

// replyTo is what the script says of an address, or of its domain.
func (d *smtpd) replyTo(to string) []string {
	if reply, ok := d.replies[to]; ok {
		return reply
	}
	return d.replies[to[strings.LastIndexByte(to, '@'):]]
}

func (s *mailSession) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	reply, released := s.replyTo(s.to), s.released
	s.mu.Unlock()
	switch {
	case slices.Equal(reply, []string{"drop"}):
		name := filepath.Join(s.dir, s.to+".dropped")
		return errors.Join(os.WriteFile(name, letter, 0o600), s.conn.Conn().Close())
	case slices.Equal(reply, []string{"hold"}):
		s.held <- struct{}{}
		<-released
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, s.to)
	letter = append([]byte("Return-Path: <"+s.from+">\r\n"), letter...)
	return os.WriteFile(filepath.Join(s.dir, s.to+".eml"), letter, 0o600)
}
