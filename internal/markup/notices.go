package markup

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNotice is the length of the longest notice in words; what is longer is
// prose.
const maxNotice = 30

// notices are what a site adds to an article, and how to know it. Each pattern
// covers a whole line or starts with words that start no sentence of prose.
var notices = []struct {
	why     string
	pattern *regexp.Regexp
}{
	{"is an advertisement", regexp.MustCompile(`(?i)^\W*(?:advertisement|advertising|sponsored(?: content)?|promoted|paid content|` +
		`(?:story|article) continues (?:below|after)(?: this| the)?(?: advertisement| ad)?|anzeige|werbung)\W*$`)},
	{"points to another article", regexp.MustCompile(`(?i)^\W*(?:(?:read(?: more| also| next| on)?|also read|see also|related(?: articles?| stor(?:y|ies)| content)?|` +
		`more (?:on this(?: story)?|stories|from [^:]{1,40})|you (?:may|might) also like|recommended(?: for you)?|don['’]?t miss|watch|listen)\s*(?:[:»›→].*|\W*$))`)},
	{"is an invitation to subscribe", regexp.MustCompile(`(?i)^\W*(?:(?:subscribe|sign[- ]?up)(?: now| today| here| free)?\W*$|` +
		`(?:subscribe(?: now| today)? (?:to|for)|sign[- ]?up(?: now| today| here)? (?:to|for)|register(?: now)? for|join our|get (?:our|the latest)|click here)\b.*` +
		`\b(?:newsletters?|updates|alerts|briefings?|inbox|e-?mails?|free trial|channel|podcast|stories|news)\b)`)},
	{"is an invitation to share", regexp.MustCompile(`(?i)^\W*(?:share(?: this)?(?: (?:article|story|post|page|on .*))?|follow us(?: on .*)?|(?:like|find) us on .*|` +
		`(?:(?:facebook|twitter|x|whatsapp|linkedin|telegram|reddit|print|e-?mail|copy link|share|tweet|pin(?:terest)?)\W+)*(?:facebook|twitter|whatsapp|linkedin|telegram|reddit|print|e-?mail|copy link|tweet)|` +
		`(?:leave a|\d+|no) comments?|comments?(?: \(\d+\))?)\W*$`)},
	{"is a copyright notice", regexp.MustCompile(`(?i)^\W*(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}))|\ball rights reserved\b`)},
	{"belongs to the web page", regexp.MustCompile(`(?i)^\W*(?:skip to (?:main )?content|menu|search|home|loading|back to top|accept(?: all)?(?: cookies)?|we use cookies.*|` +
		`cookie (?:policy|settings)|privacy policy|terms (?:of (?:use|service)|and conditions)|log ?in|sign in|(?:next|previous) (?:article|post)|` +
		`listen to (?:this )?(?:article|story)|(?:reading time:? )?\d{1,3}[ -]?min(?:ute)?s?(?:[ -]read)?|(?:updated )?\d+ (?:minute|hour|day)s? ago)\W*$`)},
}

// dropNotices drops advertisements, pointers, invitations and the like.
func dropNotices(r *reading) {
	for _, i := range r.open() {
		text := r.paragraphs[i].text
		if !atMost(maxNotice, text) {
			continue
		}
		for _, n := range notices {
			if n.pattern.MatchString(text) {
				r.drop(i, n.why)
				break
			}
		}
	}
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
		} else if m, ok := r.meta(text); ok {
			r.tell(i, m)
		}
	}
}

var credits = regexp.MustCompile(`^\W*(?i:(?:additional |with )?(?:reporting|editing|writing|material|files|additional reporting)) (?:by|from) \p{Lu}`)

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
