package guard

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A number is a value in a text: 1,200, 1.2 thousand, twelve, 5 %.
type number struct {
	values  []string // what it may stand for: "10 m" is ten metres or ten million
	unit    string   // "%", a currency, "th" for an ordinal, or ""
	written bool     // in letters
	tokens  span
}

// one is a value that written out is mostly an article or a pronoun.
const one = "1e0"

// numbersIn finds the numbers of a document.
func numbersIn(d *document) []number {
	var all []number
	for i := 0; i < len(d.tokens); {
		found, n := numberAt(d, i)
		all = append(all, found...)
		i += max(n, 1)
	}
	inheritUnits(d, all)
	return all
}

// numberAt reads the numbers that begin at a token and says how many tokens
// they take.
func numberAt(d *document, i int) ([]number, int) {
	t := d.tokens[i]
	if first, _ := utf8.DecodeRuneInString(t.text); unicode.IsDigit(first) {
		return digitsAt(d, i)
	}
	value, power, n := d.writtenAt(i)
	if n == 0 {
		return nil, 0
	}
	found := number{values: []string{canonical(strconv.Itoa(value), power)}, written: true, tokens: span{i, i + n}}
	found.unit = d.unit(&found)
	return []number{found}, n
}

// writtenAt reads "two", "twenty-five", "two hundred". A hundred or a thousand
// alone is none: they count without being exact.
func (d *document) writtenAt(i int) (value, power, n int) {
	value, known := d.language.numbers[d.tokens[i].word]
	if !known {
		return 0, 0, 0
	}
	n = 1
	if unit, ok := d.language.numbers[d.word(i+1)]; ok && value >= 20 && value%10 == 0 && unit > 0 && unit < 10 {
		value, n = value+unit, 2
	}
	for n < 4 {
		more, ok := d.language.powers[d.word(i+n)]
		if !ok || len(d.word(i+n)) < 3 {
			break
		}
		power += more
		n++
	}
	return value, power, n
}

func (d *document) word(i int) string {
	if i < 0 || i >= len(d.tokens) {
		return ""
	}
	return d.tokens[i].word
}

// digitsAt reads a number in digits with what hangs on it.
func digitsAt(d *document, i int) ([]number, int) {
	word := d.tokens[i].word
	digits := strings.TrimRightFunc(word, unicode.IsLetter)
	suffix := word[len(digits):]
	parts, ok := plainDigits(digits, d.language.decimalComma)
	if !ok { // a date, a version
		return separate(parts, i), 1
	}
	found := number{values: []string{canonical(parts[0], 0)}, tokens: span{i, i + 1}}
	next := suffix
	if suffix == "" {
		next = d.word(i + 1)
	}
	switch power, large := d.language.powers[next]; {
	case strings.Contains(" st nd rd th ", " "+suffix+" ") && suffix != "":
		found.unit = ordinal
	case large:
		found.values = append(found.values, canonical(parts[0], power))
		if suffix == "" {
			found.tokens.end++
			if len(next) > 2 { // "million" is no unit of anything else
				found.values = found.values[1:]
			}
		}
	}
	if found.unit == "" {
		found.unit = d.unit(&found)
	}
	return []number{found}, found.tokens.end - i
}

// separate makes a number of each part of a date or a version, and of the
// whole.
func separate(parts []string, i int) []number {
	var all []number
	for _, part := range parts {
		all = append(all, number{values: []string{canonical(part, 0)}, tokens: span{i, i + 1}})
	}
	return all
}

// plainDigits takes the marks out of a number's digits and leaves a point
// before the decimals. Where they are no number's, the parts between them are
// returned.
func plainDigits(digits string, decimalComma bool) (parts []string, ok bool) {
	point, group := ".", ","
	if decimalComma {
		point, group = ",", "."
	}
	digits = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isApostrophe(r) {
			return -1
		}
		return r
	}, digits)
	whole, decimals, fraction := strings.Cut(digits, point)
	grouped := strings.Split(whole, group)
	fits := !strings.ContainsAny(decimals, ".,")
	for n, g := range grouped {
		fits = fits && (n == 0 || len(g) == 3) && (len(grouped) == 1 || len(g) <= 3)
	}
	switch {
	case fits && fraction:
		return []string{strings.Join(grouped, "") + "." + decimals}, true
	case fits:
		return []string{strings.Join(grouped, "")}, true
	}
	parts = strings.FieldsFunc(digits, func(r rune) bool { return r == '.' || r == ',' })
	if len(parts) == 2 && len(parts[0]) <= 3 { // the other way of writing
		return []string{parts[0] + "." + parts[1]}, true
	}
	return parts, false
}

