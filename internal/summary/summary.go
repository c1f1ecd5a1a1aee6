package summary

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"broadsheet/internal/newsletter"
)

// Options bound a summary: exactly one of Words and Sentences is positive.
type Options struct {
	Words     int    // at most so many words, but at least one sentence
	Sentences int    // so many sentences, if the articles have them
	Language  string // BCP 47 tag of all the articles; "": each article's is detected
}

// A Summary is a choice of sentences. The quotes stand in the order of the
// articles, and within an article in the order of its text.
type Summary struct {
	Quotes   []newsletter.Quote
	Language string   // of the first article, as told or detected; "": unknown
	Passed   []Passed // in the order of the text
}

// Passed is a sentence that could not be chosen.
type Passed struct{ Text, Why string }

// Text is what a reader sees: the quotes, one space between them.
func (s Summary) Text() string {
	texts := make([]string, len(s.Quotes))
	for i, q := range s.Quotes {
		texts[i] = q.Text
	}
	return strings.Join(texts, " ")
}

// Summarize chooses the sentences that tell a story best. The story's lead
// article comes first; of the others it reads those in the same language. It
// never chooses a sentence that needs another which is left out, a fragment, or
// a quotation without its speaker, and never opens with a question; where
// nothing else is left it takes one sentence of what there is. Only articles
// without any text, or with nothing but walls of it, give an empty summary.
func Summarize(articles []newsletter.Article, o Options) Summary {
	return SummarizeWith(articles, o, embedded())
}

// SummarizeWith is Summarize with other weights than those that come with the
// program.
func SummarizeWith(articles []newsletter.Article, o Options, w *Weights) Summary {
	return choose(read(articles, o.Language, w), o).summary(articles)
}

// fold makes every run of white space one space.
func fold(text string) string {
	if isFolded(text) {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

func isFolded(text string) bool {
	before := ' '
	for _, r := range text {
		if !isPlain(r) && unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			return false
		}
		before = r
	}
	return before != ' '
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
