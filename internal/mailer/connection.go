package mailer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// A Connection delivers letters one after another. It is for one goroutine.
type Connection struct {
	line   net.Conn        // for the deadlines
	text   *textproto.Conn // over the line, or over TLS on it
	limits limits
	utf8   bool // the server offers SMTPUTF8 (RFC 6531)
	closed bool
}

// Deliver takes a letter to its one recipient. Once ctx ends nothing new
// begins: before the final dot the letter stays Queued, after it the reply is
// awaited for a short while. A broken connection is closed.
func (c *Connection) Deliver(ctx context.Context, l newsletter.Letter) newsletter.Outcome {
	if c.closed {
		return lost(newsletter.StageConnect, net.ErrClosed)
	}
	if err := context.Cause(ctx); err != nil {
		return newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageConnect, Reply: clean(err.Error())}
	}
	if o, ok := c.check(l); !ok {
		return o
	}
	stop := onCancel(ctx, func() { interrupt(c.line) })
	defer stop()
	o := c.transact(ctx, stop, l)
	if o.Broken {
		c.closed = true
		_ = c.line.Close() // no news: the outcome tells of the break
	}
	return o
}

// check looks at the envelope, so that no address can add a command or a
// parameter.
func (c *Connection) check(l newsletter.Letter) (o newsletter.Outcome, ok bool) {
	switch {
	case !sound(l.From):
		o = unfit("5.1.7", "the sender is not an address")
		o.State, o.Stage, o.Halt = newsletter.Queued, newsletter.StageMail, true
	case !sound(l.To):
		o = unfit("5.1.3", "not an address")
	case !c.utf8 && !ascii(l.To):
		o = unfit("5.6.7", "the server does not offer SMTPUTF8, which the address needs")
	default:
		return o, true
	}
	return o, false
}

// sound tells whether an address is one by RFC 5322 and nothing besides.
func sound(address string) bool {
	parsed, err := mail.ParseAddress("<" + address + ">")
	quoted := strings.HasPrefix(address, `"`)
	return err == nil && parsed.Name == "" && (quoted || !strings.ContainsAny(address, " ()")) &&
		!strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// A step is a command before the body, and the first digits of the reply that
// leads on: any 2yz, but only 354 to DATA.
type step struct {
	stage   newsletter.Stage
	command string
	limit   time.Duration
	expect  func(code int) bool
}

func (c *Connection) steps(l newsletter.Letter) []step {
	done := func(code int) bool { return code/100 == 2 }
	start := func(code int) bool { return code == 354 }
	from := "MAIL FROM:<" + l.From + ">"
	if !ascii(l.To) {
		from += " BODY=8BITMIME SMTPUTF8" // the header has the address in UTF-8
	}
	return []step{
		{newsletter.StageMail, from, c.limits.command, done},
		{newsletter.StageRcpt, "RCPT TO:<" + l.To + ">", c.limits.command, done},
		{newsletter.StageData, "DATA", c.limits.data, start},
	}
}

// transact runs one transaction. stop ends the watch over ctx.
func (c *Connection) transact(ctx context.Context, stop func() bool, l newsletter.Letter) newsletter.Outcome {
	for _, s := range c.steps(l) {
		r, err := c.command(ctx, s.limit, s.command)
		if err != nil {
			return lost(s.stage, err)
		}
		if !s.expect(r.code) {
			return c.reset(ctx, outcome(s.stage, r))
		}
	}
	if err := c.body(ctx, l.Bytes); err != nil {
		return lost(newsletter.StageBody, err)
	}
	if !stop() { // from here on ctx may no longer break the line
		return lost(newsletter.StageBody, context.Cause(ctx))
	}
	r, err := c.dot(ctx)
	if err != nil {
		return lost(newsletter.StageDone, err)
	}
	return outcome(newsletter.StageDone, r)
}

// command sends a line and reads the reply.
func (c *Connection) command(ctx context.Context, limit time.Duration, line string) (reply, error) {
	if err := c.until(ctx, limit); err != nil {
		return reply{}, err
	}
	if err := c.text.PrintfLine("%s", line); err != nil {
		return reply{}, err
	}
	return readReply(c.text.R)
}

// until sets the time for what comes next. It fails if ctx has ended, whose
// own deadline this one has replaced, and if the server has said something
// unasked: its next reply would be taken for another's.
func (c *Connection) until(ctx context.Context, limit time.Duration) error {
	if err := c.line.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if c.text.R.Buffered() > 0 {
		r, err := readReply(c.text.R)
		return errors.Join(fmt.Errorf("the server spoke unasked: %d %s", r.code, r.text), err)
	}
	return nil
}

// reset ends a refused transaction. Without it the next MAIL would get a 503
// (RFC 5321, section 4.1.4), which says nothing about its letter.
func (c *Connection) reset(ctx context.Context, o newsletter.Outcome) newsletter.Outcome {
	if o.Broken || o.Stage == newsletter.StageMail {
		return o
	}
	r, err := c.command(ctx, c.limits.command, "RSET")
	o.Broken = err != nil || r.code/100 != 2
	return o
}

// blockSize is how much must leave within limits.block.
const blockSize = 64 << 10

// body writes a letter up to its final dot, which stays out.
func (c *Connection) body(ctx context.Context, letter []byte) error {
	w := dotWriter{w: c.text.W}
	for block := range slices.Chunk(letter, blockSize) {
		if err := c.until(ctx, c.limits.block); err != nil {
			return err
		}
		if err := w.write(block); err != nil {
			return err
		}
	}
	if w.inLine {
		if err := w.write([]byte("\r\n")); err != nil {
			return err
		}
	}
	if err := c.until(ctx, c.limits.block); err != nil {
		return err
	}
	return c.text.W.Flush()
}

// dot ends the letter and waits for the server's word. Whatever error comes,
// the dot may have arrived.
func (c *Connection) dot(ctx context.Context) (reply, error) {
	if err := c.line.SetDeadline(time.Now().Add(c.limits.final)); err != nil {
		return reply{}, err
	}
	defer onCancel(ctx, func() { _ = c.line.SetDeadline(time.Now().Add(c.limits.grace)) })()
	if _, err := c.text.W.WriteString(".\r\n"); err != nil {
		return reply{}, err
	}
	if err := c.text.W.Flush(); err != nil {
		return reply{}, err
	}
	return readReply(c.text.R)
}

// Close says goodbye and closes the connection. After a break it does nothing.
func (c *Connection) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	_, _ = c.command(context.Background(), c.limits.quit, "QUIT") // the answer changes nothing
	return c.text.Close()
}

// A dotWriter doubles the dot that begins a line (RFC 5321, section 4.5.2).
// A line begins after any LF, so that no server can take a bare one and a dot
// for the end.
type dotWriter struct {
	w      *bufio.Writer
	inLine bool
}

func (d *dotWriter) write(p []byte) error {
	for len(p) > 0 {
		if !d.inLine && p[0] == '.' {
			_ = d.w.WriteByte('.') // a bufio.Writer keeps its error
		}
		line := p
		if i := bytes.Index(p, []byte("\n.")); i >= 0 {
			line = p[:i+1]
		}
		if _, err := d.w.Write(line); err != nil {
			return err
		}
		d.inLine = line[len(line)-1] != '\n'
		p = p[len(line):]
	}
	return nil
}
