// Package summary makes short texts out of long ones without writing a word:
// every sentence of a summary stands verbatim in the article. It finds
// sentences and takes whole ones within a budget of words. The same text gives
// the same summary everywhere.
//
// Sentence borders come from the Punkt model of prose, trained on English;
// what it does not know (paragraphs, quotations, list numbers, ordinals of
// other languages, full stops of other scripts) is added here.
package summary

import (
	"strings"
	"unicode"

	"github.com/jdkato/prose/v3/segment"
)

// A Sentence is a piece of a text, without white space around it.
type Sentence struct {
	Text       string // text[Start:End], verbatim
	Start, End int    // byte offsets into the text
}

// Split finds the sentences of a text, in order and without overlap. A
// sentence never crosses a blank line. Together they hold everything but the
// white space between them, so headings and captions count as sentences too.
// The language is a BCP 47 tag; "" is English.
func Split(text, language string) []Sentence {
	l := languageOf(language)
	var all []Sentence
	for _, p := range paragraphs(text) {
		for _, s := range l.sentences(p.of(text)) {
			all = append(all, Sentence{Text: s.of(p.of(text)), Start: p.start + s.start, End: p.start + s.end})
		}
	}
	return all
}

// A span is a range of bytes.
type span struct{ start, end int }

func (s span) of(text string) string { return text[s.start:s.end] }

// paragraphs are the parts of a text between blank lines.
func paragraphs(text string) []span {
	var all []span
	start, at := -1, 0 // start of the open paragraph, -1: none is open
	for line := range strings.Lines(text) {
		blank := strings.TrimSpace(line) == ""
		if blank && start >= 0 {
			all = append(all, span{start, at})
			start = -1
		}
		if !blank && start < 0 {
			start = at
		}
		at += len(line)
	}
	if start >= 0 {
		all = append(all, span{start, at})
	}
	return all
}

// sentences are the sentences of one paragraph.
func (l language) sentences(paragraph string) []span {
	var found []span
	for _, s := range punkt(paragraph) {
		for _, part := range l.parts(paragraph, s) {
			n := len(found)
			if n > 0 && l.joins(found[n-1].of(paragraph), part.of(paragraph)) {
				found[n-1].end = part.end
			} else {
				found = append(found, part)
			}
		}
	}
	return joinQuotations(paragraph, found)
}

// parts cuts a sentence at the borders that the library misses.
func (l language) parts(paragraph string, s span) []span {
	var parts []span
	rest := s
	for _, at := range l.splits(s.of(paragraph)) {
		part := trim(paragraph, span{rest.start, s.start + at})
		if part.start < part.end {
			parts = append(parts, part)
		}
		rest.start = s.start + at
	}
	if rest = trim(paragraph, rest); rest.start < rest.end {
		parts = append(parts, rest)
	}
	return parts
}

// punkt asks the library. Its model is embedded; should it fail to load, a
// paragraph is one sentence, which is dull but never wrong.
func punkt(paragraph string) []span {
	segmenter, err := segment.New()
	if err != nil {
		return []span{trim(paragraph, span{0, len(paragraph)})}
	}
	var all []span
	for _, s := range segmenter.Segment(paragraph) {
		all = append(all, span{s.Start, s.End()})
	}
	return all
}

// trim narrows a span past the white space around it.
func trim(text string, s span) span {
	inner := s.of(text)
	s.start += len(inner) - len(strings.TrimLeftFunc(inner, unicode.IsSpace))
	s.end -= len(inner) - len(strings.TrimRightFunc(inner, unicode.IsSpace))
	return s
}
