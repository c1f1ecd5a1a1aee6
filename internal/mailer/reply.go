package mailer

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxReplyLines = 100
	maxReplyText  = 500 // bytes that are kept
)

var enhancedStatus = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}(?:\s|$)`)

// A reply is what the server says to a command.
type reply struct {
	code  int
	class string // enhanced status code (RFC 3463), where there is one
	text  string
}

// readReply reads a reply of one or more lines (RFC 5321, section 4.2.1). A
// line is at most as long as the reader's buffer. An error leaves the line
// unusable.
func readReply(r *bufio.Reader) (reply, error) {
	var first reply
	var text []string
	for len(text) < maxReplyLines {
		line, err := r.ReadSlice('\n')
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return reply{}, fmt.Errorf("read the reply: %w", err)
		}
		code, words, more, ok := parseReplyLine(string(line))
		if !ok || (len(text) > 0 && code != first.code) {
			return reply{}, fmt.Errorf("not an SMTP reply: %.80q", line)
		}
		if len(text) == 0 {
			first = reply{code: code, class: enhancedCode(code, words)}
		}
		text = append(text, words)
		if !more {
			first.text = clean(strings.Join(text, " "))
			return first, nil
		}
	}
	return reply{}, fmt.Errorf("a reply of more than %d lines", maxReplyLines)
}

// parseReplyLine takes "250-words" apart; more tells of the hyphen.
func parseReplyLine(line string) (code int, words string, more, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '9' || line[2] < '0' || line[2] > '9' {
		return 0, "", false, false
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return code, "", false, true
	}
	return code, line[4:], line[3] == '-', line[3] == '-' || line[3] == ' '
}

// enhancedCode is the status that begins the text. It must be of the reply's
// own class (RFC 2034, section 4).
func enhancedCode(code int, text string) string {
	status := enhancedStatus.FindString(text)
	if status == "" || int(status[0]-'0') != code/100 {
		return ""
	}
	return strings.TrimSpace(status)
}

// clean makes a server's words fit to be shown and kept: one line of valid
// UTF-8 without control characters, at most maxReplyText bytes.
func clean(s string) string {
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
