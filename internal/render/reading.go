package render

import (
	"math"
	"unicode"
)

// wordsAMinute is how fast adults read silently: 238 words of non-fiction in
// English (Brysbaert, "How many words do we read per minute?", Journal of Memory
// and Language 109, 2019); other languages are near it.
const wordsAMinute = 238

// wordsPerIdeograph makes words of scripts that do not part them.
const wordsPerIdeograph = 0.6

// minutes is how long words take to read, at least one minute.
func minutes(words float64) int { return max(1, int(math.Round(words/wordsAMinute))) }

// countWords counts the words of a text.
func countWords(text string) float64 {
	n, inWord := 0.0, false
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			n += wordsPerIdeograph
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				n++
			}
			inWord = true
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
			inWord = false
		}
	}
	return n
}
