package audience

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxLine bounds a line, and with it the memory that a hostile file can take.
const maxLine = 1 << 20

// lines reads a file line by line: LF, CRLF and CR end a line; a byte order
// mark is dropped and UTF-16 behind one is decoded.
type lines struct {
	scanner *bufio.Scanner
	number  int  // of the line read last, from 1
	long    bool // the line was longer than maxLine; its text is lost
	foreign bool // the line was no UTF-8 and is read as Windows-1252
	seen    int  // bytes of the line that were searched for its end already
}

func newLines(r io.Reader) *lines {
	l := &lines{scanner: bufio.NewScanner(transform.NewReader(r, unicode.BOMOverride(transform.Nop)))}
	l.scanner.Buffer(make([]byte, 64<<10), 2*maxLine)
	l.scanner.Split(l.split)
	return l
}

// next returns the next line without its end, or false at the file's end.
func (l *lines) next() (string, bool) {
	l.long, l.foreign = false, false
	if !l.scanner.Scan() {
		return "", false
	}
	l.number++
	text := l.scanner.Bytes()
	if utf8.Valid(text) {
		return string(text), true
	}
	l.foreign = true
	decoded, _ := charmap.Windows1252.NewDecoder().Bytes(text) // it knows every byte
	return string(decoded), true
}

func (l *lines) split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	end := bytes.IndexAny(data[l.seen:], "\r\n")
	if end >= 0 {
		end += l.seen
	}
	l.seen = 0
	switch {
	case end < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case end < 0 && len(data) >= maxLine:
		l.long = true
		return len(data), nil, nil
	case end < 0:
		l.seen = len(data)
		return 0, nil, nil
	case data[end] == '\r' && end+1 == len(data) && !atEOF:
		l.seen = end
		return 0, nil, nil // an LF may follow
	case data[end] == '\r' && end+1 < len(data) && data[end+1] == '\n':
		return end + 2, data[:end], nil
	}
	return end + 1, data[:end], nil
}
