package mailer

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// send writes a letter's body with its final dot, and behind it the commands of
// the next transaction where the server takes them so early, and waits for the
// server's word on the letter. What the line took tells whether the dot can
// have arrived.
func (c *Connection) send(ctx context.Context, l *newsletter.Letter, next []step) newsletter.Outcome {
	stop := onCancel(ctx, func() { interrupt(c.line) })
	defer stop()
	out := appendBody(c.out[:0], l)
	dotted := len(out)
	if c.offers.pipelining {
		out = commands(out, next)
	}
	c.out = out
	for len(out) > blockSize {
		if err := c.write(ctx, out[:blockSize]); err != nil {
			return lost(stageOf(dotted <= 0), err)
		}
		out, dotted = out[blockSize:], dotted-blockSize
	}
	if err := c.until(ctx, c.limits.block); err != nil || !stop() { // from here on ctx may no longer break the line
		return lost(stageOf(dotted <= 0), cause(ctx, err))
	}
	if n, err := c.writeNow(out); err != nil {
		return lost(stageOf(n >= dotted), err)
	}
	r, err := c.verdict(ctx)
	if err != nil {
		return lost(newsletter.StageDone, err)
	}
	return outcome(newsletter.StageDone, r)
}

func cause(ctx context.Context, err error) error {
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// stageOf is how far a letter has come whose line broke.
func stageOf(dotted bool) newsletter.Stage {
	if dotted {
		return newsletter.StageDone
	}
	return newsletter.StageBody
}

// verdict reads the reply to the final dot. Once ctx ends it waits for a short
// while only.
func (c *Connection) verdict(ctx context.Context) (reply, error) {
	if err := c.line.SetDeadline(time.Now().Add(c.limits.final)); err != nil {
		return reply{}, err
	}
	defer onCancel(ctx, func() { _ = c.line.SetDeadline(time.Now().Add(c.limits.grace)) })()
	return readReply(c.text.R)
}

// blockSize is how much must leave within limits.block.
const blockSize = 64 << 10

// write hands bytes to the line within the time of a block.
func (c *Connection) write(ctx context.Context, p []byte) error {
	if err := c.until(ctx, c.limits.block); err != nil {
		return err
	}
	_, err := c.writeNow(p)
	return err
}

// writeNow tells how many bytes the line has taken for certain. It fails if the
// server has said something unasked: its next reply would be taken for
// another's.
func (c *Connection) writeNow(p []byte) (int, error) {
	if c.text.R.Buffered() > 0 {
		r, _ := readReply(c.text.R)
		return 0, fmt.Errorf("the server spoke unasked: %d %s", r.code, r.text)
	}
	n, err := c.text.W.Write(p) // what exceeds its buffer goes to the line at once
	if err != nil {
		return n, err
	}
	if rest := c.text.W.Buffered(); rest > 0 {
		if err := c.text.W.Flush(); err != nil {
			return n, err // some of it may have left
		}
	}
	return n, nil
}

// appendBody appends a letter with its final dot. A dot that begins a line is
// doubled (RFC 5321, section 4.5.2); letters are made without any, but this is
// the place that keeps one from ending a letter. A line begins after any LF, so
// that no server can take a bare one and a dot for the end.
func appendBody(out []byte, l *newsletter.Letter) []byte {
	begin := len(out)
	for _, piece := range l.Pieces {
		for len(piece) > 0 {
			if piece[0] == '.' && (len(out) == begin || out[len(out)-1] == '\n') {
				out = append(out, '.')
			}
			i := nextDot(piece)
			out = append(out, piece[:i]...)
			piece = piece[i:]
		}
	}
	if len(out) > begin && !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, "\r\n"...)
	}
	return append(out, ".\r\n"...)
}

// nextDot is the offset of the next dot, not the first byte, that begins a
// line; the length if there is none.
func nextDot(p []byte) int {
	for i := 0; ; {
		n := bytes.IndexByte(p[i:], '\n')
		if n < 0 || i+n+1 == len(p) {
			return len(p)
		}
		if i += n + 1; p[i] == '.' {
			return i
		}
	}
}
