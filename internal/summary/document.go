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
	fit       []int // the sentences that could be in a summary
	count     []int // how often the fit sentences say each term
	spread    []int // how many of them do
	first     []int // the fit sentence that has it first
	last      []int
	early     []int
	named     []int
	quoted    []int
	shape     []word
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
	start      forest.Start // what the forest makes of those that do not change
}

// A pair is two terms, the first in the upper half.
type pair uint64

func read(articles []newsletter.Article, language string, w *Weights) *document {
	d := &document{pairs: map[pair]int{}}
	ids, seen := vocabulary{}, map[string]bool{}
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
	for len(d.known) < len(ids) {
		d.known = append(d.known, -1)
	}
	d.sentences = slices.Grow(d.sentences, min(len(all), most))
	for _, s := range all {
		if rank == most || len(d.sentences)-from == mostUnfit*most {
			break
		}
		c := sentence{Sentence: s, article: article, language: base, before: -1, words: countWords(s.Text)}
		c.why = unfit(s.Text, c.words)
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
		var p passage
		p, words = cutPassage(s.Text, s.Start, words)
		if c.why == "" {
			d.read(&c, p.words)
		}
		c.leans = leansOn(base, p)
		if c.leans != "" {
			c.before = before
		}
		if c.why == "" || !isFragment(s.Text) {
			before = len(d.sentences)
		}
		if c.why == "" {
			rank++
		}
		d.sentences = append(d.sentences, c)
	}
}

// isFragment tells what a reader does not read as a sentence: what is left out
// between two sentences without breaking their tie.
func isFragment(text string) bool {
	return !endsInStop(text) || isTitleCase(text) || beginsAsCaption(strings.ToLower(text))
}

// read counts the words of a fit sentence.
func (d *document) read(c *sentence, words []word) {
	c.question = isQuestion(c.Text)
	c.quotes = holdsQuotation(c.Text)
	c.terms, c.pairs = make([]int, 0, len(words)), make([]pair, 0, len(words))
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
		c.terms = append(c.terms, id)
		if w.digit {
			c.digits++
		}
		if w.upper && w.start > c.Start {
			c.capitals++
			c.names = append(c.names, id)
		}
		if last >= 0 {
			c.pairs = append(c.pairs, pair(last)<<32|pair(id))
		}
		last = id
	}
	d.tally(c)
	slices.Sort(c.terms)
	c.terms = slices.Compact(c.terms)
	for _, id := range c.terms {
		d.spread[id]++
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
		id = len(d.count)
		d.known[w.id] = id
		d.count, d.spread, d.first = append(d.count, 0), append(d.spread, 0), append(d.first, -1)
		d.last, d.early, d.named, d.quoted = append(d.last, 0), append(d.early, 0), append(d.named, 0), append(d.quoted, 0)
		d.shape = append(d.shape, w)
	}
	return id
}

// tally counts what it says.
func (d *document) tally(c *sentence) {
	for _, id := range c.terms {
		d.count[id]++
		d.top = max(d.top, d.count[id])
		d.last[id] = c.rank
		if d.first[id] < 0 {
			d.first[id] = c.rank
		}
		if c.rank < 5 {
			d.early[id]++
		}
		if c.quotes {
			d.quoted[id]++
		}
	}
	for _, id := range c.names {
		d.named[id]++
	}
	for _, p := range c.pairs {
		d.pairs[p]++
	}
}

// weigh gives each term its worth: for the story by what the forest expects of
// it, for likeness by how few sentences say it. Square roots are exact
// everywhere, logarithms are not.
func (d *document) weigh(w *Weights) {
	d.weight, d.rarity = make([]float64, len(d.count)), make([]float64, len(d.count))
	for i := range d.count {
		f := d.termFeatures(i)
		d.weight[i] = math.Max(0, w.terms.Predict(f[:]))
		d.rarity[i] = math.Sqrt(float64(len(d.sentences)) / float64(1+d.spread[i]))
	}
}

// The features of a term.
const (
	tCount     = iota
	tSpread    // sentences
	tFirst     // the number of the first sentence with it
	tFirstPart // that as a share of the sentences
	tLast
	tNamed // share of its uses that are names
	tDigit
	tLength // runes
	tEarly  // uses in the first five sentences
	tCommon // count as a share of the commonest term's
	tFit    // sentences
	tQuoted // share of its uses in sentences with a quotation
	termFeatures
)

func (d *document) termFeatures(i int) [termFeatures]float64 {
	var f [termFeatures]float64
	n, fit := float64(max(1, d.count[i])), float64(max(1, len(d.fit)))
	f[tCount] = float64(d.count[i])
	f[tSpread] = float64(d.spread[i])
	f[tFirst] = math.Min(60, float64(d.first[i]))
	f[tFirstPart] = float64(d.first[i]) / fit
	f[tLast] = float64(d.last[i]) / fit
	f[tNamed] = float64(d.named[i]) / n
	f[tDigit] = flag(d.shape[i].digit)
	f[tLength] = float64(d.shape[i].end - d.shape[i].start)
	f[tEarly] = float64(d.early[i])
	f[tCommon] = n / float64(max(1, d.top))
	f[tFit] = math.Min(80, fit)
	f[tQuoted] = float64(d.quoted[i]) / n
	return f
}
