package selection

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/newsletter"
)

// shortText is the length in bytes below which a text proves nothing: "Read
// the full story" stands under many headlines, so there the title must be the
// same too.
const shortText = 80

// An entry is an article in the pool, with what it is compared by.
type entry struct {
	article   newsletter.Article
	text      string // folded
	elsewhere string // in which other issue it stands; "": it is a candidate
}

func newEntry(a newsletter.Article, elsewhere string) entry {
	return entry{article: a, text: fold(a.Text), elsewhere: elsewhere}
}

// joinEqual joins the articles that have the same key; "" is no key.
func joinEqual(pool []entry, same sets, key func(entry) string, why string) (bonds []bond) {
	first := make(map[string]int, len(pool))
	for i, e := range pool {
		k := key(e)
		if k == "" {
			continue
		}
		if j, ok := first[k]; ok {
			same.join(j, i)
			bonds = append(bonds, bond{j, i, why})
		} else {
			first[k] = i
		}
	}
	return bonds
}

// articleKey is what the source calls an article; only its revisions share it.
func articleKey(e entry) string {
	if e.article.Key == "" {
		return ""
	}
	return e.article.Source + "\n" + e.article.Key
}

// linkKey is the link where it names a page: a feed that links every entry to
// the site's front page has not written one long story.
func linkKey(e entry) string {
	link := Canonical(e.article.Link)
	_, rest, _ := strings.Cut(link, "://")
	if _, path, _ := strings.Cut(rest, "/"); path == "" {
		return ""
	}
	return link
}

func textKey(e entry) string {
	if e.text == "" || len(e.text) >= shortText {
		return e.text
	}
	return fold(e.article.Title) + "\n" + e.text
}

// fold makes texts alike that differ in case, white space or the composition
// of accented letters only. It reads every text of the store, hence one pass.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range norm.NFC.String(text) {
		switch {
		case isLower(r) && !space:
			b.WriteByte(byte(r))
		case unicode.IsSpace(r):
			space = b.Len() > 0
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// sets are disjoint sets of numbers: each number points towards its set's
// smallest.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) root(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(i, j int) {
	i, j = s.root(i), s.root(j)
	s[max(i, j)] = min(i, j)
}
