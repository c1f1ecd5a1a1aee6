package selection

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// keywords find words and phrases in texts, in one pass for all of them.
type keywords struct {
	byFirst [256][]keyword // by the first byte
	topics  int
}

type keyword struct {
	words string // folded
	last  rune
	topic int // number in the publication
}

func newKeywords(topics []newsletter.Topic) *keywords {
	k := &keywords{topics: len(topics)}
	for n, t := range topics {
		for _, words := range t.Keywords {
			words = fold(words)
			if words == "" {
				continue
			}
			last, _ := utf8.DecodeLastRuneInString(words)
			k.byFirst[words[0]] = append(k.byFirst[words[0]], keyword{words, last, n})
		}
	}
	return k
}

// in returns the numbers of the topics with a keyword in a folded text, in
// ascending order.
func (k *keywords) in(text string) []int {
	found := make([]bool, k.topics)
	before := ' '
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		bucket := k.byFirst[text[i]]
		if isLower(before) && isLower(r) {
			bucket = nil // the common case, for speed: the middle of a word
		}
		for _, w := range bucket {
			if !found[w.topic] && strings.HasPrefix(text[i:], w.words) {
				found[w.topic] = isBorder(before, r) && w.endsIn(text[i+len(w.words):])
			}
		}
		before = r
		i += size
	}
	var numbers []int
	for n, ok := range found {
		if ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// endsIn tells whether the keyword's last word ends before the rest of a text.
func (w keyword) endsIn(rest string) bool {
	after, size := utf8.DecodeRuneInString(rest)
	return size == 0 || isBorder(w.last, after)
}

func isLower(r rune) bool { return 'a' <= r && r <= 'z' }

// isBorder tells whether a word may end between two runes.
func isBorder(a, b rune) bool {
	return !isWord(a) || !isWord(b) || isUnspaced(a) || isUnspaced(b)
}

// isUnspaced tells whether a rune is of a script that sets no spaces between
// words, or glues particles to them.
func isUnspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
