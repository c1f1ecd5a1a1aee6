package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestQuotation is how many sentences a quotation may join. A longer one is
// more likely a mark that somebody forgot to close.
const longestQuotation = 8

// joinQuotations joins the sentences inside one quotation: cut in the middle,
// half of it would stand without its marks and without its speaker.
func joinQuotations(text string, sentences []span) []span {
	var joined []span
	for i := 0; i < len(sentences); i++ {
		s := sentences[i]
		open, _, _ := stillOpen("", s.of(text))
		for j := i + 1; open != "" && j < min(len(sentences), i+longestQuotation); j++ {
			if open, _, _ = stillOpen(open, sentences[j].of(text)); open == "" {
				s.end, i = sentences[j].end, j
			}
		}
		joined = append(joined, s)
	}
	return joined
}

// stillOpen reads a text that begins inside a quotation which one of the marks
// in open would close ("": outside of any). It returns the same for the text's
// end, and what follows the first mark that closed a quotation, if one did.
func stillOpen(open, text string) (end, after string, closed bool) {
	before := ' '
	for i, r := range text {
		if !isPlain(r) && isMark(r) {
			rest := text[i+utf8.RuneLen(r):]
			next := ' '
			if rest != "" {
				next, _ = utf8.DecodeRuneInString(rest)
			}
			switch {
			case open == "" && (!isWordRune(before) || isUnspaced(before)) && (r == '«' || !unicode.IsSpace(next)): // French sets a space
				open = closedBy(r)
			case open != "" && strings.ContainsRune(open, r) && !isApostrophe(before, r, next):
				open = ""
				if !closed {
					after, closed = rest, true
				}
			}
		}
		before = r
	}
	return open, after, closed
}

// isMark tells of all the marks that open or close a quotation.
func isMark(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»', '‘', '’', '\'', '`', '「', '」', '『', '』':
		return true
	}
	return false
}

// closedBy are the marks that close a quotation which r opens; "" if r opens
// none.
func closedBy(r rune) string {
	switch r {
	case '"':
		return `"`
	case '「':
		return "」"
	case '『':
		return "』"
	case '“':
		return `”"`
	case '„':
		return `“”"`
	case '«':
		return "»"
	case '‘':
		return "’"
	case '\'', '`':
		return "'"
	default:
		return ""
	}
}

// isApostrophe tells apostrophes from single marks that close a quotation:
// those stand before no letter and touch a stop.
func isApostrophe(before, r, after rune) bool {
	const stops = ".,!?;:…-–—)"
	touches := strings.ContainsRune(stops, before) || strings.ContainsRune(stops, after)
	return (r == '\'' || r == '’') && (isWordRune(after) || !touches)
}

// opensQuotation tells whether a sentence begins with a quotation.
func opensQuotation(sentence string) bool {
	first, _ := utf8.DecodeRuneInString(sentence)
	return closedBy(first) != ""
}

// holdsQuotation tells whether a quotation in double marks stands in a text.
func holdsQuotation(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r == '"' || r == '“' || r == '„' || r == '«' || r == '「' })
}
