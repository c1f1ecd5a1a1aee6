package summary

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A language is what must be known of one to find its sentences.
type language struct {
	// ordinals says that a number with a full stop is an ordinal: "3. Oktober".
	ordinals bool
	// abbreviations never end a sentence; in lower case, without the last stop.
	abbreviations map[string]bool
	// starters are words with which, in capitals, a sentence begins even after
	// an abbreviation.
	starters map[string]bool
}

// languageOf knows the languages by the first part of their BCP 47 tag; others
// get along with the rules that hold everywhere.
func languageOf(tag string) language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "", "en":
		return language{abbreviations: words(englishAbbreviations), starters: words(englishStarters)}
	case "de":
		return language{ordinals: true, abbreviations: words(germanAbbreviations)}
	case "fr":
		return language{abbreviations: words(frenchAbbreviations)}
	case "es":
		return language{abbreviations: words(spanishAbbreviations)}
	case "da", "nb", "nn", "no", "fi", "cs", "sk", "sl", "hr", "pl", "hu", "et", "lv", "is":
		return language{ordinals: true}
	default:
		return language{}
	}
}

const (
	englishAbbreviations = "sec rs fig vol art med hon maj capt lt gen rep sen gov rev"
	germanAbbreviations  = "b bzw ca d d.h dr evtl geb ggf hrsg i inkl ing jh mag mio mrd nr o o.ä prof s sog st str tel u u.a u.u v vgl z z.b z.t"
	frenchAbbreviations  = "m mm mme mmes mlle dr me st ste av apr art chap env etc fig p pp vol"
	spanishAbbreviations = "sr sra srta sres dr dra d dña ud uds ee.uu art cap fig gral núm pág págs prof aprox"
	englishStarters      = "after although an and another as at because before both but by despite during each even for from he her here his how " +
		"however i i'm if in instead is it it's its last many meanwhile most my neither next no not now on one only our please " +
		"several she since so some still such that that's the their then there these they this those though through to today " +
		"under until we what when where whether which while who why with yesterday yet you your"
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// listMark is a number, a letter or a bullet in front of a list's item.
var listMark = regexp.MustCompile(`^(?:[•⁃*–-]\s*)?(?:\d{1,3}|[A-Za-z])\.?\)?$|^[•⁃*–-]$`)

const longestListMark = 9 // bytes: "• 100.)"

// ordinal is a number at the end that is written with a full stop.
var ordinal = regexp.MustCompile(`(?:^|[\s(])\d{1,3}\.$`)

// joins tells whether the library was wrong to set a border between a and b.
func (l language) joins(a, b string) bool {
	last := lastWord(tail(a)) // a may have grown long: look at its end only
	first, _ := utf8.DecodeRuneInString(b)
	switch {
	case !strings.ContainsFunc(b, isWordRune): // a stray quotation mark or dots
		return true
	case len(a) <= longestListMark && listMark.MatchString(a):
		return true
	case startsLower(b):
		return true
	case l.ordinals && ordinal.MatchString(tail(a)):
		return true
	case !strings.HasSuffix(last, "."):
		return false
	}
	name := strings.TrimRight(strings.ToLower(last), ".")
	return l.abbreviations[name] && (unicode.IsDigit(first) || unicode.IsUpper(first))
}

// startsLower tells whether a text goes on in lower case, as no sentence
// begins but with a name like eBay or iPhone.
func startsLower(text string) bool {
	text = strings.TrimLeft(text, `"'“”‘’«»([`)
	word, _, _ := strings.Cut(text, " ")
	first, size := utf8.DecodeRuneInString(word)
	return unicode.IsLower(first) && !strings.ContainsFunc(word[size:], unicode.IsUpper)
}

// lastWord is what follows the last white space, without opening brackets.
func lastWord(text string) string {
	text = text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return strings.TrimLeft(text, `"'“‘«([`)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// splits are the borders that the library misses inside a sentence, as
// offsets of what follows them.
func (l language) splits(text string) []int {
	var at []int
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		after := i + size
		switch {
		case strings.ContainsRune("。！？．؟।॥", r):
			at = append(at, after+closers(text[after:]))
		case r == '.' && l.startsAfter(text[:i], text[after:]):
			at = append(at, after)
		case r == '\n' && isBullet(text[after:]):
			at = append(at, after)
		}
	}
	return at
}

// abbreviated is a word with stops inside, like "U.S" or "p.m", or a number.
var abbreviated = regexp.MustCompile(`(?:^|[\s(“"])(?:(?:\pL\.)+\pL|[$£€%]?\d[\d.,]*)$`)

// startsAfter tells whether a sentence starts after the full stop between two
// texts: with a usual first word, behind an abbreviation ("in the U.S. How …")
// or glued to the stop ("the end.The …").
func (l language) startsAfter(before, after string) bool {
	spaced := strings.HasPrefix(after, " ")
	word, rest, _ := strings.Cut(strings.TrimPrefix(after, " "), " ")
	first, _ := utf8.DecodeRuneInString(word)
	if rest == "" || !unicode.IsUpper(first) || !l.starters[strings.ReplaceAll(strings.ToLower(strings.TrimRight(word, ",")), "’", "'")] {
		return false
	}
	if spaced {
		return abbreviated.MatchString(tail(before))
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLower(last) || unicode.IsDigit(last)
}

// tail is enough of a text's end to see its last word.
func tail(text string) string {
	const enough = 24
	return text[max(0, len(text)-enough):]
}

// closers counts the bytes of closing marks that belong to the sentence before.
func closers(text string) int {
	return len(text) - len(strings.TrimLeft(text, "」』）”’》〉"))
}

func isBullet(line string) bool {
	line = strings.TrimLeft(line, " \t")
	for _, bullet := range []string{"• ", "⁃ ", "- ", "– ", "* "} {
		if strings.HasPrefix(line, bullet) {
			return true
		}
	}
	return false
}
