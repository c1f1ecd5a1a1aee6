package summary

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unfit says why a sentence can never be in a summary; "" if it can.
func unfit(sentence string) string {
	switch {
	case !isWhole(sentence) || !hasLetters(sentence):
		return "a heading, a byline or a caption, not a whole sentence"
	case isCut(sentence):
		return "cut: a quotation, a bracket or the beginning is missing"
	case isCaption(sentence) || isLabelled(sentence):
		return "a picture's caption, a link or a line with a label"
	case isLoneQuotation(sentence):
		return "a quotation without its speaker"
	default:
		return ""
	}
}

const (
	whyRepeats  = "said before in the same words"
	whyQuestion = "a question cannot open a summary"
)

// whyLeans says that a sentence needs the one before.
func whyLeans(words string) string {
	return fmt.Sprintf("leans with %q on the sentence before, which is left out", words)
}

// isWhole tells sentences from fragments: a byline, a date line, a heading and
// a caption lack the stop, the words, or the words in lower case.
func isWhole(sentence string) bool {
	const (
		fewest = 3 // words; "He resigned." needs what stood before it
		enough = 8 // for a sentence with a space before its stop: fewer are a heading to which one was added
	)
	n := countWords(sentence)
	if n < fewest || n < enough && strings.HasSuffix(sentence, " .") {
		return false
	}
	return endsInStop(sentence) && !isTitleCase(sentence)
}

// endsInStop tells whether a sentence ends as one; behind a colon something is
// missing.
func endsInStop(sentence string) bool {
	bare := strings.TrimRight(sentence, closingMarks)
	last, size := utf8.DecodeLastRuneInString(bare)
	return isStop(last) && !strings.HasSuffix(strings.TrimRight(bare[:len(bare)-size], " "), ":")
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
	for _, r := range sentence {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		}
		if depth < 0 {
			return true
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
		case !unicode.IsSpace(r):
			rest++
		}
	}
	return letters > rest
}
