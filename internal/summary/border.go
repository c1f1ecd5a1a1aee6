package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// borders finds where the sentences of a paragraph end, as ascending offsets
// of what follows.
func (g grammar) borders(text string) []int {
	var at []int
	start := 0 // of the sentence being read
	end := func(i int) {
		if i > start {
			at = append(at, i)
			start = i
		}
	}
	list := enumerationOf(text)
	lines := isListOfLines(text)
	skip := 0
	for i, r := range text {
		if i < skip || isPlain(r) {
			continue
		}
		switch {
		case r == '\n' && (lines || isBullet(text[i+1:])), list != nil && list.follows(text, i):
			end(i + 1)
		case r == ' ' && isSpaceStop(text[start:i], text[i+1:]):
			end(i + 1)
		case isBulletRune(r) && strings.TrimSpace(text[start:i]) != "" && !isListMark(text[start:i]):
			end(i)
		case !isStop(r):
		default:
			s := stopAt(text, start, i)
			skip = s.after
			if g.ends(&s) {
				end(s.after)
				if found := enumerationOf(strings.TrimSpace(text[start:min(len(text), start+longestMark)])); found != nil {
					list = found
				}
			}
		}
	}
	return at
}

// A stop is a run of marks that may end a sentence, and what surrounds it.
type stop struct {
	text         string
	start        int    // of the sentence
	at           int    // of the first mark
	after        int    // behind the marks and what closes with them
	marks        string // ".", "?!", "...", ". . ."
	quoted       bool   // a mark of quotation closes behind it
	before, next string // the word before, with the stops inside, and the words after
	spaced       bool   // white space follows
}

// isStop tells of the marks behind a sentence.
func isStop(r rune) bool {
	switch r {
	case '.', '!', '?', '…':
		return true
	}
	return isFullStop(r)
}

// isFullStop tells of those that need no white space behind them.
func isFullStop(r rune) bool {
	switch r {
	case '。', '！', '？', '．', '｡', '؟', '۔', '।', '॥', '።', '။', '។', '།', '։':
		return true
	}
	return false
}

// closingMarks may stand behind the stop of a sentence.
const closingMarks = `"'”’“»›)]」』）》〉】`

// openingMarks may stand before its first word.
const openingMarks = `"'“‘«„‚‹([¿¡「『（《〈-–—` + "`"

// longestNext is how much of what follows a stop is looked at, in bytes.
const longestNext = 80

func stopAt(text string, start, at int) stop {
	s := stop{text: text, start: start, at: at}
	s.after = at + runOfStops(text[at:])
	s.marks = text[at:s.after]
	closing := closingMarks
	if last, _ := utf8.DecodeLastRuneInString(s.marks); isFullStop(last) { // a quotation opens in Chinese as it closes in German
		closing = strings.Replace(closing, "“", "", 1)
	}
	rest := strings.TrimLeft(text[s.after:], closing)
	if inner := strings.TrimLeft(rest, " \u00a0\u202f"); strings.HasPrefix(inner, "»") && strings.Contains(text[start:at], "«") {
		rest = strings.TrimLeft(inner, closingMarks)
	}
	closed := text[s.after : len(text)-len(rest)]
	s.quoted = strings.ContainsAny(closed, `"'”’“»」』`)
	s.after = len(text) - len(rest)
	first, _ := utf8.DecodeRuneInString(rest)
	s.spaced = rest == "" || unicode.IsSpace(first)
	s.next = strings.TrimLeftFunc(rest[:min(len(rest), longestNext)], unicode.IsSpace)
	s.before = lastWord(text[max(start, at-longestWord):at])
	return s
}

const longestWord = 40 // bytes that are looked at

// runOfStops is the length of a run of stops, those with spaces between
// included: ". . .".
func runOfStops(text string) int {
	n := 0
	for i, r := range text {
		switch {
		case isStop(r):
			n = i + utf8.RuneLen(r)
		case r != ' ' || i > n || !strings.HasPrefix(text[i+1:], "."):
			return n
		}
	}
	return n
}

