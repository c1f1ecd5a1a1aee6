package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
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

	watch *watch // of the context that an exchange had last

	// Kept for their room: what is to be written.
	plan    []step
	out     []byte // the commands of plan
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
	c.watch.rest()
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
	c.prepare(next)
	if letter != nil {
		if done = c.send(ctx, letter); done.Broken {
			return done, c.after(opened, done)
		}
	}
	if next != nil {
		opened = c.begin(ctx, next, letter == nil || !c.offers.pipelining)
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
	c.watch.end()
	_ = c.line.Close() // no news: the outcome tells of the break
}

// A step is a command before the body.
type step struct {
	stage    newsletter.Stage // StageConnect: RSET
	limit    time.Duration
	from, to int // the command with its CRLF, in Connection.out
}

// leadsOn tells whether a reply does: any 2yz, but only 354 to DATA.
func (s step) leadsOn(code int) bool {
	if s.stage == newsletter.StageData {
		return code == 354
	}
	return code/100 == 2
}

// prepare makes the steps that begin the transaction of a letter, if there is
// one. RSET undoes a transaction that was refused: without it MAIL would get a
// 503 (RFC 5321, section 4.1.4), which says nothing about its letter.
func (c *Connection) prepare(l *newsletter.Letter) {
	c.plan, c.out = c.plan[:0], c.out[:0]
	if l == nil {
		return
	}
	if c.reset {
		c.out = append(c.out, "RSET"...)
		c.step(newsletter.StageConnect, c.limits.command)
	}
	c.out = append(append(append(c.out, "MAIL FROM:<"...), l.From...), '>')
	if c.offers.sized {
		c.out = strconv.AppendInt(append(c.out, " SIZE="...), int64(l.Size()), 10)
	}
	if !ascii(l.To) {
		c.out = append(c.out, " BODY=8BITMIME SMTPUTF8"...) // the header has the address in UTF-8
	}
	c.step(newsletter.StageMail, c.limits.command)
	c.out = append(append(append(c.out, "RCPT TO:<"...), l.To...), '>')
	c.step(newsletter.StageRcpt, c.limits.command)
	c.out = append(c.out, "DATA"...)
	c.step(newsletter.StageData, c.limits.data)
}

// step makes a step of what is behind the last one in out.
func (c *Connection) step(stage newsletter.Stage, limit time.Duration) {
	from := 0
	if n := len(c.plan); n > 0 {
		from = c.plan[n-1].to
	}
	c.out = append(c.out, "\r\n"...)
	c.plan = append(c.plan, step{stage, limit, from, len(c.out)})
}

// begin goes through the steps of a transaction. Where its commands are not on
// their way yet they are written first: at once, or each after the reply to the
// one before.
func (c *Connection) begin(ctx context.Context, l *newsletter.Letter, write bool) newsletter.Outcome {
	if write && c.offers.pipelining {
		if err := c.write(ctx, c.out); err != nil {
			return lost(c.plan[0].stage, err)
		}
		write = false
	}
	refused := false
	var opened newsletter.Outcome
	for _, s := range c.plan {
		r, err := c.ask(ctx, s, write)
		switch {
		case err != nil && refused: // the server's word stands
			opened.Broken = true
			return opened
		case err != nil:
			return lost(s.stage, err)
		case refused && r.code == 354:
			return c.withdraw(ctx, opened)
		case refused:
			continue
		case s.stage == newsletter.StageConnect && !s.leadsOn(r.code):
			return lost(s.stage, fmt.Errorf("the server refuses RSET: %d %s", r.code, r.text()))
		case !s.leadsOn(r.code):
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
		if err := c.write(ctx, c.out[s.from:s.to]); err != nil {
			return reply{}, err
		}
	}
	return c.hear(ctx, s.limit)
}

// hear reads a reply within a limit.
func (c *Connection) hear(ctx context.Context, limit time.Duration) (reply, error) {
	if c.text.R.Buffered() == 0 { // else the server has answered already
		if err := c.until(ctx, limit, breaks); err != nil {
			return reply{}, err
		}
	}
	return readReply(c.text.R)
}

// withdraw ends a transaction that the server opened although it had refused
// the recipient: an empty letter, which goes to nobody (RFC 2920, section 3.1).
func (c *Connection) withdraw(ctx context.Context, opened newsletter.Outcome) newsletter.Outcome {
	err := c.say(ctx, ".\r\n", c.limits.command)
	opened.Broken = opened.Broken || err != nil
	c.reset = false
	return opened
}

// say writes something by itself and reads the answer.
func (c *Connection) say(ctx context.Context, command string, limit time.Duration) error {
	err := c.write(ctx, []byte(command))
	if err == nil {
		_, err = c.hear(ctx, limit)
	}
	return err
}

// until sets the time for what comes next, and what becomes of it when ctx ends.
// It fails if ctx has ended already.
func (c *Connection) until(ctx context.Context, limit time.Duration, then ending) error {
	if ctx.Done() == nil {
		then = nothing
	} else if c.watch.done != ctx.Done() {
		c.watch.end()
		c.watch = newWatch(ctx, c.line, c.limits.grace)
	}
	if err := c.watch.until(time.Now().Add(limit), then); err != nil {
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
	c.watch.end()
	if c.open == nil { // else the server waits for a body, and goodbye would be one
		_ = c.say(context.Background(), "QUIT\r\n", c.limits.quit) // the answer changes nothing
	}
	return c.text.Close()
}
