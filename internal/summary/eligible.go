package summary

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unfit says why a sentence of so many words can never be in a summary; "" if
// it can.
func unfit(p passage, words int) string {
	switch sentence := p.text; {
	case isTooLong(sentence, words):
		return WhyTooLong
	case !isWhole(sentence, words) || !hasLetters(sentence):
		return "a heading, a byline or a caption, not a whole sentence"
	case isCut(sentence):
		return "cut: a quotation, a bracket or the beginning is missing"
	case isCaption(p) || isLabelled(sentence):
		return "a picture's caption, a link or a line with a label"
	case isLoneQuotation(sentence):
		return "a quotation without its speaker"
	default:
		return ""
	}
}

// WhyTooLong is why a wall of text is passed over.
const WhyTooLong = "too long: nobody reads so much as one sentence"

const (
	whyRepeats  = "said before in the same words"
	whyQuestion = "a question cannot open a summary"
)

// whyLeans says that a sentence needs the one before.
func whyLeans(words string) string {
	return fmt.Sprintf("leans with %q on the sentence before, which is left out", words)
}

// isTooLong tells of what no reader takes for a sentence: one in ten thousand
// of those in the news has half as many words.
func isTooLong(sentence string, words int) bool {
	const mostWords, mostBytes = 160, 2000
	return words > mostWords || len(sentence) > mostBytes
}

// isWhole tells sentences from fragments: a byline, a date line, a heading and
// a caption lack the stop, the words, or the words in lower case.
func isWhole(sentence string, words int) bool {
	const (
		fewest = 3 // words; "He resigned." needs what stood before it
		enough = 8 // for a sentence with a space before its stop, or none: fewer are a heading
	)
	last, _ := utf8.DecodeLastRuneInString(sentence)
	if words < fewest || words < enough && (strings.HasSuffix(sentence, " .") || lacksStops(last)) {
		return false
	}
	return endsInStop(sentence) && !isTitleCase(sentence)
}

// endsInStop tells whether a sentence ends as one; behind a colon something is
// missing. The stop of a name in brackets is not its own: "The harbour at dawn
// (Harbour Co.)" is a caption.
func endsInStop(sentence string) bool {
	if at := strings.LastIndexByte(sentence, '('); at > 0 && strings.HasSuffix(sentence, ")") && isTitleCase(sentence[at:]) {
		sentence = strings.TrimRight(sentence[:at], " ")
	}
	bare := strings.TrimRight(sentence, closingMarks)
	last, size := utf8.DecodeLastRuneInString(bare)
	return lacksStops(last) || isStop(last) && !strings.HasSuffix(strings.TrimRight(bare[:len(bare)-size], " "), ":")
}

func isQuestion(sentence string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(sentence, closingMarks))
	return strings.ContainsRune("?？؟", last)
}

// isLoneQuotation tells whether nothing but quotations stands in a sentence.
func isLoneQuotation(sentence string) bool {
	quoted := false
	for sentence = afterDateline(sentence); sentence != ""; quoted = true {
		first, size := utf8.DecodeRuneInString(sentence)
		marks := closedBy(first)
		if marks == "" {
			break
		}
		_, after, closed := stillOpen(marks, sentence[size:])
		if !closed {
			return false
		}
		sentence = strings.TrimLeft(after, " .,;-–—")
	}
	return quoted && !strings.ContainsFunc(sentence, isWordRune)
}

// isTitleCase tells whether no word of a text begins in lower case, though its
// script has lower case.
func isTitleCase(text string) bool {
	upper := false
	for word := range strings.FieldsSeq(text) {
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLetter(first) {
			first, _ = utf8.DecodeRuneInString(strings.TrimLeft(word, `"'“‘«„([`))
		}
		if unicode.IsLower(first) {
			return false
		}
		upper = upper || unicode.IsUpper(first)
	}
	return upper
}

// isCut tells of a sentence that a wrong split has cut: it begins in lower
// case, or a quotation or a bracket in it has no other half.
func isCut(sentence string) bool {
	if startsLower(sentence) {
		return true
	}
	if open, _, _ := stillOpen("", sentence); open != "" && open != "'" {
		return true
	}
	if strings.Count(sentence, `"`)%2 == 1 || strings.Contains(sentence, "”") && !strings.ContainsAny(sentence, "“„") {
		return true
	}
	depth := 0
	for i := range len(sentence) {
		switch sentence[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth < 0 {
				return true
			}
		}
	}
	return depth != 0
}

// hasLetters tells whether a sentence is mostly words.
func hasLetters(sentence string) bool {
	letters, rest := 0, 0
	for _, r := range sentence {
		switch {
		case unicode.IsLetter(r):
			letters++
		case r != ' ' && !unicode.IsSpace(r) && !unicode.IsMark(r):
			rest++
		}
	}
	return letters > rest
}
