package summary

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pronouns says how the clauses of a language refer to somebody named before.
type pronouns struct {
	subjects map[string]bool // he, she
	owners   map[string]bool // his, her
	leads    map[string]bool // words before a clause or a time: when, after, on
	reach    int             // words in which a subject is looked for
	nouns    bool            // all nouns have capitals, so that a capital is no name
	says     map[string]bool // said, asked
	silent   bool            // a verb needs no pronoun
}

var pronounsOf = map[string]pronouns{
	"en": {
		subjects: words("he she it they this these those"),
		owners:   words("his her their its him them these those"),
		leads: words("in on at after by for with during before following despite from as to since until under over without when while although though because " +
			"once unless if whether where now just even only still today yesterday earlier later last next more not all most some many of"),
		reach: 8,
		says:  words("said says asked asks told added adds replied wrote tweeted explained joked recalled continued insisted claimed warned argued noted admitted revealed stated concluded"),
	},
	"de": {
		subjects: words("er sie"),
		owners:   words("seine seiner seinem seinen sein ihre ihrer ihrem ihren ihr ihm ihn ihnen"),
		leads: words("im in am an auf nach vor bei mit seit während trotz laut als wenn weil obwohl nachdem bevor sobald solange ob wo gestern heute morgen später früher " +
			"zuletzt zuvor erst nun jetzt mittlerweile"),
		reach: 5,
		nouns: true,
		says:  words("sagte sagt fragte rief schrieb erklärte erklärt meinte meint betonte betont ergänzte fügte berichtete berichtet kündigte so"),
	},
	"fr": {
		subjects: words("il elle ils elles"),
		owners:   words("son sa ses leur leurs"),
		leads:    words("dans en à au aux après avant pendant depuis avec sans pour selon lors quand lorsque si comme bien malgré hier demain lundi mardi mercredi jeudi vendredi samedi dimanche"),
		reach:    7,
	},
	"es": {
		subjects: words("él ella ellos ellas"),
		owners:   words("su sus"),
		leads:    words("en a al tras después antes durante desde con sin para por según cuando mientras aunque si como pese ayer hoy mañana"),
		reach:    7,
		says:     words("dijo añadió agregó explicó señaló afirmó aseguró indicó concluyó dice explica asegura"),
		silent:   true,
	},
	"it": {
		subjects: words("lui lei loro egli ella essi"),
		owners:   words("suo sua suoi sue"),
		leads:    words("in nel nella a al alla dopo prima durante da dal con senza per secondo quando mentre se come nonostante ieri oggi domani"),
		reach:    7,
		says:     words("detto aggiunto spiegato dichiarato affermato concluso dice spiega aggiunge ha hanno"),
		silent:   true,
	},
	"nl": {
		subjects: words("hij zij ze"),
		owners:   words("zijn haar hun"),
		leads:    words("in op na voor bij met sinds tijdens volgens toen als omdat hoewel nadat voordat zodra gisteren vandaag morgen later eerder nu"),
		reach:    7,
		says:     words("zei zegt vroeg schreef schrijft vertelt vertelde verklaarde aldus voegde"),
	},
}

// calendar holds capitals that name nobody.
var calendar = words("monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december i " +
	"lunedì martedì mercoledì giovedì venerdì maandag dinsdag woensdag donderdag vrijdag zaterdag zondag")

// before finds the pronoun of an opening that nobody is named before: "On
// Monday, she …", "When he arrived, the crowd left"; "" where there is none, or
// where the name follows ("When he arrived, Smith …").
func (p pronouns) before(opening []openingWord, sentence string) string {
	leads := len(opening) > 0 && p.leads[opening[0].low]
	for i, w := range opening[:min(len(opening), max(p.reach, 1))] {
		switch {
		case i == 0:
		case w.upper && !p.nouns && !calendar[w.low]:
			return ""
		case !p.subjects[w.low] && (i > 1 || !p.owners[w.low]), !leads && !opening[i-1].comma:
		case i+1 < len(opening) && pointsElsewhere(w.low, opening[i+1].low), nameFollows(sentence[w.end:]):
			return ""
		default:
			return w.text
		}
	}
	return ""
}

// nameFollows tells whether the main clause, behind the first comma, begins with
// a name that a pronoun before it may stand for.
func nameFollows(text string) bool {
	_, main, _ := strings.Cut(text, ", ")
	first, _ := utf8.DecodeRuneInString(main)
	return unicode.IsUpper(first) && !calendar[strings.ToLower(firstWord(main))]
}

// speaks finds the pronoun that stands for a speaker: "…,” she said."
func (p pronouns) speaks(sentence string) string {
	for i, r := range sentence {
		if isPlain(r) || r != ',' && !isMark(r) {
			continue
		}
		rest, spaced := strings.CutPrefix(sentence[i+utf8.RuneLen(r):], " ")
		if spaced {
			if said := p.speaker(rest); said != "" {
				return said
			}
		}
	}
	return ""
}

// speaker is what a clause begins with, if it lets a pronoun say something:
// "she said", "she later said", "said she", "a-t-elle"; or nobody at all, where
// no pronoun is needed.
func (p pronouns) speaker(clause string) string {
	first, rest, _ := strings.Cut(clause, " ")
	second, rest, _ := strings.Cut(rest, " ")
	third, _, _ := strings.Cut(rest, " ")
	word := func(w string) string { return strings.TrimRight(w, `.,;:!?…”"`) }
	joined := first[strings.LastIndexByte(first, '-')+1:]
	switch a, b, c := word(first), word(second), word(third); {
	case p.subjects[a] && (p.says[b] || p.says[c]), p.says[a] && p.subjects[b]:
		return a + " " + b
	case joined != first && p.subjects[word(joined)]:
		return a
	case p.silent && p.says[a] && (second == "" || p.says[b] && third == ""):
		return a
	default:
		return ""
	}
}

// dateline is the place and the agency before a report's first words.
var dateline = regexp.MustCompile(`^(?:(?:\p{Lu}[^\s()]*,? ){0,6}\((?:\p{Lu}[\w./ ]{1,20}|dpa|ots)\)\s*(?:[-–—]+\s*)?|(?:\p{Lu}{3,}[,.]? ){1,4}[-–—]+ )`)

// afterDateline is a sentence without the dateline before it.
func afterDateline(sentence string) string {
	const longest = 80 // bytes
	head := sentence[:min(len(sentence), longest)]
	if !strings.Contains(head, "(") && !strings.Contains(head, " -") && !strings.Contains(head, "—") && !strings.Contains(head, "–") {
		return sentence
	}
	rest := sentence[len(dateline.FindString(sentence)):]
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, openingMarks)); !unicode.IsUpper(first) {
		return sentence
	}
	return rest
}
