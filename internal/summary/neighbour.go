package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// firstWord is the first word of a text, without marks before and behind.
func firstWord(text string) string {
	text = strings.TrimLeft(text, openingMarks)
	if end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) && r != '\'' && r != '’' }); end >= 0 {
		text = text[:end]
	}
	return strings.TrimRight(text, "'’")
}

// lastWord is what follows the last white space, without opening marks.
func lastWord(text string) string {
	text = text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return strings.TrimLeft(text, openingMarks)
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return lowered[r] != 0
	}
	return isForeignWordRune(r)
}

// isPlain tells of the letters and digits of ASCII, which most runes are: what
// looks for others passes over them first.
func isPlain(r rune) bool { return r < utf8.RuneSelf && lowered[r] != 0 }

// lowered holds ASCII's letters and digits in lower case, and 0 for the rest.
var lowered = func() (low [utf8.RuneSelf]rune) {
	for r := range rune(utf8.RuneSelf) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			low[r] = unicode.ToLower(r)
		}
	}
	return low
}()

// isForeignWordRune is isWordRune past ASCII.
func isForeignWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// isInitial tells of a single letter: "E. Smith", "z. B.".
func isInitial(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsLetter(r)
}

// isAbbreviated tells of single letters with stops between: "U.S", "J.-C".
func isAbbreviated(word string) bool {
	for _, part := range strings.Split(word, ".") {
		if n := utf8.RuneCountInString(strings.Trim(part, "-")); n > 2 || n == 2 && len(word) > 5 {
			return false
		}
		if strings.ContainsFunc(part, unicode.IsDigit) {
			return false
		}
	}
	return true
}

// isOrdinal tells of a number that is short enough for a day or a rank.
func isOrdinal(word string) bool {
	const longest = 2 // digits
	if len(word) == 0 || len(word) > longest {
		return false
	}
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}
