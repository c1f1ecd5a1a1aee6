// Package guard checks a summary that somebody else wrote, a language model
// say, against the text it summarizes. It compares words, not meanings: what it
// passes uses the source's numbers, names, dates, quotations and words, close to
// one another as in the source; whether the sentence is true it cannot know.
//
// It promises:
//   - A summary made of the source's own sentences always passes.
//   - The same two texts give the same verdict everywhere, in a time that grows
//     with their lengths.
//   - It errs on the safe side: what it does not know (a language without a
//     lexicon, a script without spaces, a sum the summary worked out itself)
//     is a fault. The caller then keeps to the source's words.
//
// Lexicons: English, German, French, Spanish, Italian and Dutch. Stems are
// Snowball's for English, French and Spanish; for the others, which the library
// lacks, the commonest endings are taken off. BENCHMARKS.md has the measured
// rates of errors caught and false alarms.
package guard

import "strings"

// A Verdict is what came of checking a summary.
type Verdict struct {
	OK     bool
	Faults []Fault // in the order of the summary; none where OK
}

// A Fault is a place of a summary that the source does not support.
type Fault struct {
	Sentence string // the summary's, without white space around it
	Kind     Kind
	Value    string // the words at fault
	Why      string // in plain words
}

// Kind is what a fault is about.
type Kind string

// The kinds of faults.
const (
	Number    Kind = "number"
	Name      Kind = "name"
	Date      Kind = "date"
	Quotation Kind = "quotation"
	Address   Kind = "address"  // of a site, a mailbox, an account
	Negation  Kind = "negation" // of the two texts one says not
	Novel     Kind = "novel"    // words the source does not have
	Apart     Kind = "apart"    // words the source has, but nowhere near one another
	Length    Kind = "length"   // nothing, or more than the source
	Language  Kind = "language" // another one than the source's
)

// Check compares a summary with its source, both plain text. The language is
// the source's BCP 47 tag; "" lets the texts tell. White space never matters.
func Check(source, summary, language string) Verdict {
	return check(source, summary, language, chosen)
}

// tolerance says how much of a sentence may be the summary's own.
type tolerance struct {
	novel float64 // share of a sentence's content words that the source lacks
	apart float64 // share that is not near the others in the source
}

// chosen is the operating point; BENCHMARKS.md has the others.
var chosen = tolerance{novel: 0.25, apart: 0.3}

// mostWords bounds the work on a summary.
const mostWords = 2000

func check(source, summary, language string, t tolerance) Verdict {
	if strings.TrimSpace(summary) == "" {
		return Verdict{Faults: []Fault{{Kind: Length, Why: "the summary is empty"}}}
	}
	original := newVerbatim(source)
	if original.covers(summary) {
		return Verdict{OK: true}
	}
	l := languageOf(language)
	if language == "" {
		l = guess(source)
	}
	c := &checker{source: newIndex(parse(source, l)), summary: parse(summary, l), tolerance: t}
	switch words := len(c.summary.tokens); {
	case words > mostWords:
		return Verdict{Faults: []Fault{{Kind: Length, Why: "this is no summary: it is too long to be checked"}}}
	case words > len(c.source.tokens):
		c.fault(sentence{}, Length, "", "the summary is longer than the source")
	}
	for _, s := range c.summary.sentences {
		if !original.covers(s.text) {
			c.checkSentence(s)
		}
	}
	c.checkLanguage()
	return Verdict{OK: len(c.faults) == 0, Faults: c.faults}
}

// A checker holds the two texts and the faults found so far.
type checker struct {
	source    *index
	summary   *document
	tolerance tolerance
	faults    []Fault
}

func (c *checker) fault(s sentence, kind Kind, value, why string) {
	c.faults = append(c.faults, Fault{Sentence: s.text, Kind: kind, Value: value, Why: why})
}

func (c *checker) checkSentence(s sentence) {
	c.checkNumbers(s)
	c.checkDates(s)
	c.checkNames(s)
	c.checkQuotations(s)
	c.checkAddresses(s)
	c.checkWords(s)
	c.checkNegation(s)
}

// show is the text of a range of tokens with the marks that stand inside.
func (d *document) show(s span) string {
	if s.start >= s.end {
		return ""
	}
	return strings.Join(strings.Fields(d.text[d.tokens[s.start].start:d.tokens[s.end-1].end]), " ")
}
