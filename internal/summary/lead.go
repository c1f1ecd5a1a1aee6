package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lead takes whole sentences from the start of a text while the budget of
// words holds, at least one: a first sentence that exceeds the budget is taken
// alone. Headings, bylines, captions and repetitions are passed over, and so
// are openers that cannot stand at the beginning: a question, a quotation
// without its speaker. Where nothing else is left it takes what there is. Only
// an empty text gives none.
func Lead(text, language string, words int) []Sentence {
	sentences := Split(text, language)
	chosen := lead(sentences, words, isOpener)
	if len(chosen) == 0 {
		chosen = lead(sentences, words, isWhole)
	}
	if len(chosen) == 0 && len(sentences) > 0 {
		chosen = sentences[:1]
	}
	return chosen
}

// Text is the summary that sentences make: each verbatim, but for white space
// inside, which becomes single spaces; one space between them.
func Text(sentences []Sentence) string {
	var words []string
	for _, s := range sentences {
		words = append(words, strings.Fields(s.Text)...)
	}
	return strings.Join(words, " ")
}

// lead begins with the first sentence that opens allows.
func lead(sentences []Sentence, budget int, opens func(string) bool) []Sentence {
	var chosen []Sentence
	seen := map[string]bool{}
	for _, s := range sentences {
		folded := Text([]Sentence{s})
		if !isWhole(s.Text) || seen[folded] || (len(chosen) == 0 && !opens(s.Text)) {
			continue
		}
		seen[folded] = true
		budget -= countWords(s.Text)
		if budget < 0 && len(chosen) > 0 {
			break
		}
		chosen = append(chosen, s)
	}
	return chosen
}

// isOpener tells whether a summary can begin with a whole sentence.
func isOpener(sentence string) bool {
	return !isQuestion(sentence) && !isLoneQuotation(sentence)
}

// isWhole tells sentences from fragments: a byline, a date line, a heading and
// a caption lack the stop, the words, or the words in lower case.
func isWhole(sentence string) bool {
	const fewest = 3 // words; "He resigned." needs what stood before it
	return endsInStop(sentence) && countWords(sentence) >= fewest && !isTitleCase(sentence)
}

func endsInStop(sentence string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(sentence, closingMarks))
	return strings.ContainsRune(".!?…。！？．؟।॥", last) && !strings.HasSuffix(sentence, ":.")
}

func isQuestion(sentence string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(sentence, closingMarks))
	return strings.ContainsRune("?？؟", last)
}

// isLoneQuotation tells whether nothing stands outside the quotation with
// which a sentence begins.
func isLoneQuotation(sentence string) bool {
	first, size := utf8.DecodeRuneInString(sentence)
	marks := closedBy(first)
	if marks == "" {
		return false
	}
	_, after, closed := stillOpen(marks, sentence[size:])
	return closed && !strings.ContainsFunc(after, isWordRune)
}

// isTitleCase tells whether no word of a text begins in lower case, though its
// script has lower case.
func isTitleCase(text string) bool {
	upper := false
	for _, word := range strings.Fields(text) {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, `"'“‘«„([`))
		if unicode.IsLower(first) {
			return false
		}
		upper = upper || unicode.IsUpper(first)
	}
	return upper
}

// countWords counts words as an editor does; in scripts without spaces two
// letters are a word.
func countWords(text string) int {
	words, unspaced := 0, 0
	inside := false // a run without spaces that has a letter or a digit
	for _, r := range text {
		switch {
		case isWordRune(r):
			if !inside {
				words++
			}
			inside = true
			if r >= firstUnspaced && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
				unspaced++
			}
		case unicode.IsSpace(r):
			inside = false
		}
	}
	return max(words, (unspaced+1)/2)
}

// firstUnspaced is where scripts without spaces begin.
const firstUnspaced = 0x0e00
