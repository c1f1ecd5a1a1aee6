package summary

import "fmt"

// unfit says why a sentence can never be in a summary; "" if it can.
func unfit(sentence string) string {
	switch {
	case !isWhole(sentence) || !hasLetters(sentence):
		return "a heading, a byline or a caption, not a whole sentence"
	case isCut(sentence):
		return "cut: a quotation, a bracket or the beginning is missing"
	case isCaption(sentence):
		return "a picture's caption"
	case isLoneQuotation(sentence):
		return "a quotation without its speaker"
	default:
		return ""
	}
}

const (
	whyRepeats  = "said before in the same words"
	whyFar      = "too far from the article's beginning"
	whyQuestion = "a question cannot open a summary"
)

// whyLeans says that a sentence needs the one before.
func whyLeans(words string) string {
	return fmt.Sprintf("leans with %q on the sentence before, which is left out", words)
}
