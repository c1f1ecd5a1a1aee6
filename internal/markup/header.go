package markup

import (
	"slices"
	"strings"
)

// topLines is how many paragraphs count as the top of a text, where a page
// shows its headline, perhaps twice, among its furniture.
const topLines = 12

// findHeadline finds the paragraph that is the headline.
func findHeadline(r *reading) {
	top := r.open()
	top = top[:min(len(top), topLines)]
	h, ok := r.saidTwice(top)
	if !ok {
		h, ok = r.bestTitle(top)
	}
	if ok {
		r.headline, r.found = h, true
		r.paragraphs[h].fate = titles
		r.out.Title = finishTitle(r.paragraphs[h].text)
	}
}

// saidTwice looks for a line that returns before the body has begun.
func (r *reading) saidTwice(top []int) (int, bool) {
	for i, a := range top {
		text := r.paragraphs[a].text
		if r.isMeta(text) || atMost(2, text) || looksLikeCaption(text) {
			continue
		}
		for _, b := range top[i+1:] {
			again := r.paragraphs[b].text
			if sameHeadline(text, again) {
				if isSiteSuffix(again, text) {
					return b, true
				}
				return a, true
			}
			if r.isBody(again) {
				break
			}
		}
	}
	return 0, false
}

// isBody tells whether a paragraph near the top is a sentence or more.
func (r *reading) isBody(s string) bool {
	return endsSentence(s) && !atMost(8, s) && !r.isMeta(s)
}

// sameHeadline tells whether two lines are the same headline: the same words,
// nearly the same, or the same with the name of a site behind.
func sameHeadline(a, b string) bool {
	if len(a) > 400 || len(b) > 400 {
		return false
	}
	x, y := normal(a), normal(b)
	if x == "" || y == "" {
		return false
	}
	if x == y || isSiteSuffix(a, b) || isSiteSuffix(b, a) {
		return true
	}
	p, q := contentWords(a), contentWords(b)
	return min(len(p), len(q)) >= 4 && likeness(p, q) >= 0.85 && likeness(wordPairs(x), wordPairs(y)) >= 0.6
}

// wordPairs is the set of neighbouring words: lines of a timetable have the
// same words in another order.
func wordPairs(normal string) map[string]bool {
	set := map[string]bool{}
	all := words(normal)
	for i := range len(all) - 1 {
		set[all[i]+" "+all[i+1]] = true
	}
	return set
}

// isSiteSuffix tells whether long is short with " | Site" or " - Site" behind.
func isSiteSuffix(short, long string) bool {
	rest, ok := strings.CutPrefix(long, strings.TrimSuffix(short, "."))
	rest = strings.TrimPrefix(rest, ".")
	return ok && atMost(6, rest) && (strings.HasPrefix(rest, " | ") || strings.HasPrefix(rest, " - ") ||
		strings.HasPrefix(rest, " – ") || strings.HasPrefix(rest, " — ") || strings.HasPrefix(rest, " · "))
}

// bestTitle chooses among the lines above the body: the first that shares
// about as many words with the body as any other. Slogans share none.
func (r *reading) bestTitle(top []int) (int, bool) {
	candidates, rest := r.candidates(top)
	if len(candidates) == 0 {
		return 0, false
	}
	body := r.bodyWords(rest)
	scores, common := make([]float64, len(candidates)), make([]int, len(candidates))
	for i, c := range candidates {
		w := contentWords(r.paragraphs[c].text)
		for _, slogan := range sloganWords {
			delete(w, stem(slogan))
		}
		common[i] = shared(w, body)
		scores[i] = float64(common[i]) / float64(max(len(w), 1))
	}
	best, most := slices.Max(scores), slices.Max(common)
	if best == 0 {
		return slices.MaxFunc(candidates, func(a, b int) int {
			return len(words(r.paragraphs[a].text)) - len(words(r.paragraphs[b].text))
		}), true
	}
	for i, c := range candidates {
		if scores[i] >= 0.6*best && common[i] >= min(2, most) {
			return c, true
		}
	}
	return 0, false
}

