package source

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A lookup compares what a feed brings with what is known of it.
type lookup struct {
	unknown []int // places of the articles whose key is not known
	came    []features
	absent  []newsletter.Article // known ones that did not come under their key, the newest first
	known   []features           // of absent
	byName  map[string][]int     // places in absent by title, link and text
}

// lookUp wants the known articles by the time when they were first seen.
func lookUp(known, articles []newsletter.Article) *lookup {
	l := &lookup{byName: map[string][]int{}}
	keys, here := map[string]bool{}, map[string]bool{}
	for _, k := range known {
		keys[k.Key] = true
	}
	for i, a := range articles {
		here[a.Key] = true
		if !keys[a.Key] {
			l.unknown = append(l.unknown, i)
			l.came = append(l.came, featuresOf(a))
		}
	}
	for i := len(known) - 1; i >= 0 && len(l.absent) < maxEntries; i-- {
		if here[known[i].Key] {
			continue
		}
		f := featuresOf(known[i])
		for _, name := range f.names() {
			l.byName[name] = append(l.byName[name], len(l.absent))
		}
		l.absent, l.known = append(l.absent, known[i]), append(l.known, f)
	}
	return l
}

// match finds for unknown articles the absent ones that they are, each at most
// once.
func (l *lookup) match(is func(known, came features) bool) map[int]newsletter.Article {
	found, used := map[int]newsletter.Article{}, map[int]bool{}
	for n, i := range l.unknown {
		for _, k := range l.likely(l.came[n]) {
			if !used[k] && is(l.known[k], l.came[n]) {
				found[i], used[k] = l.absent[k], true
				break
			}
		}
	}
	return found
}

// maxLikely bounds how many articles of one title, link or text are compared.
const maxLikely = 20

func (l *lookup) likely(f features) []int {
	var all []int
	for _, name := range f.names() {
		places := l.byName[name]
		all = append(all, places[:min(len(places), maxLikely)]...)
	}
	return all
}

// same tells whether two articles are one: of title, link, text and date at
// least three agree. Fewer do for what comes every day under one headline.
func same(known, came features) bool {
	n := 0
	for _, pair := range [][2]string{
		{known.title, came.title}, {known.link, came.link}, {known.text, came.text}, {known.date, came.date},
	} {
		if pair[0] != "" && pair[0] == pair[1] {
			n++
		}
	}
	return n >= 3
}

// alike makes the looser rule for a feed whose every identity is new: one title,
// link or text that both have, and nobody else.
func (l *lookup) alike() func(known, came features) bool {
	times := map[string]int{}
	for _, f := range l.came {
		for _, name := range f.names() {
			times[name]++
		}
	}
	return func(known, came features) bool {
		for _, name := range came.names() {
			if times[name] == 1 && len(l.byName[name]) == 1 && slices.Contains(known.names(), name) {
				return true
			}
		}
		return false
	}
}

// features are what is left to know an article by when its key is another.
type features struct{ title, link, text, date string }

func featuresOf(a newsletter.Article) features {
	f := features{title: "title " + a.Title, link: linkName(a.Link)}
	if a.Text != "" {
		f.text = "text " + digest(a.Text)
	}
	if !a.Published.IsZero() {
		f.date = a.Published.UTC().Format(time.RFC3339)
	}
	return f
}

// names are the features by which an article can be found; a date is shared by
// too many.
func (f features) names() []string {
	var all []string
	for _, s := range []string{f.text, f.title, f.link} {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

// linkName is a link without what changes while the page stays the same: the
// scheme, a "www.", a slash at the end, the fragment and the marks of campaigns.
func linkName(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return ""
	}
	var kept []string
	for parameter := range strings.SplitSeq(u.RawQuery, "&") {
		if parameter != "" && !strings.HasPrefix(strings.ToLower(parameter), "utm_") {
			kept = append(kept, parameter)
		}
	}
	return "link " + host(link) + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + strings.Join(kept, "&")
}

// host is a link's host without "www.", or "".
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}
