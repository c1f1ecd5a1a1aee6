package selection

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// keywords find words and phrases in texts, in one pass for all of them. A
// keyword that begins with "-" excludes: where it occurs, its topic has no
// keyword there. A phrase's words stand in a row, with any white space between.
type keywords struct {
	byFirst [256][]keyword // by the first byte
	topics  int
}

type keyword struct {
	words    string // folded
	last     rune
	topic    int // number in the publication
	excludes bool
	written  string // as configured
}

func newKeywords(topics []newsletter.Topic) *keywords {
	k := &keywords{topics: len(topics)}
	for n, t := range topics {
		for _, written := range t.Keywords {
			words, excludes := strings.CutPrefix(fold(written), "-")
			words = strings.TrimSpace(words)
			if words == "" {
				continue
			}
			last, _ := utf8.DecodeLastRuneInString(words)
			k.byFirst[words[0]] = append(k.byFirst[words[0]], keyword{words, last, n, excludes, written})
		}
	}
	return k
}

// A finding is what the keywords of one topic found in one text.
type finding struct {
	keyword  string // as configured; "": none
	excluded bool
}

// in returns what each topic's keywords find in a folded text, by the topic's
// number.
func (k *keywords) in(text string) []finding {
	found := make([]finding, k.topics)
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
			f := &found[w.topic]
			if f.excluded || !w.excludes && f.keyword != "" || !strings.HasPrefix(text[i:], w.words) {
				continue
			}
			if isBorder(before, r) && w.endsIn(text[i+len(w.words):]) {
				w.enter(f)
			}
		}
		before = r
		i += size
	}
	return found
}

func (w keyword) enter(f *finding) {
	if w.excludes {
		f.excluded = true
	} else {
		f.keyword = w.written
	}
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
