package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// endsSentence tells whether a paragraph ends as sentences do: with terminal
// punctuation, which quotation marks and brackets may follow.
func endsSentence(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"'”’»›“‘)]} "))
	return strings.ContainsRune(".!?…:;。！？؟।۔", last)
}

// initials end headlines without ending a sentence: "Talks resume in the U.S."
var initials = regexp.MustCompile(`\b(?:\p{Lu}\.){2,}$`)

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// titleLike tells whether a line could be a headline: short, and no statement
// that ends in a full stop.
func titleLike(s string) bool {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return atMost(15, s)
	}
	return atMost(30, s) && (!endsSentence(s) || initials.MatchString(s))
}

// atMost tells whether a text has no more than n words; one of very long words
// has more than it seems.
func atMost(n int, s string) bool {
	if len(s) > n*maxWord {
		return false
	}
	for range strings.FieldsFuncSeq(s, breaksWords) {
		if n--; n < 0 {
			return false
		}
	}
	return true
}

// maxWord is the length of a long word in bytes, with the space behind it.
const maxWord = 64

// normal is a text's letters and digits in lower case, for telling whether two
// texts are the same but for typography.
func normal(s string) string {
	return strings.Join(lowerWords(s), " ")
}

func lowerWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(apostrophes.Replace(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

var apostrophes = strings.NewReplacer("'", "", "’", "")

// contentWords is the set of words that say what a text is about, reduced to
// stems. Function words and very short ones do not count; numbers do.
func contentWords(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range lowerWords(s) {
		if stem := stem(w); stem != "" {
			set[stem] = true
		}
	}
	return set
}

// stem is a word's first five letters, which in European languages is close
// to what it has in common with its inflections ("damaged", "damages"). Names
// of months are one word with their abbreviations.
func stem(w string) string {
	if m, ok := monthNames[w]; ok {
		return m.String()
	}
	r, _ := utf8.DecodeRuneInString(w)
	n := utf8.RuneCountInString(w)
	if unicode.IsDigit(r) {
		return w
	}
	if n < 3 || functionWords.whole[w] {
		return ""
	}
	if n > 3 {
		w = strings.TrimSuffix(w, "s")
	}
	if runes := []rune(w); len(runes) > stemLength {
		return string(runes[:stemLength])
	}
	return w
}

const stemLength = 5

// functionWords say nothing of what a text is about, in any of the six languages.
var functionWords = newWordList(`
	about after all also and are but been being both can could did does down during each every for from had has have her
	him his how into its may more most near nor not now off one only other our out over own she should some such than
	that the their them then there these they this those through too under upon very was were what when where which
	while who whom why will with would you your
	als auch auf aus bei bis dann das dass dem den der des die doch durch ein eine einem einen einer eines für hat hatte ihr ihre
	ist kann kein keine mehr mit nach nicht noch nur oder sein seine sich sie sind sowie über und uns unter vom von vor war waren
	wenn werden wie wird wurde wurden zum zur zwischen
	aux avec ces cette comme dans depuis des dont elle elles entre est était être ils les leur leurs lui mais même nos notre par
	pas plus pour quand que qui sans ses son sont sous sur tout tous une vers votre vous
	como con cuando del desde donde dos ella ellos entre era esta este esto están fue hace han hasta hay las los más muy
	nos nuestra nuestro para pero por porque que ser sin sobre son sus también tiene todo una uno
	alla alle anche che chi col come con cosa cui dagli dai dal dalla degli dei del della delle dello dopo ecco gli hanno
	loro nei nel nella nelle non ogni per perché più può quando quella quello questa questo sono sua sue sul sulla suo
	tra tutti una uno
	aan als bij dan dat deze die dit door een geen haar had heb hebben heeft hem het hij hun iets kan maar meer met naar
	niet nog omdat onze ook over sinds uit van veel voor waar was wat werd wie worden wordt zich zij zijn zou`)

// shared counts the words that two sets have in common.
func shared(a, b map[string]bool) int {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}

// likeness is how much two sets of words have in common, from 0 to 1 (Dice's
// coefficient).
func likeness(a, b map[string]bool) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(shared(a, b)) / float64(len(a)+len(b))
}

// firstSentence is the beginning of a text up to its first full stop, cut at
// a word where it is very long.
func firstSentence(s string) string {
	s = clip(s[:min(len(s), 8*longTitle)])
	for _, at := range sentenceEnd.FindAllStringIndex(s, -1) {
		if at[0] >= 20 && !abbreviation.MatchString(s[:at[0]+1]) {
			s = strings.TrimSpace(s[:at[1]])
			break
		}
	}
	if utf8.RuneCountInString(s) <= longTitle {
		return s
	}
	cut := string([]rune(s)[:longTitle])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–—-") + "…"
}

const longTitle = 150

var (
	sentenceEnd  = regexp.MustCompile(`[.!?…]["”’»)]*\s`)
	abbreviation = regexp.MustCompile(`\b(?:\p{Lu}|\p{Lu}\p{Ll}{1,2}|[A-Za-z]\.[A-Za-z])\.$`)
)
