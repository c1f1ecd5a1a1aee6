package markup

import (
	"regexp"
	"slices"
)

const (
	maxCaption = 45 // words of a caption without an end stop
	maxWording = 60 // words of one that says its picture in full sentences
	maxCredit  = 25 // words of one that begins with what it is
)

// dropLabelled drops the captions and credits that say what they are.
func dropLabelled(r *reading) {
	for _, i := range r.open() {
		if text := r.paragraphs[i].text; atMost(maxCredit, text) && labelled.MatchString(text) || atMost(maxWording, text) && creditedAtEnd.MatchString(text) {
			r.drop(i, "is the caption of a picture")
		}
	}
}

// dropCaptions drops the captions of pictures. A caption stands alone among
// full sentences, has no end stop, and gives itself away by a credit, a date
// or place, or by being said again in other words beside it.
func dropCaptions(r *reading) {
	open := r.open()
	if !r.mostlySentences(open) {
		return
	}
	var captions []int // positions in open
	for at, i := range open {
		text := r.paragraphs[i].text
		if atMost(maxWording, text) && credited.MatchString(text) || datedAndPlaced(text) ||
			r.standsAlone(open, at) && (looksLikeCaption(text) || r.wordedTwice(open, at)) {
			r.drop(i, "is the caption of a picture")
			captions = append(captions, at)
		}
	}
	for _, at := range captions {
		r.dropOtherWording(open, at)
	}
}

// mostlySentences tells whether the text is prose at all; in a list or a poem
// a missing end stop says nothing. What stands before the first sentence and
// after the last is no part of the question.
func (r *reading) mostlySentences(open []int) bool {
	isSentence := func(i int) bool { return endsSentence(r.paragraphs[i].text) }
	first := slices.IndexFunc(open, isSentence)
	if first < 0 {
		return false
	}
	last := len(open) - 1
	for !isSentence(open[last]) {
		last--
	}
	sentences := r.sentences(open)
	return sentences >= 3 && sentences*5 >= (last+1-first)*3
}

// sentences counts the paragraphs that end as sentences do.
func (r *reading) sentences(open []int) int {
	n := 0
	for _, i := range open {
		if endsSentence(r.paragraphs[i].text) {
			n++
		}
	}
	return n
}

// standsAlone tells whether a short paragraph without an end stop has full
// sentences, or the text's end, on both sides.
func (r *reading) standsAlone(open []int, at int) bool {
	text := r.paragraphs[open[at]].text
	if endsSentence(text) || atMost(3, text) || !atMost(maxCaption, text) {
		return false
	}
	return (at == 0 || r.noLine(open[at-1])) && (at+1 == len(open) || r.noLine(open[at+1]))
}

// noLine tells whether a paragraph is prose or a caption, and no line of a list.
func (r *reading) noLine(i int) bool {
	text := r.paragraphs[i].text
	return endsSentence(text) || looksLikeCaption(text)
}

// looksLikeCaption finds the marks of a caption in a line without an end stop.
func looksLikeCaption(s string) bool {
	return !endsSentence(s) && atMost(maxWording, s) && (credited.MatchString(s) || creditedAtEnd.MatchString(s) || labelled.MatchString(s) || fullDate.MatchString(s) || place.MatchString(s) || pictured.MatchString(s))
}

// datedAndPlaced finds a caption wherever it stands: a line without an end stop
// that tells both where and on which day.
func datedAndPlaced(s string) bool {
	return !endsSentence(s) && !atMost(5, s) && atMost(maxCaption, s) && fullDate.MatchString(s) && place.MatchString(s)
}

