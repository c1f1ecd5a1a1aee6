package summary

import (
	"regexp"
	"strconv"
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

// followsLower tells whether the word before the one at the stop is in lower
// case: "vitamin C. It", not "Albert I. The".
func (s *stop) followsLower() bool {
	before := strings.TrimRightFunc(s.text[max(s.start, s.at-longestWord):s.at-len(s.before)], unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(lastWord(before))
	return unicode.IsLower(first)
}

// startsSentence tells whether a text begins as sentences do: with a capital, a
// number or a sign, or a name like eBay, or a Dutch 's before a capital.
func startsSentence(text string) bool {
	for _, clipped := range []string{"'s ", "’s ", "'t ", "’t ", "'n ", "’n "} {
		if rest, ok := strings.CutPrefix(text, clipped); ok {
			text = rest
			break
		}
	}
	return beginsBracketed(text) || !startsLower(strings.TrimLeft(text, openingMarks+" \u00a0\u202f"))
}

// startsLower tells whether a text goes on in lower case, as no sentence
// begins but with a name like eBay or iPhone.
func startsLower(text string) bool {
	text = strings.TrimLeft(text, openingMarks)
	first, size := utf8.DecodeRuneInString(text)
	if !unicode.IsLower(first) {
		return first == ',' || first == ';'
	}
	second, _ := utf8.DecodeRuneInString(text[size:])
	return !unicode.IsUpper(second)
}

func startsWithNumber(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, openingMarks))
	return unicode.IsDigit(first)
}

// said are the words by which a quotation names its speaker.
var said = words("said says asked asks told added replied shouted cried wrote tweeted exclaimed wondered yelled explained joked quipped recalled " +
	"sagte fragte rief schrieb a demande demandait dijo preguntó chiese zei vroeg")

// saysWho tells whether a speaker is named: "Smith asked", "the Queen said".
func saysWho(text string) bool {
	const enough = 4
	for i, w := range strings.Fields(text) {
		if i == enough || strings.ContainsAny(w, ",;:") {
			return false
		}
		if i > 0 && said[strings.TrimRight(w, ".")] {
			return true
		}
		if first, _ := utf8.DecodeRuneInString(w); i > 0 && unicode.IsLower(first) {
			return false
		}
	}
	return false
}

// goesOn tells whether a sentence goes on behind a quotation, in scripts
// without spaces: with the particle that closes it, or with who said it.
func goesOn(next string) bool {
	const far = 30 // bytes
	for _, particle := range []string{"と", "って", "など"} {
		if strings.HasPrefix(next, particle) {
			return true
		}
	}
	who := next[:min(far, len(next))]
	if end := strings.IndexAny(who, "。，、！？：“「\n"); end >= 0 {
		who = who[:end]
	}
	return strings.ContainsAny(who, "说說道问問称稱")
}

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

// firstWord is the first word of a text, without marks before and behind.
func firstWord(text string) string {
	text = strings.TrimLeft(text, openingMarks)
	if end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) && r != '\'' && r != '’' }); end >= 0 {
		text = text[:end]
	}
	return strings.TrimRight(text, "'’")
}

// lastWord is what follows the last white space, without opening marks.
func lastWord(text string) string {
	text = text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return strings.TrimLeft(text, openingMarks)
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return lowered[r] != 0
	}
	return isForeignWordRune(r)
}

// isPlain tells of the letters and digits of ASCII, which most runes are: what
// looks for others passes over them first.
func isPlain(r rune) bool { return r < utf8.RuneSelf && lowered[r] != 0 }

// lowered holds ASCII's letters and digits in lower case, and 0 for the rest.
var lowered = func() (low [utf8.RuneSelf]rune) {
	for r := range rune(utf8.RuneSelf) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			low[r] = unicode.ToLower(r)
		}
	}
	return low
}()

// isForeignWordRune is isWordRune past ASCII.
func isForeignWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// isInitial tells of a single letter: "E. Smith", "z. B.".
func isInitial(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return size == len(word) && unicode.IsLetter(r)
}

