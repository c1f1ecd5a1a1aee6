package guard

import (
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/spanish"
)

// A language is what must be known of one to compare two texts in it.
type language struct {
	tag          string // first part of the BCP 47 tag; "": one that is not known
	stem         func(word string) string
	function     map[string]bool // words that say nothing of their own
	reporting    map[string]bool // words of whoever retells; in stems
	negations    map[string]bool
	negative     map[string]bool // words that deny by their meaning; in stems
	negatesLast  bool            // "er kommt nicht"
	numbers      map[string]int  // written-out numbers
	powers       map[string]int  // of ten: hundred, million, bn
	months       map[string]int  // from 1
	weekdays     map[string]int  // from 1, Monday
	ages         map[string]bool // words after an age
	decimalComma bool
	elides       bool // l’eau
	nounsUpper   bool // German writes every noun with a capital
}

// languageOf knows six languages by the first part of their BCP 47 tag. Of
// others nothing is known: every word counts, as it is written.
func languageOf(tag string) *language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	for _, l := range lexicon {
		if l.tag == base {
			return l.language()
		}
	}
	return entry{}.language()
}

// An entry is a language as the lexicon has it: words in lower case and without
// accents, between spaces.
type entry struct {
	tag, function, reporting string
	negations, negative      string
	numbers                  string // from zero
	tens                     string // from twenty
	joined                   string // between one and twenty in one word: "und"
	powers                   string // hundred, thousand, million, …; alternatives as below
	ages                     string // words after an age
	months, weekdays         string // alternatives of one joined by "|"
}

func (e entry) language() *language {
	l := &language{
		tag: e.tag, stem: remembering(stemmer(e.tag)),
		function: set(e.function + " " + e.negations), negations: set(e.negations),
		numbers: e.writtenNumbers(), powers: make(map[string]int), months: numbered(e.months), weekdays: numbered(e.weekdays), ages: set(e.ages),
		decimalComma: e.tag != "en" && e.tag != "",
		elides:       e.tag == "fr" || e.tag == "it",
		nounsUpper:   e.tag == "de",
		negatesLast:  e.tag == "de" || e.tag == "nl",
	}
	for word, n := range numbered(e.powers) {
		l.powers[word] = [...]int{2, 3, 6, 9, 12}[n-1]
	}
	l.reporting, l.negative = l.stems(e.reporting), l.stems(e.negative)
	return l
}

func (l *language) stems(words string) map[string]bool {
	all := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		all[fold(l.stem(word))] = true
	}
	return all
}

func (e entry) writtenNumbers() map[string]int {
	all := make(map[string]int)
	units := strings.Fields(e.numbers)
	for n, word := range units {
		all[word] = n
	}
	for i, ten := range strings.Fields(e.tens) {
		value := 20 + 10*i
		all[ten] = value
		for n := 1; n < 10 && e.joined != "" && n < len(units); n++ {
			all[units[n]+e.joined+ten] = value + n
			all[strings.TrimSuffix(units[n], "s")+e.joined+ten] = value + n // einundzwanzig
		}
	}
	return all
}

func set(words string) map[string]bool {
	all := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

func numbered(words string) map[string]int {
	all := make(map[string]int)
	n := 0
	for alternatives := range strings.FieldsSeq(words) {
		n++
		for word := range strings.SplitSeq(alternatives, "|") {
			all[word] = n
		}
	}
	return all
}

// stemmer is Snowball's where the library has the language, else the taking
// off of the commonest endings.
func stemmer(tag string) func(string) string {
	switch tag {
	case "en":
		return func(w string) string { return english.Stem(w, true) }
	case "fr":
		return func(w string) string { return french.Stem(w, true) }
	case "es":
		return func(w string) string { return spanish.Stem(w, true) }
	case "de":
		return light("ungen", "innen", "ung", "ern", "est", "en", "er", "em", "es", "st", "e", "n", "s", "t")
	case "nl":
		return light("ingen", "ende", "ing", "en", "de", "te", "st", "e", "s", "t")
	case "it":
		return light("zioni", "zione", "ando", "endo", "ato", "ata", "ati", "ate", "are", "ere", "ire", "ano", "ono", "i", "e", "a", "o")
	default:
		return func(w string) string { return w }
	}
}

// remembering makes a stemmer that does each word once: texts repeat their own.
func remembering(stem func(string) string) func(string) string {
	known := make(map[string]string)
	return func(word string) string {
		found, ok := known[word]
		if !ok {
			found = stem(word)
			known[word] = found
		}
		return found
	}
}

// light takes off the first of the endings, longest first, that leaves a stem.
func light(endings ...string) func(string) string {
	const shortest = 4 // bytes of a stem
	return func(word string) string {
		for _, ending := range endings {
			if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortest {
				return stem
			}
		}
		return word
	}
}

// withoutSuffix takes off what English hangs on a word with an apostrophe:
// "Kenya’s", "they’ll"; "don’t" and "O’Neill" keep theirs as one word.
func (l *language) withoutSuffix(word string) string {
	word = strings.ReplaceAll(word, "’", "'")
	before, after, found := strings.Cut(word, "'")
	if !found {
		return word
	}
	switch after {
	case "s":
		return before
	case "ll", "re", "ve", "d", "m":
		if l.tag == "en" {
			return before
		}
	}
	return before + after
}

// guess finds the language whose function words a text uses most.
func guess(text string) *language {
	best, most := languageOf("?"), 0
	for _, e := range lexicon {
		if l := e.language(); l.functionWords(text) > most {
			best, most = l, l.functionWords(text)
		}
	}
	return best
}

// functionWords counts a language's function words in a text.
func (l *language) functionWords(text string) int {
	n := 0
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if l.function[fold(strings.Trim(word, `.,;:!?"'()`))] {
			n++
		}
	}
	return n
}

// checkLanguage looks for the reason of many new words: another language.
func (c *checker) checkLanguage() {
	const fewest = 4 // function words
	for _, f := range c.faults {
		if f.Kind != Novel {
			continue
		}
		l := guess(c.summary.text)
		if n := l.functionWords(c.summary.text); l.tag != c.source.language.tag && n >= fewest && n > 2*c.source.language.functionWords(c.summary.text) {
			c.fault(sentence{}, Language, l.tag, "the summary is in another language than the source")
		}
		return
	}
}
