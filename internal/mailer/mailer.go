// Package mailer takes letters to an SMTP server (RFC 5321) and says what
// became of each.
//
// The promise is that an outcome never claims more than the server said. Sent
// means that it answered 250 to the final dot. Refused means that it refused
// this address. As long as the final dot is not on its way a broken line leaves
// the letter Queued; from then on only the server knows, and the letter is
// Uncertain. What the server has against the sender, the content or the run as
// a whole leaves the letter Queued and sets Halt.
//
// go-mail's SMTP client greets, encrypts and logs in. The transactions are this
// package's own: the client reports a line lost after the final dot like any
// other, sends no RSET after a refused DATA, stuffs dots byte by byte, and waits
// for every reply where PIPELINING (RFC 2920) lets a letter's body and the next
// one's envelope go out at once. CHUNKING (RFC 3030) is not used: it saves
// neither a round trip nor, where letters share pieces that were looked through
// once, the look for dots.
package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"broadsheet/internal/newsletter"
)

// limits are how long each stage may take.
type limits struct {
	dial    time.Duration // the connection, with its TLS handshake
	login   time.Duration // from the greeting to the end of AUTH
	command time.Duration // MAIL, RCPT and RSET
	data    time.Duration // the DATA command
	block   time.Duration // each block of a letter
	final   time.Duration // the reply to the final dot
	grace   time.Duration // the same once the run is being interrupted
	quit    time.Duration
}

// standardLimits are those of RFC 5321, section 4.5.3.2, where it names one.
func standardLimits() limits {
	return limits{
		dial:    30 * time.Second,
		login:   5 * time.Minute,
		command: 5 * time.Minute,
		data:    2 * time.Minute,
		block:   3 * time.Minute,
		final:   10 * time.Minute,
		grace:   30 * time.Second,
		quit:    5 * time.Second,
	}
}

// A Dialer opens connections to one server. It is safe for concurrent use.
type Dialer struct {
	server   newsletter.SMTP
	password string
	limits   limits
	roots    *x509.CertPool // nil: the system's
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// New makes a Dialer. The password counts where the server has a user name.
func New(s newsletter.SMTP, password string) *Dialer {
	return &Dialer{server: s, password: password, limits: standardLimits(), dial: new(net.Dialer).DialContext}
}

// Connect opens a connection, encrypted and logged in as the configuration
// says. The error is a Fault with a hint: Unavailable where the network or the
// server is down or asks to come again, Failure where waiting does not help.
func (d *Dialer) Connect(ctx context.Context) (*Connection, error) {
	conn, err := d.open(ctx)
	if err != nil {
		return nil, d.fault("connect to", err)
	}
	w := newWatch(ctx, conn, d.limits.grace)
	_ = w.until(time.Now().Add(d.limits.login), breaks) // fails only on a closed connection, as the next read does
	c, step, err := d.login(conn)
	w.rest()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		w.end()
		_ = conn.Close() // the login's error says more
		return nil, d.fault(step, err)
	}
	c.watch = w
	return c, nil
}

// open dials, with TLS from the first byte on where so configured.
func (d *Dialer) open(ctx context.Context) (net.Conn, error) {
	if !slices.Contains([]string{tlsNone, tlsStart, tlsFull}, d.server.TLS) {
		return nil, newsletter.Faultf(newsletter.Misuse, "set smtp.tls to none, starttls or tls", "smtp.tls is %q", d.server.TLS)
	}
	ctx, cancel := context.WithTimeout(ctx, d.limits.dial)
	defer cancel()
	conn, err := d.dial(ctx, "tcp", d.address())
	if err != nil || d.server.TLS != tlsFull {
		return conn, err
	}
	secure := tls.Client(conn, d.tlsConfig())
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// The values of smtp.tls.
const (
	tlsNone  = "none"
	tlsStart = "starttls"
	tlsFull  = "tls"
)

var (
	errNoTLS  = errors.New("the server does not offer STARTTLS")
	errNoAuth = errors.New("the server offers no login that is safe here")
)

// login goes from the greeting to the end of AUTH; step is what was being done
// when an error came.
func (d *Dialer) login(conn net.Conn) (c *Connection, step string, err error) {
	client, err := smtp.NewClient(conn, d.server.Host)
	if err != nil {
		return nil, "be greeted by", err
	}
	if err := client.Hello(helloName(d.server.Username)); err != nil {
		return nil, "say hello to", err
	}
	if d.server.TLS == tlsStart {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return nil, "encrypt the line to", errNoTLS
		}
		if err := client.StartTLS(d.tlsConfig()); err != nil {
			return nil, "encrypt the line to", err
		}
	}
	if d.server.Username != "" {
		if err := d.authenticate(client); err != nil {
			return nil, stepAuth, err
		}
	}
	_, bare := conn.(*net.TCPConn)
	_, encrypted := client.TLSConnectionState()
	return &Connection{line: conn, text: client.Text, direct: bare && !encrypted, limits: d.limits, offers: offered(client), expires: expires(client)}, "", nil
}

// expires is when the first certificate of a server's chain does.
func expires(client *smtp.Client) (first time.Time) {
	state, _ := client.TLSConnectionState()
	for _, c := range state.PeerCertificates {
		if first.IsZero() || c.NotAfter.Before(first) {
			first = c.NotAfter
		}
	}
	return first
}

func offered(client *smtp.Client) (o offers) {
	var size string
	o.utf8, _ = client.Extension("SMTPUTF8")
	o.pipelining, _ = client.Extension("PIPELINING")
	o.sized, size = client.Extension("SIZE")
	o.size, _ = strconv.Atoi(size) // no number is no limit (RFC 1870, section 4)
	return o
}

// authenticate takes the first way that both sides know. Over a plain line to
// another machine none is taken that shows the password.
func (d *Dialer) authenticate(client *smtp.Client) error {
	user, host := d.server.Username, d.server.Host
	_, offer := client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(offer))
	_, encrypted := client.TLSConnectionState()
	bare := encrypted || host == "localhost" || host == "127.0.0.1" || host == "::1"
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return client.Auth(smtp.ScramSHA256Auth(user, d.password))
	case bare && slices.Contains(offered, "PLAIN"):
		return client.Auth(smtp.PlainAuth("", user, d.password, host, false))
	case bare && slices.Contains(offered, "LOGIN"):
		return client.Auth(smtp.LoginAuth(user, d.password, host, false))
	case slices.Contains(offered, "CRAM-MD5"):
		return client.Auth(smtp.CRAMMD5Auth(user, d.password))
	}
	return errNoAuth
}

// helloName is what EHLO says: the domain of a user name that is an address,
// else the address literal that other clients send as well. The machine's own
// name would show in a Received line of every letter.
func helloName(username string) string {
	_, domain, _ := strings.Cut(username, "@")
	ok := strings.Contains(domain, ".") && !strings.ContainsFunc(domain, func(r rune) bool {
		return r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if ok {
		return domain
	}
	return "[127.0.0.1]" // RFC 5321, section 4.1.3
}

func (d *Dialer) address() string {
	return net.JoinHostPort(d.server.Host, strconv.Itoa(d.server.Port))
}

// tlsConfig keeps records large from the first on: small ones show the beginning
// of a page sooner, which is of no use for a letter, and cost a write each.
func (d *Dialer) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: d.server.Host, MinVersion: tls.VersionTLS12, RootCAs: d.roots, DynamicRecordSizingDisabled: true}
}
