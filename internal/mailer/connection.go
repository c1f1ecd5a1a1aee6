package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	"broadsheet/internal/newsletter"
)

// A Connection delivers letters one after another. It is for one goroutine.
type Connection struct {
	line   net.Conn        // for the deadlines
	text   *textproto.Conn // over the line, or over TLS on it
	limits limits
	offers offers
	open   *newsletter.Letter // the server waits for its body
	reset  bool               // a transaction was refused and must be undone before the next
	direct bool               // the line takes many parts at once
	closed bool

	expires time.Time // of the server's certificate

	// Kept for their room: what is to be written.
	out     []byte
	parts   [][]byte
	buffers net.Buffers
	record  []byte
}

// offers are the extensions that the server announced.
type offers struct {
	utf8       bool // SMTPUTF8 (RFC 6531)
	pipelining bool // PIPELINING (RFC 2920)
	size       int  // SIZE (RFC 1870): the largest letter; 0: it does not say
	sized      bool // SIZE is offered at all
}

// Expires is when the server's certificate ends to be valid; zero: the line is
// not encrypted.
func (c *Connection) Expires() time.Time { return c.expires }

// Deliver takes a letter to its one recipient.
func (c *Connection) Deliver(ctx context.Context, l newsletter.Letter) newsletter.Outcome {
	_, opened := c.Exchange(ctx, nil, &l)
	if !opened.Ready {
		return opened
	}
	done, _ := c.Exchange(ctx, &l, nil)
	return done
}

// Exchange hands over the body of letter, for which the server waits since the
// Exchange before, and begins the transaction of the letter next; either may be
// nil. Where the server allows it, both go out at once, so that a letter costs
// one round trip. done is the outcome of letter; opened is that of next, or is
// Ready: then the server waits for its body, and nothing but that body or the
// end of the line may follow.
//
// Once ctx ends nothing new begins: before the final dot a letter stays Queued,
// after it the reply is awaited for a short while. A broken connection is
// closed.
func (c *Connection) Exchange(ctx context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome) {
	done, opened = c.exchange(ctx, letter, next)
	if done.Broken || opened.Broken {
		c.end()
	}
	return done, opened
}

func (c *Connection) exchange(ctx context.Context, letter, next *newsletter.Letter) (done, opened newsletter.Outcome) {
	switch {
	case c.closed:
		o := lost(newsletter.StageConnect, net.ErrClosed)
		return o, o
	case letter != c.open && (letter == nil || c.open == nil || letter.To != c.open.To):
		o := lost(newsletter.StageData, errors.New("the server waits for another letter"))
		return o, o
	}
	c.open = nil
	if letter == nil && ctx.Err() != nil {
		return done, newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageConnect, Reply: clean(context.Cause(ctx).Error())}
	}
	if next != nil {
		if o, ok := c.check(next); !ok {
			opened, next = o, nil
		}
	}
	var plan []step
	if next != nil {
		plan = c.steps(next)
	}
	if letter != nil {
		if done = c.send(ctx, letter, plan); done.Broken {
			return done, c.after(opened, done)
		}
	}
	if next != nil {
		opened = c.begin(ctx, next, plan, letter == nil || !c.offers.pipelining)
	}
	return done, opened
}

// after is the outcome of a letter whose line another one broke: nothing was
// said of it.
func (c *Connection) after(opened, done newsletter.Outcome) newsletter.Outcome {
	if opened.State != "" {
		return opened
	}
	return newsletter.Outcome{State: newsletter.Queued, Stage: newsletter.StageConnect, Reply: done.Reply, Broken: true}
}

func (c *Connection) end() {
	c.closed = true
	_ = c.line.Close() // no news: the outcome tells of the break
}

// A step is a command before the body, and what reply leads on.
type step struct {
	stage   newsletter.Stage
	command string
	limit   time.Duration
	expect  func(code int) bool
}

