package summary

import (
	"math"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary/forest"
)

// Bounds on what is read of a story: news stands at the top, and work grows
// with the square of the sentences.
const (
	mostSentences = 120 // of the lead article
	mostArticles  = 6   // of a story
	mostOfOthers  = 12  // sentences of each other article
	mostUnfit     = 10  // times as many sentences are looked at for the fit ones
)

// A document is a story as the choice sees it.
type document struct {
	language  string
	sentences []sentence
	fit       []int        // the sentences that could be in a summary
	uses      []use        // of each term
	terms     []int        // what the sentences say, one behind the other
	names     []int        // … of these the names
	told      []pair       // … and the pairs
	top       int          // the count of the commonest
	weight    []float64    // what each term counts
	rarity    []float64    // what each counts for likeness
	pairs     map[pair]int // how often two terms follow one another
	known     []int        // the number of each term of the vocabulary, of those that fit sentences say; -1: none does
	total     float64      // all weights together
	likeness  []float64    // of each two fit sentences, in rows
}

// A sentence is a candidate for the summary, or says why it is none.
type sentence struct {
	Sentence
	article    int
	language   string
	why        string // not fit
	leans      string // the words that lean on the sentence before
	before     int    // the sentence it leans on; -1: there is none
	quotes     bool   // holds a quotation
	question   bool
	attributes bool // says who said something
	words      int
	rank       int    // among the fit sentences of its article
	number     int    // among those of the story
	terms      []int  // different content words, ascending
	names      []int  // those that are names, in order
	pairs      []pair // content words that follow one another
	capitals   int    // words with a capital inside the sentence
	digits     int
	function   int // function words
	self       int // I, we and you
	features   [features]float64
	start      *forest.Start // what the forest makes of those that do not change
}

// A use is how the fit sentences of a story use a term.
type use struct {
	shape       word
	count       int // how often they say it
	spread      int // how many of them do
	first, last int // numbers of those
	early       int // uses in the first five of an article
	named       int // … as a name
	quoted      int // … in a sentence with a quotation
}

// A pair is two terms, the first in the upper half.
type pair uint64

func read(articles []newsletter.Article, language string, w *Weights) *document {
	const terms = 300 // of an article, or so
	d := &document{pairs: make(map[pair]int, terms)}
	ids, seen := make(vocabulary, terms), map[string]bool{}
	for i, a := range articles {
		if i == mostArticles {
			break
		}
		words := ids.scan(a.Text)
		spoken := language
		if spoken == "" {
			spoken = languageOf(a.Text, slices.Values(words))
		}
		if i == 0 {
			d.language = spoken
		}
		if spoken != d.language {
			continue
		}
		most := mostSentences
		if i > 0 {
			most = mostOfOthers
		}
		d.add(i, a, words, spoken, most, ids, seen)
	}
	d.find()
	d.weigh(w)
	d.measure(w)
	return d
}

// add reads the sentences of an article; seen are those of the story so far.
func (d *document) add(article int, a newsletter.Article, words []word, language string, most int, ids vocabulary, seen map[string]bool) {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	rank, before, from := 0, -1, len(d.sentences)
	all, foreign := Split(a.Text, language), strangers(a, words, ids, base)
	d.expect(len(words), len(ids))
	d.sentences = slices.Grow(d.sentences, min(len(all), most))
	for _, s := range all {
		if rank == most || len(d.sentences)-from == mostUnfit*most {
			break
		}
		c := sentence{Sentence: s, article: article, language: base, before: -1, words: countWords(s.Text)}
		var p passage
		p, words = cutPassage(s.Text, s.Start, words)
		c.why = unfit(p, c.words)
		var strange bool
		if strange, foreign = within(foreign, s.Start); strange && c.why == "" {
			c.why = whyStrange
		}
		folded := fold(s.Text)
		if c.why == "" && seen[folded] {
			c.why = whyRepeats
		}
		seen[folded] = true
		c.rank = rank
		if c.why == "" {
			d.read(&c, p.words)
		}
		c.leans = leansOn(base, p)
		if c.leans != "" {
			c.before = before
		}
		before = len(d.sentences)
		if c.why == "" {
			rank++
		}
		d.sentences = append(d.sentences, c)
	}
}

// expect makes room for so many words, and terms of the vocabulary.
func (d *document) expect(words, terms int) {
	d.terms, d.told = slices.Grow(d.terms, words), slices.Grow(d.told, words)
	d.uses = slices.Grow(d.uses, terms-len(d.known))
	for len(d.known) < terms {
		d.known = append(d.known, -1)
	}
}

