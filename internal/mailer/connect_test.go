package mailer

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"broadsheet/internal/newsletter"
)

// certificate makes one for the name alone, and the pool that trusts it.
func certificate(t *testing.T, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool
}

// A backend is a real server's: it knows one user and refuses one address.
type backend struct {
	mechanisms []string
	mu         sync.Mutex
	letters    []string
	hello      string
}

func (b *backend) NewSession(c *gosmtp.Conn) (gosmtp.Session, error) {
	return &mailSession{backend: b, conn: c}, nil
}

type mailSession struct {
	*backend
	conn *gosmtp.Conn
}

func (s *mailSession) AuthMechanisms() []string { return s.mechanisms }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "news@example.org" || password != "right" {
			return gosmtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *gosmtp.MailOptions) error { return nil }

func (s *mailSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters, s.hello = append(s.letters, string(letter)), s.conn.Hostname()
	return err
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

// serve runs a server on the loopback interface and returns its port.
func serve(t *testing.T, b *backend, certificate *tls.Certificate, implicit bool) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	server := gosmtp.NewServer(b)
	server.AllowInsecureAuth = true
	server.ErrorLog = log.New(io.Discard, "", 0)
	if certificate != nil {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}}
	}
	if implicit {
		l = tls.NewListener(l, server.TLSConfig)
	}
	go server.Serve(l) //nolint:errcheck // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return port
}

func TestConnect(t *testing.T) {
	own, roots := certificate(t, "127.0.0.1")
	other, otherRoots := certificate(t, "other.example.org")
	type login = []string
	cases := []struct {
		name        string
		tls         string
		user        string
		password    string
		mechanisms  login
		certificate *tls.Certificate
		implicit    bool
		roots       *x509.CertPool
		fails       string // "": the connection stands
		kind        newsletter.Kind
	}{
		{name: "plain", tls: "none"},
		{name: "login in the open on this machine", tls: "none", user: "news@example.org", password: "right", mechanisms: login{"PLAIN"}},
		{name: "starttls", tls: "starttls", certificate: &own, roots: roots},
		{name: "starttls and login", tls: "starttls", certificate: &own, roots: roots, user: "news@example.org", password: "right", mechanisms: login{"PLAIN"}},
		{name: "tls", tls: "tls", certificate: &own, implicit: true, roots: roots},
		{name: "tls and login", tls: "tls", certificate: &own, implicit: true, roots: roots, user: "news@example.org", password: "right", mechanisms: login{"PLAIN"}},

		{name: "wrong password", tls: "none", user: "news@example.org", password: "wrong", mechanisms: login{"PLAIN"}, fails: "535"},
		{name: "no login offered", tls: "none", user: "news@example.org", password: "right", fails: "no login"},
		{name: "unknown login", tls: "none", user: "news@example.org", password: "right", mechanisms: login{"GSSAPI"}, fails: "no login"},
		{name: "no starttls", tls: "starttls", roots: roots, fails: "STARTTLS"},
		{name: "unknown authority", tls: "starttls", certificate: &own, roots: otherRoots, fails: "certificate"},
		{name: "another's certificate", tls: "tls", certificate: &other, implicit: true, roots: otherRoots, fails: "certificate"},
		{name: "no tls there", tls: "tls", roots: roots, fails: "TLS"},
		{name: "unknown tls", tls: "yes", fails: "smtp.tls", kind: newsletter.Misuse},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			b := &backend{mechanisms: tc.mechanisms}
			port := serve(t, b, tc.certificate, tc.implicit)
			d := New(newsletter.SMTP{Host: "127.0.0.1", Port: port, TLS: tc.tls, Username: tc.user}, tc.password)
			d.roots = tc.roots
			c, err := d.Connect(t.Context())
			if tc.fails != "" {
				checkFault(t, err, tc.kind, tc.fails)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if secure := tc.certificate != nil; secure == c.Expires().IsZero() || secure && !c.Expires().Equal(tc.certificate.Leaf.NotAfter) {
				t.Errorf("the certificate expires %s", c.Expires())
			}
			deliverThree(t, c)
			if len(b.letters) != 2 || b.letters[0] != string(letter().Bytes()) {
				t.Errorf("the server has %q", b.letters)
			}
			if want := map[bool]string{true: "example.org", false: "[127.0.0.1]"}[tc.user != ""]; b.hello != want {
				t.Errorf("EHLO %s, want %s", b.hello, want)
			}
		})
	}
}

