package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// followsLower tells whether the word before the one at the stop is in lower
// case: "vitamin C. It", not "Albert I. The".
func (s *stop) followsLower() bool {
	before := strings.TrimRightFunc(s.text[max(s.start, s.at-longestWord):s.at-len(s.before)], unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(lastWord(before))
	return unicode.IsLower(first)
}

// startsSentence tells whether a text begins as sentences do: with a capital, a
// number or a sign, or a name like eBay, or a Dutch 's before a capital.
func startsSentence(text string) bool {
	for _, clipped := range []string{"'s ", "’s ", "'t ", "’t ", "'n ", "’n "} {
		if rest, ok := strings.CutPrefix(text, clipped); ok {
			text = rest
			break
		}
	}
	return beginsBracketed(text) || !startsLower(strings.TrimLeft(text, openingMarks+" \u00a0\u202f"))
}

// startsLower tells whether a text goes on in lower case, as no sentence
// begins but with a name like eBay or iPhone.
func startsLower(text string) bool {
	text = strings.TrimLeft(text, openingMarks)
	first, size := utf8.DecodeRuneInString(text)
	if !unicode.IsLower(first) {
		return first == ',' || first == ';'
	}
	second, _ := utf8.DecodeRuneInString(text[size:])
	return !unicode.IsUpper(second)
}

func startsWithNumber(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, openingMarks))
	return unicode.IsDigit(first)
}

// said are the words by which a quotation names its speaker.
var said = words("said says asked asks told added replied shouted cried wrote tweeted exclaimed wondered yelled explained joked quipped recalled " +
	"sagte fragte rief schrieb a demande demandait dijo preguntó chiese zei vroeg")

// saysWho tells whether a speaker is named: "Smith asked", "the Queen said".
func saysWho(text string) bool {
	const enough = 4
	for i, w := range strings.Fields(text) {
		if i == enough || strings.ContainsAny(w, ",;:") {
			return false
		}
		if i > 0 && said[strings.TrimRight(w, ".")] {
			return true
		}
		if first, _ := utf8.DecodeRuneInString(w); i > 0 && unicode.IsLower(first) {
			return false
		}
	}
	return false
}

// goesOn tells whether a sentence goes on behind a quotation, in scripts
// without spaces: with the particle that closes it, or with who said it.
func goesOn(next string) bool {
	const far = 30 // bytes
	for _, particle := range []string{"と", "って", "など"} {
		if strings.HasPrefix(next, particle) {
			return true
		}
	}
	who := next[:min(far, len(next))]
	if end := strings.IndexAny(who, "。，、！？：“「\n"); end >= 0 {
		who = who[:end]
	}
	return strings.ContainsAny(who, "说說道问問称稱")
}