// read counts the words of a fit sentence.
func (d *document) read(c *sentence, words []word) {
	c.question = isQuestion(c.Text)
	c.quotes = holdsQuotation(c.Text)
	terms, names, pairs := len(d.terms), len(d.names), len(d.told)
	last := -1
	function := inLanguage(c.language)
	for _, w := range words {
		c.attributes = c.attributes || w.does&says != 0
		if w.does&self != 0 {
			c.self++
			continue
		}
		if w.does&function != 0 {
			c.function++
			continue
		}
		id := d.id(w)
		d.terms = append(d.terms, id)
		if w.digit {
			c.digits++
		}
		if w.upper && w.start > c.Start {
			c.capitals++
			d.names = append(d.names, id)
		}
		if last >= 0 {
			d.told = append(d.told, pair(last)<<32|pair(id))
		}
		last = id
	}
	c.terms, c.names, c.pairs = d.terms[terms:], d.names[names:], d.told[pairs:]
	d.tally(c)
	slices.Sort(c.terms)
	c.terms = slices.Compact(c.terms)
	for _, id := range c.terms {
		d.uses[id].spread++
	}
}

// find lists the fit sentences.
func (d *document) find() {
	for i := range d.sentences {
		if d.sentences[i].why == "" {
			d.sentences[i].number = len(d.fit)
			d.fit = append(d.fit, i)
		}
	}
}

// id numbers a term.
func (d *document) id(w word) int {
	id := d.known[w.id]
	if id < 0 {
		id = len(d.uses)
		d.known[w.id] = id
		d.uses = append(d.uses, use{shape: w, first: -1})
	}
	return id
}

// tally counts what it says.
func (d *document) tally(c *sentence) {
	for _, id := range c.terms {
		u := &d.uses[id]
		u.count++
		d.top = max(d.top, u.count)
		u.last = c.rank
		if u.first < 0 {
			u.first = c.rank
		}
		if c.rank < 5 {
			u.early++
		}
		if c.quotes {
			u.quoted++
		}
	}
	for _, id := range c.names {
		d.uses[id].named++
	}
	for _, p := range c.pairs {
		d.pairs[p]++
	}
}

// weigh gives each term its worth: for the story by what the forest expects of
// it, for likeness by how few sentences say it. Square roots are exact
// everywhere, logarithms are not.
func (d *document) weigh(w *Weights) {
	d.weight, d.rarity = make([]float64, len(d.uses)), make([]float64, len(d.uses))
	var shared [tNamed]float64 // by the terms that are said once, in one sentence
	start := w.terms.Start(shared[:])
	for i := range d.uses {
		f := d.termFeatures(i)
		if head := [tNamed]float64(f[:]); d.uses[i].count > 1 {
			d.weight[i] = w.terms.Predict(f[:])
		} else {
			if head != shared {
				shared, start = head, w.terms.Start(head[:])
			}
			d.weight[i] = start.Predict(f[tNamed:])
		}
		d.weight[i] = math.Max(0, d.weight[i])
		d.rarity[i] = math.Sqrt(float64(len(d.sentences)) / float64(1+d.uses[i].spread))
	}
}

// The features of a term.
const (
	tCount     = iota
	tSpread    // sentences
	tFirst     // the number of the first sentence with it
	tFirstPart // that as a share of the sentences
	tLast
	tEarly  // uses in the first five sentences
	tCommon // count as a share of the commonest term's
	tFit    // sentences
	tQuoted // share of its uses in sentences with a quotation
	tNamed  // from here on: what those said once in one sentence differ in; share of its uses that are names
	tDigit
	tLength // bytes
	termFeatures
)

func (d *document) termFeatures(i int) [termFeatures]float64 {
	var f [termFeatures]float64
	u := &d.uses[i]
	n, fit := float64(max(1, u.count)), float64(max(1, len(d.fit)))
	f[tCount] = float64(u.count)
	f[tSpread] = float64(u.spread)
	f[tFirst] = math.Min(60, float64(u.first))
	f[tFirstPart] = float64(u.first) / fit
	f[tLast] = float64(u.last) / fit
	f[tNamed] = float64(u.named) / n
	f[tDigit] = flag(u.shape.digit)
	f[tLength] = float64(u.shape.end - u.shape.start)
	f[tEarly] = float64(u.early)
	f[tCommon] = n / float64(max(1, d.top))
	f[tFit] = math.Min(80, fit)
	f[tQuoted] = float64(u.quoted) / n
	return f
}
