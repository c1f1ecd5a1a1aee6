package mailer

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"broadsheet/internal/newsletter"
)

// send writes a letter's body with its final dot, and behind it the commands of
// the next transaction where the server takes them so early, and waits for the
// server's word on the letter. What the line took tells whether the dot can
// have arrived.
func (c *Connection) send(ctx context.Context, l *newsletter.Letter) newsletter.Outcome {
	c.parts = slices.Grow(body(c.parts[:0], l), 1) // for the commands
	dotted, written := size(c.parts), 0
	for block, rest := firstBlock(c.parts); len(block) > 0; block, rest = firstBlock(rest) {
		then := breaks
		if len(rest) == 0 { // from the last block on ctx may no longer break the line
			then = nothing
			if c.offers.pipelining && len(c.out) > 0 {
				block = append(block, c.out)
			}
		}
		if err := c.until(ctx, c.limits.block, then); err != nil {
			return lost(newsletter.StageBody, err)
		}
		n, err := c.writeNow(block)
		if written += n; err != nil {
			return lost(stageOf(written >= dotted), err)
		}
	}
	r, err := c.verdict(ctx)
	if err != nil {
		return lost(newsletter.StageDone, err)
	}
	return outcome(newsletter.StageDone, r)
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
	if err := c.until(ctx, c.limits.final, hastens); err != nil {
		c.watch.ended() // ctx has, or the line is closed, which the read tells
	}
	return readReply(c.text.R)
}

// blockSize is how much must leave within limits.block.
const blockSize = 64 << 10

// write hands bytes to the line within the time of a block.
func (c *Connection) write(ctx context.Context, p []byte) error {
	if err := c.until(ctx, c.limits.block, breaks); err != nil {
		return err
	}
	c.parts = append(c.parts[:0], p)
	_, err := c.writeNow(c.parts)
	return err
}

// writeNow tells how many bytes the line has taken for certain. It fails if the
// server has said something unasked: its next reply would be taken for
// another's. The parts go out in one write: as they are where the line can do
// that, else in a row, and so in as few records of TLS as may be. Their slice is
// of no use afterwards.
func (c *Connection) writeNow(parts [][]byte) (int, error) {
	if c.text.R.Buffered() > 0 {
		r, _ := readReply(c.text.R)
		return 0, fmt.Errorf("the server spoke unasked: %d %s", r.code, r.text())
	}
	if c.direct {
		c.buffers = parts
		n, err := c.buffers.WriteTo(c.line)
		return int(n), err
	}
	c.record = c.record[:0]
	for _, p := range parts {
		c.record = append(c.record, p...)
	}
	n, err := c.text.W.Write(c.record) // what exceeds its buffer goes to the line at once
	if err != nil {
		return n, err
	}
	return n, c.text.W.Flush() // after an error some of it may have left
}

// body appends the parts of a letter with its final dot. A dot that begins a
// line is doubled (RFC 5321, section 4.5.2); letters are made without any, but
// this is the place that keeps one from ending a letter. A line begins after any
// LF, so that no server can take a bare one and a dot for the end.
func body(parts [][]byte, l *newsletter.Letter) [][]byte {
	before := byte('\n')
	for _, piece := range l.Pieces {
		p := piece.Bytes()
		if len(p) == 0 {
			continue
		}
		if p[0] == '.' && before == '\n' {
			parts = append(parts, []byte("."))
		}
		before = p[len(p)-1]
		if piece.Dots() {
			p = bytes.ReplaceAll(p, []byte("\n."), []byte("\n.."))
		}
		for len(p) > blockSize {
			parts = append(parts, p[:blockSize])
			p = p[blockSize:]
		}
		parts = append(parts, p)
	}
	if before != '\n' {
		parts = append(parts, []byte("\r\n"))
	}
	return append(parts, finalDot)
}

var finalDot = []byte(".\r\n")

// firstBlock is the beginning of parts that leaves as one block.
func firstBlock(parts [][]byte) (block, rest [][]byte) {
	n := 0
	for i, p := range parts {
		if n += len(p); n > blockSize && i > 0 {
			return parts[:i], parts[i:]
		}
	}
	return parts, nil
}

func size(parts [][]byte) int {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	return n
}
