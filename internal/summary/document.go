package summary

import (
	"math"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// Bounds on what is read of a story: news stands at the top, and work grows
// with the square of the sentences.
const (
	mostSentences = 120 // of the lead article
	mostArticles  = 6   // of a story
	mostOfOthers  = 12  // sentences of each other article
	longestRead   = 1 << 16
)

// A document is a story as the choice sees it.
type document struct {
	language  string
	sentences []sentence
	terms     int   // different ones
	count     []int // how often each term stands in the story
	spread    []int // in how many sentences
	first     []int // the sentence that has it first
	weight    []float64
	words     int
}

// A sentence is a candidate for the summary, or says why it is none.
type sentence struct {
	Sentence
	article  int
	language string
	why      string // not eligible
	leans    string // the words that lean on before
	before   int    // the sentence it leans on; -1: none that could be shown
	question bool
	words    int
	rank     int   // among the fit sentences of its article
	terms    []int // different content words, ascending
	capitals int   // names: words with a capital inside the sentence
	digits   int
	function int // function words
	first    int // words of the first person
	said     bool
	features [features]float64
}

func read(articles []newsletter.Article, language string) *document {
	d := &document{}
	ids := map[term]int{}
	for i, a := range articles {
		if i == mostArticles {
			break
		}
		spoken := language
		if spoken == "" {
			spoken = Language(a.Text)
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
		d.add(i, a.Text, spoken, most, ids)
	}
	d.weigh()
	d.measure()
	return d
}

// add reads the sentences of an article.
func (d *document) add(article int, text, language string, most int, ids map[term]int) {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	seen := map[string]bool{}
	rank, before := 0, -1
	for _, s := range Split(text, language) {
		if rank == most {
			break
		}
		c := sentence{Sentence: s, article: article, language: base, before: -1}
		c.why = unfit(s.Text)
		folded := fold(s.Text)
		if c.why == "" && seen[folded] {
			c.why = whyRepeats
		}
		seen[folded] = true
		d.read(&c, ids)
		c.leans = leansOn(base, s.Text)
		if c.leans != "" {
			c.before = before
		}
		if c.why == "" || !isFragment(s.Text) {
			before = len(d.sentences)
		}
		if c.why == "" {
			c.rank = rank
			rank++
		}
		d.sentences = append(d.sentences, c)
	}
}

// isFragment tells what a reader does not read as a sentence: what is left out
// between two sentences without breaking their tie.
func isFragment(text string) bool { return !endsInStop(text) || isTitleCase(text) || isCaption(text) }

// read counts the words of a sentence.
func (d *document) read(c *sentence, ids map[term]int) {
	c.question = isQuestion(c.Text)
	c.said = strings.ContainsAny(c.Text, `"“„«`)
	n := 0
	scan(c.Text, func(w word) {
		n++
		text := strings.ToLower(c.Text[w.start:w.end])
		if isFunctionWord(c.language, text) {
			c.function++
			return
		}
		switch text {
		case "i", "we", "my", "our", "me", "us", "you", "your":
			c.first++
			return
		}
		if w.digit {
			c.digits++
		}
		if w.upper && w.start > 0 {
			c.capitals++
		}
		id, ok := ids[w.term]
		if !ok {
			id = len(ids)
			ids[w.term] = id
			d.count, d.spread, d.first = append(d.count, 0), append(d.spread, 0), append(d.first, len(d.sentences))
		}
		if c.why == "" {
			d.count[id]++
		}
		c.terms = append(c.terms, id)
	})
	c.words = countWords(c.Text)
	d.words += c.words
	slices.Sort(c.terms)
	c.terms = slices.Compact(c.terms)
	if c.why == "" {
		for _, id := range c.terms {
			d.spread[id]++
		}
	}
	d.terms = len(ids)
}

// weigh gives each term its worth: how often the story says it.
func (d *document) weigh() {
	d.weight = make([]float64, d.terms)
	for i, n := range d.count {
		d.weight[i] = math.Sqrt(float64(n))
	}
}
