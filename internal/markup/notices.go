package markup

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxNotice is the length of the longest notice in words; what is longer is
// prose.
const maxNotice = 30

// maxParagraphs is more than any article has; it bounds the work of the rules.
const maxParagraphs = 5000

func dropExcess(r *reading) {
	for i := maxParagraphs; i < len(r.paragraphs); i++ {
		r.drop(i, "comes after more paragraphs than an article has")
	}
}

// dropNotices drops advertisements, pointers, invitations and the like, and the
// headlines that are listed below a pointer.
func dropNotices(r *reading) {
	listed := false // the paragraph before is a pointer without an aim, or listed below one
	for _, i := range r.open() {
		text := r.paragraphs[i].text
		why := noticed(text)
		switch {
		case listed && listMark.MatchString(text) && titleLike(text):
			r.drop(i, "is listed among other articles")
		case why != "":
			listed = why == pointsAway && !strings.ContainsAny(text, ":»›→|>") || listed && why == pointsAway
			r.drop(i, why)
		case listed && titleLike(listMark.ReplaceAllString(text, "")) && !r.isMeta(text):
			r.drop(i, "is listed among other articles")
		default:
			listed = false
		}
	}
}

const pointsAway = "points to another article"

// listMark is a number or bullet before an item of a list.
var listMark = regexp.MustCompile(`^(?:\d{1,2}[.)]?|[-–—•*·])\s+`)

// noticed tells what kind of notice a paragraph is; "" is none.
func noticed(text string) string {
	if !atMost(maxNotice, text) {
		return ""
	}
	for _, n := range notices {
		if n.pattern.MatchString(text) {
			return n.why
		}
	}
	return ""
}

// dropLinks drops what leads away from a web page and says nothing else: a
// paragraph that is a link as a whole. A page of which they are a good part is
// a list of links and means to be.
func dropLinks(r *reading) {
	links, rest := 0, 0
	for _, i := range r.open() {
		if p := r.paragraphs[i]; p.linked {
			links += len(p.text)
		} else {
			rest += len(p.text)
		}
	}
	if links*3 > rest {
		return
	}
	for _, i := range r.open() {
		if r.paragraphs[i].linked {
			r.drop(i, "is a link to another page")
		}
	}
}

// dropRepeats drops a paragraph that stood in the text before.
func dropRepeats(r *reading) {
	seen := map[string]bool{}
	for _, i := range r.open() {
		key := normal(r.paragraphs[i].text)
		if seen[key] && len(words(key)) >= 4 {
			r.drop(i, "repeats an earlier paragraph")
		}
		seen[key] = true
	}
}

// dropBoxes drops a short paragraph that stands between lines that are not the
// article's, and has nothing to do with it: "The Briefing", "What matters and
// why.", "Sign up".
func dropBoxes(r *reading) {
	told := sync.OnceValue(func() map[string]int { return r.wordsOfParagraphs(r.open()) })
	for i := 1; i+1 < len(r.paragraphs); i++ {
		p := r.paragraphs[i]
		if p.fate == stays && r.isLine(i-1) && r.isLine(i+1) && mannerOf(p.text, told()).isAside() {
			r.drop(i, "stands among lines that are not the article's")
		}
	}
}

// isLine tells whether a paragraph is not the article's, or no sentence.
func (r *reading) isLine(i int) bool {
	p := r.paragraphs[i]
	return p.fate == dropped || p.fate == stays && !endsSentence(p.text) && atMost(maxStranger, p.text)
}

// footerLines is how many paragraphs count as the end of a text.
const footerLines = 4

// readFooter takes topics, address and date from below the text and drops the
// credits of agencies and editors.
func readFooter(r *reading) {
	open := r.open()
	for _, i := range open[min(len(open), max(1, len(open)-footerLines)):] {
		text := r.paragraphs[i].text
		if atMost(maxNotice, text) && credits.MatchString(text) {
			r.drop(i, "credits editors and agencies")
		} else if atMost(maxNotice, text) && aboutAuthor.MatchString(text) {
			r.drop(i, "is about the author")
		} else if m, ok := r.meta(text); ok {
			r.tell(i, m)
		}
	}
}

// aboutAuthor is a sentence about a person who works for a paper.
var aboutAuthor = regexp.MustCompile(`^\p{Lu}[\p{L}.'’-]+(?: (?:\p{Lu}[\p{L}.'’-]+|van|von|de|der|di|da|del|la|le)){1,4},? (?:(?:is|was) (?:an?|the|our|[\p{L}.]+['’]s?)\b.{0,60}\b(?i:reporter|correspondent|editor|writer|journalist|columnist|contributor|producer|freelancer?|blogger|bureau chief)\b|` +
	`(?:has (?:covered|reported|written) |covers|writes (?:about|on|for)|reports (?:on|for))\b|(?:ist|arbeitet als|est|es|è|is)\b.{0,40}\b(?i:redakteur(?:in)?|korrespondent(?:in)?|journaliste?|reporter(?:in)?|redactora?|periodista|corresponsal|giornalista|redacteur|verslaggever|correspondant[e]?)\b)`)

var credits = regexp.MustCompile(`^\W*(?i:(?:additional |with )?(?:reporting|editing|writing|material|files|additional reporting|research|photographs?|graphics?|compiled|translated|edited|written)) (?:by|from) \p{Lu}|` +
	`(?i)^(?:[^.!?]|\b\p{Lu}\.)*\b(?:contributed (?:reporting|to this (?:report|story|article))|contributed from \p{L}+)`)

// cutDateline takes "VIENNA, 12 March — " from the first sentence.
func cutDateline(r *reading) {
	for _, i := range r.open() {
		text := r.paragraphs[i].text
		if !endsSentence(text) {
			continue
		}
		if n := datelineLength(text); n > 0 {
			r.paragraphs[i].text = text[n:]
			r.paragraphs = slices.Insert(r.paragraphs, i, paragraph{text: strings.TrimSpace(text[:n]), fate: dropped, why: "is a dateline"})
		}
		return
	}
}

var (
	capitalsDateline = regexp.MustCompile(`^\p{Lu}[\p{Lu}\p{M}.'’/ -]{2,40}(?:, [^—–()]{1,40}?)?(?: ?\([^()]{2,30}\))?\s*(?:—|–|--)\s*`)
	hyphenDateline   = regexp.MustCompile(`^\p{Lu}[\p{Lu}\p{M}.'’/ -]{2,40}(?:, [^—–()]{1,40}?|(?:, [^—–()]{1,40}?)? ?\([^()]{2,30}\))\s+-\s+`)
	agencyDateline   = regexp.MustCompile(`^\p{Lu}[\p{L}\p{M}.'’ -]{1,30}(?:, [^—–()]{1,40}?)? \([^()]{2,30}\)\s*(?:—|–|--|-)\s+`)
)

// datelineLength is the length of a dateline in bytes, or 0. What follows it
// must begin like a sentence: "NATO — the alliance — said" has no dateline.
func datelineLength(s string) int {
	for _, pattern := range []*regexp.Regexp{capitalsDateline, hyphenDateline, agencyDateline} {
		n := len(pattern.FindString(s))
		if n == 0 || len(words(s[n:])) < 4 {
			continue
		}
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[n:], "\"'“‘«„("))
		if unicode.IsUpper(r) || unicode.IsDigit(r) {
			return n
		}
	}
	return 0
}
