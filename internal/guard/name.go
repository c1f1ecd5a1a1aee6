package guard

import (
	"slices"
	"strings"
)

// checkNames looks for each name of a sentence in the source: its words, and
// the words of one name near one another.
func (c *checker) checkNames(s sentence) {
	for i := s.start; i < s.end; {
		if !c.inName(i, s.end) {
			i++
			continue
		}
		end := i + 1
		for end < s.end && c.continuesName(end) {
			end++
		}
		c.checkName(s, span{i, end})
		i = end
	}
}

// inName tells whether a token is part of a name. A capital at the beginning
// of a sentence says so only before another one.
func (c *checker) inName(i, end int) bool {
	if !c.isCapital(i) || !c.summary.tokens[i].opens {
		return c.isCapital(i)
	}
	return i+1 < end && c.continuesName(i+1) && !isAcronym(c.summary.tokens[i+1].text) && !c.summary.language.nounsUpper
}

func (c *checker) isCapital(i int) bool {
	d := c.summary
	t := d.tokens[i]
	if !t.upper || len(t.word) < 2 || d.month(i) != 0 || d.weekday(i) != 0 {
		return false
	}
	return !d.language.isQuantity(t.word) && (!d.language.function[t.word] || isAcronym(t.text)) // US is no pronoun
}

// continuesName tells whether a token belongs to the same name as the one
// before it: nothing but a space, a stop or a hyphen stands between.
func (c *checker) continuesName(i int) bool {
	d := c.summary
	between := d.text[d.tokens[i-1].end:d.tokens[i].start]
	return c.isCapital(i) && strings.Trim(between, " .-\u00a0") == "" && len(between) <= 3
}

func (c *checker) checkName(s sentence, name span) {
	if c.source.byWord[c.initials(name)] != nil {
		return // the source has the acronym
	}
	before := -1 // the last word of the name that the source has
	for i := name.start; i < name.end; i++ {
		end := i
		for end < name.end && !c.knowsName(end) {
			end++
		}
		if end > i {
			c.fault(s, Name, c.summary.show(span{i, end}), "the source does not have this name")
			i, before = end-1, -1
			continue
		}
		if before >= 0 && !c.together(before, i) {
			c.fault(s, Name, c.summary.show(span{before, i + 1}), "the source never has these words together")
		}
		before = i
	}
}

// initials are those of a name of several words, in lower case.
func (c *checker) initials(name span) string {
	if name.end-name.start < 2 {
		return ""
	}
	var b strings.Builder
	for _, t := range c.summary.tokens[name.start:name.end] {
		b.WriteString(initial(t.word))
	}
	return b.String()
}

func (c *checker) knowsName(i int) bool {
	t := c.summary.tokens[i]
	if c.source.byWord[t.word] != nil || c.source.byStem[t.stem] != nil {
		return true
	}
	if isAcronym(t.text) {
		return c.source.acronyms[t.word] || c.knowsCountry(t.word)
	}
	if c.summary.language.nounsUpper {
		return c.source.matches(t) != nil
	}
	return c.knowsCountry(t.word)
}

// near is how many words may stand between two words of one name: "Jens, the
// world's number two, Noppert".
const near = 6

// together tells whether two words of a name stand near one another somewhere
// in the source.
func (c *checker) together(i, j int) bool {
	a, b := c.source.matches(c.summary.tokens[i]), c.source.matches(c.summary.tokens[j])
	if len(a) == 0 || len(b) == 0 {
		return true // known by another form
	}
	for x, y := 0, 0; x < len(a) && y < len(b); {
		distance := a[x] - b[y]
		if max(distance, -distance) <= near {
			return true
		}
		if distance < 0 {
			x++
		} else {
			y++
		}
	}
	return false
}

// knowsCountry tells whether the source has another form of a country's name:
// Russia for Russian, France for French.
func (c *checker) knowsCountry(word string) bool {
	for _, family := range countries {
		if strings.Contains(family, " "+word+" ") {
			for other := range strings.FieldsSeq(family) {
				if c.source.byWord[other] != nil {
					return true
				}
			}
		}
	}
	if len(word) < prefixLength {
		return false
	}
	for _, stem := range c.source.byPrefix[word[:prefixLength]] {
		if t := c.source.tokens[c.source.byStem[stem][0]]; t.upper && shareRoot(t.word, word) {
			return true
		}
	}
	return false
}

// shareRoot tells whether two words agree but for what makes an adjective of a
// country's name: Italy and Italian, Austria and Austrian, Iraq and Iraqi.
func shareRoot(a, b string) bool {
	for _, root := range roots(a) {
		if slices.Contains(roots(b), root) {
			return true
		}
	}
	return false
}

func roots(word string) []string {
	all := []string{word}
	for _, ending := range []string{"ians", "ian", "ese", "ans", "an", "ns", "n", "is", "i", "y", "e", "a"} {
		if root, ok := strings.CutSuffix(word, ending); ok && len(root) >= prefixLength {
			all = append(all, root)
		}
	}
	return all
}

// countries are names whose forms share too few letters.
var countries = [...]string{
	" us usa america american americans ", " uk britain british ", " eu european ", " france french frenchman frenchwoman ", " spain spanish spaniard ",
	" wales welsh welshman ", " scotland scottish scots scotsman ", " england english englishman englishwoman ", " ireland irish irishman ",
	" netherlands dutch dutchman ", " greece greek greeks ", " denmark danish dane danes ", " poland polish pole poles ", " turkey turkish turk turks ",
	" sweden swedish swede swedes ", " finland finnish finn finns ", " norway norwegian ", " switzerland swiss ", " germany german germans ",
	" portugal portuguese ", " philippines filipino filipinos ", " thailand thai ", " cyprus cypriot ", " argentina argentine ", " israel israeli israelis ",
	" afghanistan afghan afghans ", " kazakhstan kazakh ", " brazil brazilian ", " japan japanese ", " iceland icelandic ", " iran iranian iranians ",
}