// sloganWords are those that papers like to use of themselves, and that an
// article may use too.
var sloganWords = strings.Fields(`news day days daily week weekly every everyday world trust trusted story stories today paper journal times post latest
	live truth independent voice first free informed read reader readers know matters`)

// candidates are the title-like lines before the first sentence; one that ends
// in a full stop is among them where a byline, date or category follows. The
// number is that of the paragraph where the body begins.
func (r *reading) candidates(top []int) (all []int, body int) {
	var long []int
	for i, n := range top {
		text := r.paragraphs[n].text
		followed := i+1 < len(top) && r.isMeta(r.paragraphs[top[i+1]].text) && atMost(30, text)
		switch {
		case r.isMeta(text), strings.HasSuffix(text, ":") && trailsOff(text):
			continue
		case !followed && (!titleLike(text) || endsSentence(text) && len(long) > 0):
			return preferLong(all, long), n
		case looksLikeCaption(text):
			continue
		}
		all = append(all, n)
		if !atMost(2, text) {
			long = append(long, n)
		}
	}
	return preferLong(all, long), len(r.paragraphs)
}

// preferLong leaves names of sections aside unless there is nothing else.
func preferLong(all, long []int) []int {
	if len(long) > 0 {
		return long
	}
	return all
}

func (r *reading) bodyWords(from int) map[string]bool {
	var b strings.Builder
	for _, p := range r.paragraphs[min(from, len(r.paragraphs)):] {
		if b.Len() > 1<<16 {
			break
		}
		b.WriteString(p.text)
		b.WriteByte(' ')
	}
	return contentWords(b.String())
}

// readHeader takes bylines, dates, categories and the address from the lines
// before the headline and from among the first few after it.
func readHeader(r *reading) {
	seen := 0
	for _, i := range r.open() {
		if m, ok := r.meta(r.paragraphs[i].text); ok {
			r.tell(i, m)
		} else if !r.found || i > r.headline {
			if seen++; seen > 3 {
				return
			}
		}
	}
}

// dropTaglines drops what the site says of itself around the headline. Below
// it, in a text of sentences, everything before the first one is furniture.
func dropTaglines(r *reading) {
	if !r.found {
		return
	}
	prose := r.sentences(r.open()) >= 3
	told := r.wordsOfParagraphs(r.open())
	for _, i := range r.open() {
		text := r.paragraphs[i].text
		switch {
		case i < r.headline && (!endsSentence(text) || atMost(8, text)):
			r.drop(i, "stands before the headline")
		case i < r.headline:
		case atMost(3, text) && (prose || !endsSentence(text)):
			r.drop(i, "is a section line, not a sentence")
		case prose && mannerOf(text, told).isAside():
			r.drop(i, "stands below the headline and has nothing to do with the article")
		case endsSentence(text) && !trailsOff(text):
			return
		case prose && (titleLike(text) || trailsOff(text)):
			r.drop(i, "stands below the headline and is no sentence")
		}
	}
}

// trailsOff tells whether a short line ends in a colon or dots.
func trailsOff(s string) bool {
	return atMost(8, s) && (strings.HasSuffix(s, ":") || strings.HasSuffix(s, "...") || strings.HasSuffix(s, "…"))
}

// dropHeadlineAgain drops what repeats the headline.
func dropHeadlineAgain(r *reading) {
	if r.out.Title == "" {
		return
	}
	title := normal(r.out.Title)
	for n, i := range r.open() {
		text := r.paragraphs[i].text
		if len(text) <= 2*len(r.out.Title)+maxWord && normal(text) == title || n < topLines && sameHeadline(r.out.Title, text) {
			r.drop(i, "repeats the headline")
		}
	}
}

// titleFromText gives an article without a headline its first sentence.
func titleFromText(r *reading) {
	if r.out.Title != "" {
		return
	}
	if open := r.open(); len(open) > 0 {
		r.out.Title = finishTitle(firstSentence(r.paragraphs[open[0]].text))
	}
}

// finishTitle takes a single full stop from the end of a headline; an ellipsis
// and initials keep theirs.
func finishTitle(s string) string {
	s = oneLine(s)
	if strings.HasSuffix(s, "..") || initials.MatchString(s) {
		return s
	}
	return strings.TrimSpace(strings.TrimSuffix(s, "."))
}