// ends tells whether the sentence ends at a stop.
func (g grammar) ends(s *stop) bool {
	last, _ := utf8.DecodeLastRuneInString(s.marks)
	if isFullStop(last) {
		return !s.quoted || !goesOn(s.next)
	}
	if s.next == "" {
		return s.spaced
	}
	if !s.spaced {
		return s.glued(g)
	}
	if isListMark(s.text[s.start:s.after]) || !startsSentence(s.next) {
		return false
	}
	switch {
	case strings.HasPrefix(s.marks, ". ."):
		return s.spacedDots()
	case s.marks != ".":
		return (!s.quoted || !saysWho(s.next)) && (s.marks != "!" || !isInitial(s.before) || s.before == "I") // E! News
	case s.quoted:
		return true
	default:
		return g.endsAfter(s)
	}
}

// glued tells whether a sentence ends without white space behind it: "the
// end.The crowd".
func (s *stop) glued(g grammar) bool {
	if s.marks != "." || strings.ContainsAny(s.before, "./@") || strings.HasPrefix(s.before, "www") {
		return false
	}
	last, size := utf8.DecodeLastRuneInString(s.before)
	if !unicode.IsLower(last) && !unicode.IsDigit(last) || size == len(s.before) || g.kindOf(strings.ToLower(s.before)) != unknown {
		return false
	}
	word, _, _ := strings.Cut(s.next, " ")
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(word, openingMarks))
	second, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, openingMarks)[min(size, len(strings.TrimLeft(word, openingMarks))):])
	return unicode.IsUpper(first) && (unicode.IsLower(second) || g.isStarter(word)) && !strings.ContainsAny(word, "/@")
}

// spacedDots: four of them are a full stop, and three that open what follows.
func (s *stop) spacedDots() bool {
	if strings.Count(s.marks, ".") != 4 {
		return false
	}
	if s.before != "" {
		s.after = s.at + 1
	}
	return true
}

// endsAfter decides on a full stop with white space before a capital.
func (g grammar) endsAfter(s *stop) bool {
	name := strings.ToLower(s.before)
	starts := func() bool { return g.isStarter(firstWord(s.next)) }
	switch k := g.kindOf(name); {
	case k == title:
		return false
	case k == numbered:
		return !startsWithNumber(s.next)
	case k == plain:
		return starts()
	case isInitial(s.before):
		return s.followsLower() && starts()
	case name == "a.m" || name == "p.m":
		return s.closesTime(firstWord(s.next)) || starts()
	case strings.Contains(s.before, "."):
		return !isAbbreviated(s.before) || starts()
	case g.ordinals && isOrdinal(s.before):
		return starts()
	default:
		return true
	}
}

// kindOf looks an abbreviation up: as it is, without the article before its
// apostrophe ("l'art"), and as the end of a compound ("Goethestr").
func (g grammar) kindOf(name string) kind {
	if k := g.abbreviations[name]; k != unknown {
		return k
	}
	if at := strings.LastIndexAny(name, "'’"); at >= 0 {
		_, size := utf8.DecodeRuneInString(name[at:])
		return g.abbreviations[name[at+size:]]
	}
	return g.abbreviations["-"+name[max(0, len(name)-compoundEnd):]]
}

// compoundEnd is the length of the abbreviations that end compounds, in bytes.
const compoundEnd = 3

// isStarter tells of a word in capitals with which sentences begin.
func (g grammar) isStarter(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) {
		return false
	}
	return g.starters[strings.ReplaceAll(strings.ToLower(word), "’", "'")]
}

// closesTime tells whether an hour ends the sentence before a name: not where
// the sentence begins with the hour ("At 5 a.m. Mr. Smith …").
func (s *stop) closesTime(follower string) bool {
	if hourWords[strings.ToLower(follower)] {
		return false
	}
	opening := strings.Fields(s.text[s.start:s.at])
	const few = 4
	return len(opening) > few || len(opening) > 0 && !hourOpeners[strings.ToLower(opening[0])]
}

var (
	hourWords = words("monday tuesday wednesday thursday friday saturday sunday eastern central pacific mountain et est edt ct pt pst pdt cst cdt gmt bst utc cet local " +
		"january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec")
	hourOpeners = words("at on by around about before after until from since")
)

// isSpaceStop tells of a space that ends a sentence in Thai and Lao, which have
// no stop. It may end a clause as well, so that enough must stand before it.
func isSpaceStop(before, after string) bool {
	const enough = 150 // bytes: fifty letters
	if len(before) < enough {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return lacksStops(last) && lacksStops(first)
}

// lacksStops tells of a letter whose script has no mark for a sentence's end.
func lacksStops(r rune) bool { return r >= firstUnspaced && unicode.In(r, unicode.Thai, unicode.Lao) }
