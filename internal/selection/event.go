package selection

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/newsletter"
)

// The measures of two reports of one event, in words of their own.
const (
	openingLike = 0.35 // cosine of titles and beginnings
	textLike    = 0.65 // cosine of the whole texts, or
	vocabulary  = 0.7  // of what the smaller vocabulary tells is in the larger; more for
	briefWords  = 120  // texts up to here,
	briefVocab  = 0.85 // which find much of their words in any long text
)

// sameEvent tells whether two articles report one event, without a passage in
// common.
func (c *comparison) sameEvent(a, b int) (l likeness, ok bool) {
	p, q := &c.pages[a], &c.pages[b]
	opening := cosine(p.opening, q.opening)
	if opening < openingLike {
		return l, false
	}
	x, y := c.vectorOf(p), c.vectorOf(q)
	known, enough := containment(x, y, c.weigh), vocabulary
	if min(len(p.words), len(q.words)) < briefWords {
		enough = briefVocab
	}
	text := cosine(x, y)
	if known < enough && text < textLike || !c.tellsTheSame(p, q) {
		return l, false
	}
	return likeness{a, b, (opening + max(known, text)) / 2, c.eventReason(p, q)}, true
}

// tellsTheSame looks beyond the passages that both have: a source sets the
// same history under each chapter of a long story. Where most is such, near has
// judged.
func (c *comparison) tellsTheSame(p, q *page) bool {
	short, long := byLength(p, q)
	common := covered(short.words, runsOf(long.words))
	return float64(count(common)) < most*float64(len(common)) && c.restAgrees(short, long, common)
}

// eventReason names what the beginnings have in common and tells most: names
// and numbers first.
func (c *comparison) eventReason(p, q *page) string {
	const named = 4
	names := namesIn(p.article)
	var common []int32
	shared(p.opening, q.opening, func(i, _ int) { common = append(common, p.opening.words[i]) })
	slices.SortStableFunc(common, func(a, b int32) int {
		return cmp.Or(
			trueFirst(names[c.words[a]] != "", names[c.words[b]] != ""),
			cmp.Compare(c.weigh[b], c.weigh[a]),
			strings.Compare(c.words[a], c.words[b]),
		)
	})
	words := make([]string, 0, named)
	for _, w := range common[:min(named, len(common))] {
		words = append(words, cmp.Or(names[c.words[w]], c.words[w]))
	}
	return fmt.Sprintf("same event: title and beginning share %s, within %s", strings.Join(words, ", "), hours(p.when, q.when))
}

// namesIn are the words at an article's beginning that are written with a
// capital, and the larger numbers, by their folded form.
func namesIn(a newsletter.Article) map[string]string {
	const beginning = 12 * openingWords // bytes
	names := map[string]string{}
	for _, word := range strings.FieldsFunc(a.Title+" "+a.Text[:min(beginning, len(a.Text))], func(r rune) bool { return !isWord(r) }) {
		first, _ := utf8.DecodeRuneInString(word)
		if unicode.IsUpper(first) || unicode.IsDigit(first) && len(word) > 2 {
			names[fold(word)] = word
		}
	}
	return names
}

func hours(a, b time.Time) string {
	switch n := int((a.Sub(b).Abs() + time.Hour - 1) / time.Hour); n {
	case 0, 1:
		return "an hour"
	default:
		return fmt.Sprintf("%d h", n)
	}
}

// events returns the pairs of pages that may report one event: of a time, with
// several rare words in their titles and beginnings.
func (c *comparison) events(wanted func(a, b int) bool) [][2]int {
	const (
		rare  = 24 // beginnings that have the word
		words = 3  // rare ones in common
	)
	begin := make([][]int32, len(c.words)) // by word: the pages
	for i, p := range c.pages {
		if len(p.words) < eventWords {
			continue
		}
		for _, w := range p.opening.words {
			if len(begin[w]) <= rare {
				begin[w] = append(begin[w], int32(i))
			}
		}
	}
	var found []uint64
	for _, list := range begin {
		if len(list) > rare {
			continue
		}
		for i, a := range list {
			for _, b := range list[i+1:] {
				if c.pages[a].when.Sub(c.pages[b].when).Abs() <= eventTime && wanted(int(a), int(b)) {
					found = append(found, uint64(a)<<32|uint64(b))
				}
			}
		}
	}
	return frequent(found, func(int, int) int { return words })
}
