package markup

import (
	"strings"
	"unicode/utf8"
)

// FromText finds the article in a text that was copied from a web page with
// whatever stood around it. Labels are the titles, ids and aliases of the
// topics the publication knows; a line made of nothing else is the article's
// category.
//
// The headline is the line that stands near the top twice, else the
// title-like line that has most in common with the body, else the first
// sentence. Every other paragraph is in Text, tells the author, date, topics or
// address, or is in Dropped with the reason. In doubt a paragraph stays.
func FromText(text string, labels []string) Extracted {
	r := reading{labels: newLabelBook(labels)}
	r.split(text)
	return r.apply(pastedRules)
}

// A reading is the state of finding an article among paragraphs.
type reading struct {
	labels     labelBook
	paragraphs []paragraph
	headline   int // its paragraph; meaningful only where found is set
	found      bool
	tentative  bool // Published is only the date of a later change
	out        Extracted
}

// A paragraph of the input, on one line.
type paragraph struct {
	text   string
	linked bool // on a web page: every word of it is a link
	fate   fate
	why    string
}

// A fate is what became of a paragraph.
type fate int

const (
	stays   fate = iota // in the text
	titles              // it is the headline
	told                // it told the author, date, topics or address
	dropped             // it is not the article's
)

// A rule looks at a reading and decides on some of its paragraphs. The rules
// stand in the order in which they apply: each sees what the ones before it
// left.
type rule func(*reading)

var (
	pastedRules = []rule{
		dropExcess, dropNotices, dropLabelled, dropSiteSpeak, findHeadline, readHeader, dropTaglines, dropHeadlineAgain,
		dropCaptions, dropRepeats, dropBoxes, readFooter, cutDateline, titleFromText,
	}
	// A page has its title in the markup, and its captions mostly too.
	pageRules = []rule{
		dropExcess, dropNotices, dropLabelled, dropLinks, dropSiteSpeak, readHeader, dropHeadlineAgain, dropCaptions, dropRepeats, readFooter, cutDateline,
	}
	// Somebody wrote Markdown by hand: all of it is meant.
	markdownRules = []rule{readHeader, dropHeadlineAgain, titleFromText}
)

func (r *reading) apply(rules []rule) Extracted {
	for _, apply := range rules {
		apply(r)
	}
	var body []string
	for _, p := range r.paragraphs {
		switch p.fate {
		case stays:
			body = append(body, p.text)
		case titles, told:
		case dropped:
			r.out.Dropped = append(r.out.Dropped, Dropped{p.text, p.why})
		}
	}
	r.out.Text = strings.Join(body, "\n\n")
	return r.out
}

// split makes paragraphs of a text: a blank line ends one, and so does every
// other line end that is not just the edge of the writer's screen.
func (r *reading) split(whole string) {
	text := cleanLines(whole)
	edge := screenEdge(text)
	for _, block := range paragraphs(text) {
		var open, last string
		for line := range strings.SplitSeq(block, "\n") {
			line = oneLine(line)
			if open != "" && continues(last, line, edge) && !r.isMeta(line) && !r.isMeta(last) {
				open += " " + line
			} else {
				r.add(open)
				open = line
			}
			last = line
		}
		r.add(open)
	}
	if len(whole) > maxInput {
		const enough = 200 // bytes
		rest := oneLine(whole[maxInput:min(len(whole), maxInput+enough)])
		r.paragraphs = append(r.paragraphs, paragraph{text: rest + " …", fate: dropped, why: "stands behind the first 4 MiB, which is all that is read of a text"})
	}
}

func (r *reading) add(text string) {
	if text != "" {
		r.paragraphs = append(r.paragraphs, paragraph{text: text})
	}
}

// drop decides that a paragraph is not the article's.
func (r *reading) drop(i int, why string) {
	r.paragraphs[i].fate, r.paragraphs[i].why = dropped, why
}

// open lists the paragraphs that no rule has decided on.
func (r *reading) open() []int {
	var all []int
	for i, p := range r.paragraphs {
		if p.fate == stays {
			all = append(all, i)
		}
	}
	return all
}

// continues tells whether a line carries on the sentence or paragraph of the
// line before it: its first word did not fit before the edge, or it starts in
// the middle of a sentence.
func continues(last, line string, edge int) bool {
	if edge > 0 && !fits(last, line, edge) {
		return true
	}
	return !endsSentence(last) && startsLower(line) && utf8.RuneCountInString(last) >= shortLine
}

// A line shorter than shortLine was not broken for want of space, and nobody
// wraps at more than longLine runes.
const (
	shortLine = 40
	longLine  = 100
)

// screenEdge is the column at which the lines of a text were wrapped, or 0
// where they were not: most lines of a wrapped text end because the next word
// did not fit.
func screenEdge(text string) int {
	var pairs [][2]string // a line and the one that follows in its paragraph
	edge, full := 0, 0
	for _, block := range paragraphs(text) {
		lines := strings.Split(block, "\n")
		for i := range len(lines) - 1 {
			line := strings.TrimSpace(lines[i])
			pairs = append(pairs, [2]string{line, strings.TrimSpace(lines[i+1])})
			edge = max(edge, utf8.RuneCountInString(line))
		}
	}
	for _, p := range pairs {
		if !fits(p[0], p[1], edge) {
			full++
		}
	}
	if edge < shortLine || edge > longLine || full < 3 || full*5 < len(pairs)*3 {
		return 0
	}
	return edge
}

func fits(line, next string, edge int) bool {
	first, _, _ := strings.Cut(next, " ")
	return utf8.RuneCountInString(line)+1+utf8.RuneCountInString(first) <= edge
}