// isAbbreviated tells of single letters with stops between: "U.S", "J.-C".
func isAbbreviated(word string) bool {
	for _, part := range strings.Split(word, ".") {
		if n := utf8.RuneCountInString(strings.Trim(part, "-")); n > 2 || n == 2 && len(word) > 5 {
			return false
		}
		if strings.ContainsFunc(part, unicode.IsDigit) {
			return false
		}
	}
	return true
}

// isOrdinal tells of a number that is short enough for a day or a rank.
func isOrdinal(word string) bool {
	const longest = 2 // digits
	if len(word) == 0 || len(word) > longest {
		return false
	}
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}

// longestMark is in bytes, the bullet and white space included.
const longestMark = 16

// isListMark tells whether a text is nothing but the mark of a list's item: a
// bullet, or a number or a letter with a stop or a bracket, or both.
func isListMark(text string) bool {
	if len(text) > longestMark {
		return false
	}
	text = strings.TrimSpace(text)
	if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune("•⁃*–-", r) {
		if text = strings.TrimSpace(text[size:]); text == "" {
			return true
		}
	}
	value := strings.TrimSuffix(strings.TrimSuffix(text, ")"), ".")
	if value == text || value == "" || len(value) > 3 {
		return false
	}
	return isInitial(value) && len(value) == 1 || strings.Trim(value, "0123456789") == ""
}

// An enumeration is a list without line breaks: its items begin with marks of
// one style that count up.
type enumeration struct {
	next  string // the mark that must come, with the white space before
	style string
	value string
}

// enumerated is the beginning of a list's first item.
var enumerated = regexp.MustCompile(`^(\d{1,2}|[a-z])(\.\)|\)|\.)\s`)

// enumerationOf finds the list that begins with a text; nil: none does.
func enumerationOf(text string) *enumeration {
	if len(text) < 3 || !strings.ContainsAny(text[1:min(4, len(text))], ".)") {
		return nil
	}
	found := enumerated.FindStringSubmatch(text)
	if found == nil {
		return nil
	}
	e := &enumeration{value: found[1], style: found[2]}
	e.count()
	return e
}

// count makes the next mark.
func (e *enumeration) count() {
	if c := e.value[0]; unicode.IsLetter(rune(c)) {
		e.value = string(rune(c + 1))
	} else {
		n, _ := strconv.Atoi(e.value)
		e.value = strconv.Itoa(n + 1)
	}
	e.next = " " + e.value + e.style + " "
}

// follows tells whether the next item begins behind a byte, and counts on.
func (e *enumeration) follows(text string, at int) bool {
	if text[at] != ' ' && text[at] != '\n' || !strings.HasPrefix(text[at+1:], e.next[1:]) {
		return false
	}
	e.count()
	return true
}

// bracketed is the mark of a list's item that begins with a capital.
var bracketed = regexp.MustCompile(`^\(?(?:[a-z]|[ivx]{1,5})\) \p{Lu}`)

func beginsBracketed(text string) bool {
	head := text[:min(len(text), longestMark)]
	return strings.Contains(head, ") ") && bracketed.MatchString(head)
}

// isListOfLines tells of lines that begin in lower case, none with a stop.
func isListOfLines(text string) bool {
	if strings.IndexFunc(text, isStop) >= 0 || !strings.Contains(text, "\n") {
		return false
	}
	for line := range strings.Lines(text) {
		if first, _ := utf8.DecodeRuneInString(line); !unicode.IsLower(first) {
			return false
		}
	}
	return true
}

func isBulletRune(r rune) bool { return r == '•' || r == '⁃' }

func isBullet(line string) bool {
	line = strings.TrimLeft(line, " \t")
	for _, bullet := range []string{"• ", "⁃ ", "- ", "– ", "* "} {
		if strings.HasPrefix(line, bullet) {
			return true
		}
	}
	return false
}
