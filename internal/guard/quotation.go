package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkQuotations looks for the words of each quotation in the source, in a
// row. Marks and capitals may differ.
func (c *checker) checkQuotations(s sentence) {
	for _, quoted := range quotations(s.text) {
		for _, part := range strings.FieldsFunc(quoted, func(r rune) bool { return r == '…' || r == '[' || r == ']' }) {
			for piece := range strings.SplitSeq(part, "...") {
				if !c.source.hasInARow(piece) {
					c.fault(s, Quotation, strings.TrimSpace(piece), "the source does not have these words in a row")
				}
			}
		}
	}
}

// quotations are the texts between quotation marks. A mark that nothing closes
// opens none.
func quotations(text string) []string {
	var found []string
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		i += size
		closing := closedBy(r)
		if closing == "" || isWordRune(before) {
			continue
		}
		if end := closes(text[i:], closing); end >= 0 {
			found = append(found, text[i:i+end])
			i += end
		}
	}
	return found
}

// closedBy are the marks that close a quotation which r opens.
func closedBy(r rune) string {
	switch r {
	case '"':
		return `"”`
	case '“':
		return `”"“`
	case '„':
		return `“”"`
	case '«':
		return "»"
	case '»':
		return "«"
	case '‘', '\'':
		return "’'"
	case '‚':
		return "‘’"
	default:
		return ""
	}
}

// closes finds the mark that closes a quotation, as an offset, or -1. An
// apostrophe closes none: a letter follows it.
func closes(text, marks string) int {
	for i, r := range text {
		if !strings.ContainsRune(marks, r) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		if !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return i
		}
	}
	return -1
}

// hasInARow tells whether the words of a text stand in the source one after
// another.
func (x *index) hasInARow(text string) bool {
	words := parse(text, x.language).tokens
	if len(words) == 0 {
		return true
	}
	for _, at := range x.byWord[words[0].word] {
		n := 1
		for n < len(words) && x.word(at+n) == words[n].word {
			n++
		}
		if n == len(words) {
			return true
		}
	}
	return false
}
