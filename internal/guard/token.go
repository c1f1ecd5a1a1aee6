package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jdkato/prose/v3/segment"
	"golang.org/x/text/unicode/norm"
)

// A token is a word or a number of a text.
type token struct {
	text       string // as written
	word       string // lower case, without accents, stops and possessive
	stem       string
	start, end int // bytes of the text
	sentence   int // number of its sentence
	upper      bool
	opens      bool // begins a sentence, a line, a quotation or what a colon announces
}

// A document is a text taken apart.
type document struct {
	text      string
	language  *language
	tokens    []token
	sentences []sentence
	numbers   []number
}

// A sentence is a range of tokens and the text they stand in, white space
// folded.
type sentence struct {
	span
	text string
}

// A span is a range of tokens or bytes.
type span struct{ start, end int }

func parse(text string, l *language) *document {
	d := &document{text: text, language: l}
	for _, s := range sentences(text) {
		from := len(d.tokens)
		d.scan(s)
		if len(d.tokens) > from {
			d.sentences = append(d.sentences, sentence{span{from, len(d.tokens)}, strings.Join(strings.Fields(text[s.start:s.end]), " ")})
		}
	}
	d.numbers = numbersIn(d)
	return d
}

// sentences are the byte ranges of a text's sentences; none crosses a line.
func sentences(text string) []span {
	var all []span
	segmenter, err := segment.New() // its model is embedded
	at := 0
	for line := range strings.Lines(text) {
		if err != nil {
			all = append(all, span{at, at + len(line)})
		} else {
			for _, s := range segmenter.Segment(line) {
				all = append(all, span{at + s.Start, at + s.End()})
			}
		}
		at += len(line)
	}
	return all
}

// scan appends the tokens of one sentence.
func (d *document) scan(s span) {
	opens := true
	for i := s.start; i < s.end; {
		r, size := utf8.DecodeRuneInString(d.text[i:s.end])
		if !isWordRune(r) {
			opens = opens || strings.ContainsRune(`:"“”„«‘`, r)
			i += size
			continue
		}
		end := i + wordLength(d.text[i:s.end], d.language.decimalComma)
		start := i
		if d.language.elides {
			start += elision(d.text[i:end])
		}
		d.add(token{text: d.text[start:end], start: start, end: end, sentence: len(d.sentences), opens: opens})
		opens, i = false, end
	}
}

func (d *document) add(t token) {
	first, _ := utf8.DecodeRuneInString(t.text)
	t.upper = unicode.IsUpper(first) || unicode.IsTitle(first)
	lower := strings.ToLower(strings.ReplaceAll(t.text, ".", ""))
	if unicode.IsDigit(first) {
		lower = strings.ToLower(t.text)
	} else {
		lower = d.language.withoutSuffix(lower)
	}
	t.word = fold(lower)
	t.stem = fold(d.language.stem(lower))
	d.tokens = append(d.tokens, t)
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// wordLength is the length of the word or number with which a text begins, in
// bytes: "don’t", "U.S", "1,200.50", "7.8m". Where a comma stands before the
// decimals a space may stand between thousands: "1 200".
func wordLength(text string, spaced bool) int {
	var before rune
	letters := 0 // in a row
	for i, r := range text {
		if !isWordRune(r) {
			_, size := utf8.DecodeRuneInString(text[i:])
			thousands := spaced && r == ' ' && letters <= 3 && unicode.IsDigit(before) && threeDigits(text[i+size:])
			if !thousands && !joins(before, r, text[i+size:], letters) {
				return i
			}
			letters = -1
		}
		before = r
		letters++
	}
	return len(text)
}

// joins tells whether a mark between before and after belongs to a word;
// letters is how many stand before it since the last such mark.
func joins(before, mark rune, after string, letters int) bool {
	next, size := utf8.DecodeRuneInString(after)
	switch {
	case isApostrophe(mark):
		return unicode.IsLetter(before) && unicode.IsLetter(next) || unicode.IsDigit(before) && threeDigits(after)
	case mark == '.' && letters == 1 && unicode.IsLetter(before) && unicode.IsLetter(next): // U.S.
		further, _ := utf8.DecodeRuneInString(after[size:])
		return !unicode.IsLetter(further)
	case mark == '.' || mark == ',':
		return unicode.IsDigit(before) && unicode.IsDigit(next)
	case mark == '\u00a0' || mark == '\u202f' || mark == '\u2009':
		return unicode.IsDigit(before) && threeDigits(after)
	}
	return false
}

func threeDigits(text string) bool {
	return len(text) >= 3 && isDigits(text[:3]) && (len(text) == 3 || !isDigits(text[3:4]))
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// elision is the length of an article or pronoun that has lost its vowel:
// "l’" in "l’eau".
func elision(word string) int {
	const longest = 6 // letters: lorsqu’, dell’
	letters := 0
	for i, r := range word {
		if isApostrophe(r) {
			if letters <= longest {
				return i + utf8.RuneLen(r)
			}
			return 0
		}
		letters++
	}
	return 0
}

// fold takes accents off, so that Erdoğan is Erdogan.
func fold(word string) string {
	ascii := true
	for i := range len(word) {
		ascii = ascii && word[i] < utf8.RuneSelf
	}
	if ascii {
		return word
	}
	folded := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(word))
	return letters.Replace(folded)
}

// letters are those that have no accent to take off.
var letters = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ı", "i", "æ", "ae", "œ", "oe")