// steps begins a transaction: any 2yz leads on, but only 354 to DATA. RSET
// undoes one that was refused: without it MAIL would get a 503 (RFC 5321,
// section 4.1.4), which says nothing about its letter.
func (c *Connection) steps(l *newsletter.Letter) []step {
	fine := func(code int) bool { return code/100 == 2 }
	start := func(code int) bool { return code == 354 }
	from := "MAIL FROM:<" + l.From + ">"
	if c.offers.sized {
		from = fmt.Sprintf("%s SIZE=%d", from, l.Size())
	}
	if !ascii(l.To) {
		from += " BODY=8BITMIME SMTPUTF8" // the header has the address in UTF-8
	}
	plan := make([]step, 0, 4)
	if c.reset {
		plan = append(plan, step{newsletter.StageConnect, "RSET", c.limits.command, fine})
	}
	return append(plan,
		step{newsletter.StageMail, from, c.limits.command, fine},
		step{newsletter.StageRcpt, "RCPT TO:<" + l.To + ">", c.limits.command, fine},
		step{newsletter.StageData, "DATA", c.limits.data, start})
}

// begin goes through the steps of a transaction. Where its commands are not on
// their way yet they are written first: at once, or each after the reply to the
// one before.
func (c *Connection) begin(ctx context.Context, l *newsletter.Letter, plan []step, write bool) newsletter.Outcome {
	stop := onCancel(ctx, func() { interrupt(c.line) })
	defer stop()
	if write && c.offers.pipelining {
		if err := c.write(ctx, commands(c.out[:0], plan)); err != nil {
			return lost(plan[0].stage, err)
		}
		write = false
	}
	refused := false
	var opened newsletter.Outcome
	for _, s := range plan {
		r, err := c.ask(ctx, s, write)
		switch {
		case err != nil && refused: // the server's word stands
			opened.Broken = true
			return opened
		case err != nil:
			return lost(s.stage, err)
		case refused && r.code == 354:
			return c.withdraw(opened)
		case refused:
			continue
		case s.command == "RSET" && !s.expect(r.code):
			return lost(s.stage, fmt.Errorf("the server refuses RSET: %d %s", r.code, r.text))
		case !s.expect(r.code):
			opened, refused = outcome(s.stage, r), true
			if write || opened.Broken {
				c.reset = s.stage != newsletter.StageMail
				return opened
			}
		}
	}
	c.reset = refused && opened.Stage != newsletter.StageMail
	if !refused {
		opened, c.open = newsletter.Outcome{Ready: true}, l
	}
	return opened
}

// ask reads the reply to a step whose command was written, or is now.
func (c *Connection) ask(ctx context.Context, s step, write bool) (reply, error) {
	if write {
		if err := c.write(ctx, commands(c.out[:0], []step{s})); err != nil {
			return reply{}, err
		}
	}
	if c.text.R.Buffered() == 0 { // else the server has answered already
		if err := c.until(ctx, s.limit); err != nil {
			return reply{}, err
		}
	}
	return readReply(c.text.R)
}

// withdraw ends a transaction that the server opened although it had refused
// the recipient: an empty letter, which goes to nobody (RFC 2920, section 3.1).
func (c *Connection) withdraw(opened newsletter.Outcome) newsletter.Outcome {
	ctx := context.Background()
	err := c.write(ctx, append(c.out[:0], ".\r\n"...))
	if err == nil {
		err = c.until(ctx, c.limits.command)
	}
	if err == nil {
		_, err = readReply(c.text.R)
	}
	opened.Broken = opened.Broken || err != nil
	c.reset = false
	return opened
}

func commands(out []byte, plan []step) []byte {
	for _, s := range plan {
		out = append(append(out, s.command...), "\r\n"...)
	}
	return out
}

// until sets the time for what comes next. It fails if ctx has ended, whose
// own deadline this one has replaced.
func (c *Connection) until(ctx context.Context, limit time.Duration) error {
	if err := c.line.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// Close says goodbye and closes the connection. After a break it does nothing.
func (c *Connection) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	if c.open == nil { // else the server waits for a body, and goodbye would be one
		_, _ = c.ask(context.Background(), step{command: "QUIT", limit: c.limits.quit}, true) // the answer changes nothing
	}
	return c.text.Close()
}
