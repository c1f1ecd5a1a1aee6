package message

import (
	"bytes"
	"mime/quotedprintable"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// addPage appends a page as quoted-printable text (RFC 2045, section 6.7) up to
// its last slot, and returns the rest of it, which what follows is joined to; so
// is the first piece to what is before. Soft line breaks stand around each slot,
// so that no value can move what is around it.
func addPage(pieces []piece, before []byte, page newsletter.Fragment) (_ []piece, rest []byte) {
	from := 0
	for _, s := range page.Slots {
		pieces = append(pieces, static(slices.Concat(before, quotedLine(page.Bytes[from:s.Offset]))), piece{slot: s})
		before, from = nil, s.Offset
	}
	return pieces, slices.Concat(before, quotedPrintable(page.Bytes[from:]))
}

// static is a piece that is the same in every letter.
func static(b []byte) piece {
	return piece{Piece: newsletter.NewPiece(b), canonical: relaxedBody(b), static: true}
}

// quotedLine encodes bytes that are followed by others: a line that is not at
// its end ends in a soft break.
func quotedLine(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	out := quotedPrintable(b)
	if bytes.HasSuffix(out, []byte("\r\n")) {
		return out
	}
	return append(out, "=\r\n"...)
}

// appendQuoted encodes a value that others follow. It does for one line what
// quotedLine does for a page, without a writer's room for each letter.
func appendQuoted(out []byte, value string) []byte {
	if strings.ContainsAny(value, "\r\n") {
		return append(out, quotedLine([]byte(value))...)
	}
	if value == "" {
		return out
	}
	const hex, full = "0123456789ABCDEF", maxEncoded - len("=20=")
	begin := len(out) // of the line
	for rest := value; rest != ""; {
		if len(out)-begin > full {
			out = append(out, "=\r\n"...)
			begin = len(out)
		}
		if n := literal(rest, full+1-(len(out)-begin), len(out) == begin); n > 0 {
			out = append(out, rest[:n]...)
			rest = rest[n:]
			continue
		}
		out = append(out, '=', hex[rest[0]>>4], hex[rest[0]&15])
		rest = rest[1:]
	}
	return append(out, "=\r\n"...)
}

// literal is how many bytes of s, at most most, may stand as they are: no dot
// that begins a line, and no space at the end.
func literal(s string, most int, beginsLine bool) int {
	if beginsLine && s[0] == '.' {
		return 0
	}
	n := 0
	for n < min(most, len(s)) && s[n] >= ' ' && s[n] <= '~' && s[n] != '=' {
		n++
	}
	if n == len(s) && s[n-1] == ' ' {
		n--
	}
	return n
}

// quotedPrintable encodes text; its lines end in CRLF then, whatever they ended
// in. A dot that begins a line is encoded too: servers have stumbled over dots
// (RFC 5321, section 4.5.2), and a letter without them goes out as it is.
func quotedPrintable(b []byte) []byte {
	if bytes.IndexByte(b, '\r') >= 0 {
		// The writer takes an LF for the second half of a CRLF although there
		// were encoded bytes in between.
		b = []byte(lineEnds.Replace(string(b)))
	}
	var out bytes.Buffer
	out.Grow(len(b) + len(b)/8)
	w := quotedprintable.NewWriter(&out)
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	return hideDots(out.Bytes())
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// hideDots encodes the dots that begin lines. Where a line becomes too long for
// that its last character moves to the next one.
func hideDots(b []byte) []byte {
	if !bytes.HasPrefix(b, []byte(".")) && !bytes.Contains(b, []byte("\n.")) {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	for line := range bytes.Lines(b) {
		for line[0] == '.' {
			out = append(out, "=2E"...)
			line = line[1:]
			text, whole := bytes.CutSuffix(line, []byte("\r\n"))
			room := maxEncoded - len("=2E")
			if !whole {
				room -= len("=") // what follows may be a soft break
			}
			if len(text) <= room {
				break
			}
			out = append(out, "=\r\n"...)
		}
		out = append(out, line...)
	}
	return out
}

// maxEncoded is the longest line of quoted-printable text.
const maxEncoded = 76