// canonical writes a decimal number times a power of ten as digits without
// zeros at either end, and an exponent: 1,200 and 1.2 thousand are "12e2".
func canonical(decimal string, power int) string {
	whole, decimals, _ := strings.Cut(decimal, ".")
	digits := strings.TrimLeft(whole+decimals, "0")
	power -= len(decimals)
	trimmed := strings.TrimRight(digits, "0")
	power += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0"
	}
	return trimmed + "e" + strconv.Itoa(power)
}

// ordinal is the unit of 3rd; words like "third" are compared as words.
const ordinal = "th"

// unit is what a number counts, where that is a percentage or money.
func (d *document) unit(n *number) string {
	first, last := d.tokens[n.tokens.start], d.tokens[n.tokens.end-1]
	before := strings.TrimRight(d.text[max(0, first.start-4):first.start], " \u00a0")
	if r, _ := utf8.DecodeLastRuneInString(before); unicode.Is(unicode.Sc, r) {
		return string(r)
	}
	after := strings.TrimLeft(d.text[last.end:min(len(d.text), last.end+5)], " \u00a0\u202f")
	if r, _ := utf8.DecodeRuneInString(after); r == '%' || unicode.Is(unicode.Sc, r) {
		return string(r)
	}
	next := d.word(n.tokens.end)
	if u := units[next]; u != "" {
		return u
	}
	return units[next+" "+d.word(n.tokens.end+1)]
}

// isQuantity tells whether a word belongs to numbers: "twelve", "million",
// "percent".
func (l *language) isQuantity(word string) bool {
	_, number := l.numbers[word]
	_, power := l.powers[word]
	return number || power || units[word] != ""
}

// units are words for percentages and money.
var units = map[string]string{
	"percent": "%", "per cent": "%", "pc": "%", "pct": "%", "prozent": "%", "pour cent": "%", "pourcent": "%", "por ciento": "%", "per cento": "%", "procent": "%",
	"dollar": "$", "dollars": "$", "usd": "$", "dolares": "$", "dollari": "$",
	"pound": "£", "pounds": "£", "gbp": "£", "pfund": "£", "livres": "£", "libras": "£", "sterline": "£", "pond": "£",
	"euro": "€", "euros": "€", "eur": "€", "yen": "¥", "jpy": "¥", "rupees": "₹", "rubel": "₽", "roubles": "₽", "rubles": "₽",
}

// inheritUnits gives the first of "5 to 10 %" the unit of the second.
func inheritUnits(d *document, all []number) {
	for i := len(all) - 2; i >= 0; i-- {
		a, b := &all[i], &all[i+1]
		gap := b.tokens.start - a.tokens.end
		if a.unit == "" && (gap == 0 || gap == 1 && d.language.function[d.word(a.tokens.end)]) &&
			d.tokens[a.tokens.start].sentence == d.tokens[b.tokens.start].sentence && b.unit != ordinal {
			a.unit = b.unit
		}
	}
}

// checkNumbers looks for each number of a sentence in the source: the same
// value, with a unit that does not contradict.
func (c *checker) checkNumbers(s sentence) {
	for _, n := range c.summary.numbers {
		if n.tokens.start < s.start || n.tokens.start >= s.end || (n.written && n.values[0] == one) {
			continue
		}
		shown := c.summary.show(n.tokens)
		occurrences := c.occurrences(n)
		fitting := slices.DeleteFunc(slices.Clone(occurrences), func(o number) bool { return !c.fits(n, o) })
		switch {
		case len(occurrences) == 0:
			c.fault(s, Number, shown, "the source does not have this number")
		case len(fitting) == 0:
			c.fault(s, Number, shown, "in the source this number counts something else")
		case !c.inPlace(s, n, fitting):
			c.fault(s, Number, shown, "in the source this number stands by none of these words")
		}
	}
}

// occurrences are the first places where the source has a number's value.
func (c *checker) occurrences(n number) []number {
	const enough = 64
	var found []number
	for _, value := range n.values {
		places := c.source.byValue[value]
		for _, at := range places[:min(enough, len(places))] {
			found = append(found, c.source.numbers[at])
		}
	}
	return found
}

// fits tells whether a number of the summary can be one of the source: of the
// same unit, or of money whose currency the source names elsewhere. Days are
// written with and without the ending of an ordinal.
func (c *checker) fits(n, o number) bool {
	switch {
	case n.unit == o.unit:
		return true
	case n.unit == ordinal || o.unit == ordinal:
		return n.unit+o.unit == ordinal && c.summary.isDay(n)
	case n.unit == "":
		return o.unit != "%"
	case o.unit == "":
		return n.unit != "%" && c.source.units[n.unit]
	}
	return false
}
