package bounce

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"
)

// mboxLine is the line that mail programs put before each letter of a file of many
// (RFC 4155). A paragraph may begin with its first word, and no time follows then.
var mboxLine = regexp.MustCompile(`^From .* \d\d:\d\d`)

const maxMboxLine = 400 // bytes in which the time stands

// All reads a letter, or the letters of an mbox one after another, each as Read
// does.
func All(r io.Reader) iter.Seq2[Notice, error] {
	return func(yield func(Notice, error) bool) {
		box := &mbox{lines: bufio.NewReader(r), empty: true}
		if !box.begins() {
			yield(Read(box.lines))
			return
		}
		for more := true; more && box.err == nil; {
			box.enter()
			n, err := Read(box)
			if _, failed := io.Copy(io.Discard, box); failed != nil {
				n, err = Notice{}, failed
			}
			more = yield(n, err)
		}
	}
}

// An mbox reads one of its letters at a time: it ends where an empty line stands
// before one that begins the next.
type mbox struct {
	lines *bufio.Reader
	rest  []byte // of what was taken from lines last
	whole bool   // that ends a line
	empty bool   // it is an empty line
	err   error  // of lines; io.EOF: there are no more
}

// begins tells whether a letter does here.
func (m *mbox) begins() bool {
	begin, _ := m.lines.Peek(maxMboxLine) // what cannot be read, fails when it is
	return mboxLine.Match(begin)
}

// enter goes behind the line that stands before a letter.
func (m *mbox) enter() {
	for m.whole = false; m.err == nil && !m.whole; {
		m.take()
	}
	m.rest, m.empty = nil, false
}

// take takes a line, or as much of one as there is room for.
func (m *mbox) take() {
	begins := m.whole
	if m.rest, m.err = m.lines.ReadSlice('\n'); errors.Is(m.err, bufio.ErrBufferFull) {
		m.err = nil
	}
	m.whole = bytes.HasSuffix(m.rest, []byte("\n"))
	m.empty = begins && len(bytes.TrimRight(m.rest, "\r\n")) == 0
}

func (m *mbox) Read(p []byte) (int, error) {
	switch {
	case len(m.rest) > 0:
	case m.err != nil:
		return 0, m.err
	case m.empty && m.begins():
		return 0, io.EOF
	default:
		m.take()
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}