var (
	// labelled lines say that they are captions or credits.
	labelled = regexp.MustCompile(`^\W*(?:(?i:file photo|photo(?:graph)?s?|pictures?|image|illustration|caption|archive|fotos?|bild(?:er)?|symbolbild|archivbild|imagen|immagine|afbeelding|beeld|cr[ée]dits?|illustrazione|légende(?: photo)?|aufmacherbild|pic)(?i: credit| source| by| photo)?\s*[:|©]|(?i:photo d['’]illustration|imagen de archivo|foto de archivo|archiefbeeld|archivbild|symbolbild|file (?:photo|image|picture)|immagine d['’]archivio)\b|` +
		`FILE\s*[-–—]|(?i:image|media|photo|video) (?i:source|caption|copyright|credit),?\s|(?i:(?:photo|foto|photograph|picture|illustration)s? (?:by|von|de|di|van|par) )\p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’/-]+){0,3}$)`)
	// creditedAtEnd is a caption's last words: "Photograph: Ann Ash/The Ledger".
	creditedAtEnd = regexp.MustCompile(`\b(?i:photographs?|photos?|fotos?|bild|pictures?|images?|credit|crédit|beeld) ?: ?(?:\p{Lu}|(?-i:dpa|epd|kna|apa|afp|ansa|efe|anp))[^.:]{0,50}\)?\.?$|[.)] [©ⓒ] ?\p{Lu}[\p{L}/ .'’-]{2,40}$`)
	credited      = regexp.MustCompile(`[©ⓒ] ?[\p{L}/ .'’-]{2,40}\)?\.?$|` +
		`\b(?i:(?:photo|picture|image) (?:by|credit|courtesy)\b[^.]*\.?$)|(?:AP Photo|/File Photo|/AFP|Getty Images|via (?:AP|AFP|Reuters|Getty))\b[^.]{0,40}[)\].]*$|` +
		`\((?i:photo|image|picture|file|credit|source):?\b[^()]*\)\.?$`)
	fullDate = regexp.MustCompile(`(?i)\b` + monthPattern + `\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}\b|\b\d{1,2}\.? ` + monthPattern + `\.?,? \d{4}\b`)
	place    = regexp.MustCompile(`\b(?:in|at|near|outside|of) (?:the )?\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*)*, \p{Lu}`)
	pictured = regexp.MustCompile(`(?i)\((?:left|right|centre|center|pictured|file)\)|, (?:left|right|pictured)[,\s]|\bpictured (?:here|in|on|at|with)\b`)
)

// wordedTwice tells whether the paragraph before or after says the same.
func (r *reading) wordedTwice(open []int, at int) bool {
	return at > 0 && r.sameWording(open[at], open[at-1]) || at+1 < len(open) && r.sameWording(open[at], open[at+1])
}

// dropOtherWording drops the paragraph beside a caption that paraphrases it; a
// line that is no sentence may stand between them.
func (r *reading) dropOtherWording(open []int, at int) {
	for _, step := range []int{1, -1} {
		beside := at + step
		for beside >= 0 && beside < len(open) && !r.inBody(open[beside]) {
			beside += step
		}
		if beside < 0 || beside >= len(open) {
			continue
		}
		// Above the body the opening sentence may well say what the picture
		// shows: there only one that says nothing else may go.
		if at == 0 && !r.nearlyEqual(open[at], open[beside]) {
			continue
		}
		if r.sameWording(open[at], open[beside]) {
			r.drop(open[beside], "says a caption again in other words")
			return
		}
	}
}

// inBody tells whether a paragraph is left in the text and a sentence.
func (r *reading) inBody(i int) bool {
	return r.paragraphs[i].fate == stays && endsSentence(r.paragraphs[i].text)
}

// sameWording tells whether a paragraph is a paraphrase of a caption: about as
// long, and most of what either says is in the other.
func (r *reading) sameWording(caption, other int) bool {
	text := r.paragraphs[other].text
	if !atMost(maxWording, text) {
		return false
	}
	a, b := contentWords(r.paragraphs[caption].text), contentWords(text)
	return shared(a, b) >= 5 && likeness(a, b) >= 0.6
}

func (r *reading) nearlyEqual(a, b int) bool {
	return likeness(contentWords(r.paragraphs[a].text), contentWords(r.paragraphs[b].text)) >= 0.85
}
