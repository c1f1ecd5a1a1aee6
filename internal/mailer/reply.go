package mailer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

const (
	maxReplyLines = 100
	maxReplyText  = 500 // bytes that are kept
)

// A reply is what the server says to a command.
type reply struct {
	code  int
	words []byte // as they came, until the next reading
}

// text is the words, fit to be shown.
func (r reply) text() string { return clean(string(r.words)) }

// readReply reads a reply of one or more lines (RFC 5321, section 4.2.1). A
// line is at most as long as the reader's buffer. An error leaves the line
// unusable.
func readReply(r *bufio.Reader) (reply, error) {
	var whole reply
	for n := range maxReplyLines {
		line, err := r.ReadSlice('\n')
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return reply{}, fmt.Errorf("read the reply: %w", err)
		}
		one, more, ok := parseReplyLine(line)
		switch {
		case !ok || n > 0 && one.code != whole.code:
			return reply{}, fmt.Errorf("not an SMTP reply: %.80q", line)
		case n == 0 && !more: // as nearly all are
			return one, nil
		case n == 0:
			whole = reply{one.code, bytes.Clone(one.words)} // the next line may take its place
		default:
			whole.words = append(append(whole.words, ' '), one.words...)
		}
		if !more {
			return whole, nil
		}
	}
	return reply{}, fmt.Errorf("a reply of more than %d lines", maxReplyLines)
}

// parseReplyLine takes "250-words" apart; more tells of the hyphen.
func parseReplyLine(line []byte) (r reply, more, ok bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2]) {
		return r, false, false
	}
	r.code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return r, false, true
	}
	r.words = line[4:]
	return r, line[3] == '-', line[3] == '-' || line[3] == ' '
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// enhancedCode is the status that begins the text: three numbers, the last two
// of at most three digits. It must be of the reply's own class (RFC 2034,
// section 4).
func enhancedCode(code int, text string) string {
	if len(text) < len("2.0.0") || int(text[0]-'0') != code/100 || strings.IndexByte("245", text[0]) < 0 {
		return ""
	}
	i := 1
	for range 2 {
		if i == len(text) || text[i] != '.' {
			return ""
		}
		begin := i + 1
		for i = begin; i < len(text) && isDigit(text[i]); i++ {
		}
		if i == begin || i > begin+3 {
			return ""
		}
	}
	if i < len(text) && text[i] != ' ' && text[i] != '\t' {
		return ""
	}
	return text[:i]
}

// clean makes a server's words fit to be shown and kept: one line of valid
// UTF-8 without control characters, at most maxReplyText bytes.
func clean(s string) string {
	if len(s) <= maxReplyText && newsletter.IsPlainLine(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxReplyText {
		return s
	}
	n := maxReplyText
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