// A letter of 28 KB is two records of TLS, also where it is a connection's first.
func TestFewRecords(t *testing.T) {
	own, roots := certificate(t, "127.0.0.1")
	d := New(newsletter.SMTP{Host: "127.0.0.1", Port: serve(t, &backend{}, &own, true), TLS: "tls"}, "")
	d.roots = roots
	writes := countWrites(d)
	c := connect(t, d)
	first := letter()
	first.Pieces = pieces(strings.Repeat("x\r\n", 28_000/3))
	if _, opened := c.Exchange(t.Context(), nil, &first); !opened.Ready {
		t.Fatalf("got %+v", opened)
	}
	before := writes.n
	if done, _ := c.Exchange(t.Context(), &first, nil); done.State != newsletter.Sent || writes.n-before != 2 {
		t.Errorf("%d writes: %+v", writes.n-before, done)
	}
}

// deliverThree sends a good letter, a refused one and a good one.
func deliverThree(t *testing.T, c *Connection) {
	t.Helper()
	for _, to := range []string{"zoe@example.org", "nobody@example.org", "zoe@example.org"} {
		l, want := letter(), newsletter.Sent
		if l.To = to; to[0] == 'n' {
			want = newsletter.Refused
		}
		if o := c.Deliver(t.Context(), l); o.State != want {
			t.Errorf("%s: %+v", to, o)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func checkFault(t *testing.T, err error, kind newsletter.Kind, words string) {
	t.Helper()
	var fault *newsletter.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("got %v", err)
	}
	if fault.Kind != kind || fault.Hint == "" || !strings.Contains(err.Error(), words) {
		t.Errorf("kind %d, want %d; hint %q; %v", fault.Kind, kind, fault.Hint, err)
	}
	if strings.ContainsAny(err.Error(), "\r\n\x1b") {
		t.Errorf("the server's words are not clean: %q", err)
	}
}

func TestGreetings(t *testing.T) {
	for name, tc := range map[string]struct {
		replies script
		user    string
		kind    newsletter.Kind
		words   string
	}{
		"busy":          {script{"GREETING": "421 4.3.2 later"}, "", newsletter.Unavailable, "later"},
		"no mail here":  {script{"GREETING": "554 \x1b[31mgo away"}, "", newsletter.Failure, "go away"},
		"garbage":       {script{"GREETING": "HTTP/1.1 400 Bad Request"}, "", newsletter.Failure, "HTTP"},
		"drop":          {script{"GREETING": "drop"}, "", newsletter.Unavailable, "greeted"},
		"silence":       {script{"GREETING": "hang"}, "", newsletter.Unavailable, "greeted"},
		"EHLO later":    {script{"EHLO": "421 later", "HELO": "421 later"}, "", newsletter.Unavailable, "later"},
		"EHLO refused":  {script{"EHLO": "550 no", "HELO": "550 no"}, "", newsletter.Failure, "no"},
		"EHLO drop":     {script{"EHLO": "drop"}, "", newsletter.Unavailable, "hello"},
		"AUTH later":    {script{"EHLO": "250-x\r\n250 AUTH CRAM-MD5 PLAIN", "AUTH": "454 4.7.0 later"}, "news", newsletter.Unavailable, "later"},
		"AUTH drop":     {script{"EHLO": "250-x\r\n250 AUTH CRAM-MD5", "AUTH": "drop"}, "news", newsletter.Unavailable, "log in"},
		"AUTH in clear": {script{"EHLO": "250-x\r\n250 AUTH PLAIN LOGIN"}, "news", newsletter.Failure, "safe"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, s := pipeDialer(tc.replies)
				d.server.Username, d.password = tc.user, "secret-word"
				_, err := d.Connect(t.Context())
				checkFault(t, err, tc.kind, tc.words)
				synctest.Wait()
				if strings.Contains(err.Error()+strings.Join(s.commands, " "), "secret-word") {
					t.Errorf("the password shows: %v, %q", err, s.commands)
				}
			})
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	_, err = New(newsletter.SMTP{Host: "127.0.0.1", Port: port, TLS: "none"}, "").Connect(t.Context())
	checkFault(t, err, newsletter.Unavailable, "connection refused")
}

func TestConnectInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := pipeDialer(script{"EHLO": "hang"})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := d.Connect(ctx)
		checkFault(t, err, newsletter.Unavailable, "canceled")
		if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestHelloName(t *testing.T) {
	for user, want := range map[string]string{
		"":                    "[127.0.0.1]",
		"news":                "[127.0.0.1]",
		"news@localhost":      "[127.0.0.1]",
		"news@example.org":    "example.org",
		"news@bücher.example": "[127.0.0.1]",
		"a@b.c\r\nMAIL":       "[127.0.0.1]",
	} {
		if got := helloName(user); got != want {
			t.Errorf("%q says %s, want %s", user, got, want)
		}
	}
}
