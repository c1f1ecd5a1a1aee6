package summary

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestMark is in bytes, the bullet and white space included.
const longestMark = 16

// isListMark tells whether a text is nothing but the mark of a list's item: a
// bullet, or a number or a letter with a stop or a bracket, or both.
func isListMark(text string) bool {
	if len(text) > longestMark {
		return false
	}
	text = strings.TrimSpace(text)
	if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune("•⁃*–-", r) {
		if text = strings.TrimSpace(text[size:]); text == "" {
			return true
		}
	}
	value := strings.TrimSuffix(strings.TrimSuffix(text, ")"), ".")
	if value == text || value == "" || len(value) > 3 {
		return false
	}
	return isInitial(value) && len(value) == 1 || strings.Trim(value, "0123456789") == ""
}

// An enumeration is a list without line breaks: its items begin with marks of
// one style that count up.
type enumeration struct {
	next  string // the mark that must come, with the white space before
	style string
	value string
}

// enumerated is the beginning of a list's first item.
var enumerated = regexp.MustCompile(`^(\d{1,2}|[a-z])(\.\)|\)|\.)\s`)

// enumerationOf finds the list that begins with a text; nil: none does.
func enumerationOf(text string) *enumeration {
	if len(text) < 3 || !strings.ContainsAny(text[1:min(4, len(text))], ".)") {
		return nil
	}
	found := enumerated.FindStringSubmatch(text)
	if found == nil {
		return nil
	}
	e := &enumeration{value: found[1], style: found[2]}
	e.count()
	return e
}

// count makes the next mark.
func (e *enumeration) count() {
	if c := e.value[0]; unicode.IsLetter(rune(c)) {
		e.value = string(rune(c + 1))
	} else {
		n, _ := strconv.Atoi(e.value)
		e.value = strconv.Itoa(n + 1)
	}
	e.next = " " + e.value + e.style + " "
}

// follows tells whether the next item begins behind a byte, and counts on.
func (e *enumeration) follows(text string, at int) bool {
	if text[at] != ' ' && text[at] != '\n' || !strings.HasPrefix(text[at+1:], e.next[1:]) {
		return false
	}
	e.count()
	return true
}

// bracketed is the mark of a list's item that begins with a capital.
var bracketed = regexp.MustCompile(`^\(?(?:[a-z]|[ivx]{1,5})\) \p{Lu}`)

func beginsBracketed(text string) bool {
	head := text[:min(len(text), longestMark)]
	return strings.Contains(head, ") ") && bracketed.MatchString(head)
}

// isListOfLines tells of lines that begin in lower case, none with a stop.
func isListOfLines(text string) bool {
	if strings.IndexFunc(text, isStop) >= 0 || !strings.Contains(text, "\n") {
		return false
	}
	for line := range strings.Lines(text) {
		if first, _ := utf8.DecodeRuneInString(line); !unicode.IsLower(first) {
			return false
		}
	}
	return true
}

func isBulletRune(r rune) bool { return r == '•' || r == '⁃' }

func isBullet(line string) bool {
	line = strings.TrimLeft(line, " \t")
	for _, bullet := range []string{"• ", "⁃ ", "- ", "– ", "* "} {
		if strings.HasPrefix(line, bullet) {
			return true
		}
	}
	return false
}
