package markup

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A labelBook knows the spellings of a publication's topics.
type labelBook struct {
	spellings map[string]bool // words in lower case, a space between them
	longest   int             // words of the longest spelling
}

func newLabelBook(labels []string) labelBook {
	book := labelBook{spellings: map[string]bool{}}
	for _, label := range labels {
		tokens := labelWords(label)
		book.spellings[spelling(label, tokens)] = true
		book.longest = max(book.longest, len(tokens))
	}
	delete(book.spellings, "")
	return book
}

var labelPrefix = regexp.MustCompile(`(?i)^(?:tags?|topics?|categor(?:y|ies)|filed under|posted in|section|keywords)\s*:\s*`)

// line reads a line that names topics and nothing else: known ones in any
// order, or any at all after "Topics:".
func (b labelBook) line(s string) ([]string, bool) {
	rest := labelPrefix.ReplaceAllString(s, "")
	if known, ok := b.known(rest); ok {
		return known, true
	}
	if rest == s || len(words(s)) > 20 {
		return nil, false
	}
	return list(rest), true
}

// known splits a line into known labels, at each place the longest.
func (b labelBook) known(s string) ([]string, bool) {
	tokens := labelWords(s)
	var labels []string
	for len(tokens) > 0 {
		n := min(b.longest, len(tokens))
		for n > 0 && !b.spellings[spelling(s, tokens[:n])] {
			n--
		}
		if n == 0 {
			return nil, false
		}
		if label := s[tokens[0][0]:tokens[n-1][1]]; !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
		tokens = tokens[n:]
	}
	return labels, len(labels) > 0
}

// labelWords finds the words of a label or a line of labels: pairs of start and
// end.
func labelWords(s string) [][2]int {
	var all [][2]int
	start := -1
	for i, r := range s + " " {
		separates := unicode.IsSpace(r) || strings.ContainsRune(",;/|·•#", r)
		switch {
		case separates && start >= 0:
			all = append(all, [2]int{start, i})
			start = -1
		case !separates && start < 0:
			start = i
		}
	}
	return all
}

func spelling(s string, tokens [][2]int) string {
	parts := make([]string, len(tokens))
	for i, t := range tokens {
		parts[i] = strings.ToLower(s[t[0]:t[1]])
	}
	return strings.Join(parts, " ")
}

// maxLabels bounds what is believed of a file that names every word a topic.
const maxLabels = 50

// list splits "a, b; c" and leaves out empty parts, repeats, and what comes
// after maxLabels.
func list(s string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;|\n", r) }) {
		if part = oneLine(part); part != "" && len(all) < maxLabels && !slices.Contains(all, part) {
			all = append(all, part)
		}
	}
	return all
}
