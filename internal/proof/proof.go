// Package proof checks what a summary claims about itself. It promises that a
// summary it lets pass consists of sentences that stand, word for word and in
// that order, in the articles they name. It shares no code with what makes
// summaries, so that a mistake there cannot hide here.
package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
)

// Verify proves that the quotes, one space between them, are exactly the
// summary but for white space, that the text of each quote's article still has
// the quote's hash, and that each quote stands at its offsets. The function
// text returns an article's current text by id, false where there is none. The
// error joins one for each quote at fault, by its number from 1, and one for
// the summary.
func Verify(summary string, quotes []newsletter.Quote, text func(article string) (string, bool)) error {
	var faults []error
	words := strings.Fields(summary)
	for i, q := range quotes {
		if err := stands(q, text); err != nil {
			faults = append(faults, fmt.Errorf("sentence %d, %s: %w", i+1, abridged(q.Text), err))
		}
		rest, err := cut(words, strings.Fields(q.Text))
		if err != nil {
			return errors.Join(append(faults, fmt.Errorf("sentence %d, %s: %w", i+1, abridged(q.Text), err))...)
		}
		words = rest
	}
	if len(words) > 0 {
		faults = append(faults, fmt.Errorf("the summary goes on after sentence %d with words that are no quote: %s", len(quotes), abridged(strings.Join(words, " "))))
	}
	return errors.Join(faults...)
}

// stands proves a quote against its article's text.
func stands(q newsletter.Quote, text func(string) (string, bool)) error {
	whole, ok := text(q.Article)
	if !ok {
		return fmt.Errorf("there is no article %q", q.Article)
	}
	if sum := sha256.Sum256([]byte(whole)); hex.EncodeToString(sum[:]) != strings.ToLower(q.Hash) {
		return fmt.Errorf("article %q has changed since", q.Article)
	}
	if q.Start < 0 || q.End > len(whole) || q.Start >= q.End {
		return fmt.Errorf("bytes %d to %d are not in article %q, which has %d", q.Start, q.End, q.Article, len(whole))
	}
	if there := strings.Join(strings.Fields(whole[q.Start:q.End]), " "); there != q.Text {
		return fmt.Errorf("article %q has other words at bytes %d to %d: %s", q.Article, q.Start, q.End, abridged(there))
	}
	return nil
}

// cut takes a quote's words off the beginning of the summary's.
func cut(summary, quote []string) ([]string, error) {
	if len(quote) == 0 {
		return nil, errors.New("the quote is empty")
	}
	for i, w := range quote {
		if i == len(summary) {
			return nil, errors.New("the summary ends before it")
		}
		if summary[i] != w {
			return nil, fmt.Errorf("the summary has %q where the quote has %q", summary[i], w)
		}
	}
	return summary[len(quote):], nil
}

// abridged quotes enough of a text to find it.
func abridged(text string) string {
	const enough = 60 // runes
	runes := []rune(text)
	if len(runes) > enough {
		text = string(runes[:enough]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
