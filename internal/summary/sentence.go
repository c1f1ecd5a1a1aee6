// Package summary makes short texts out of long ones without writing a word:
// every sentence of a summary stands verbatim in an article. It finds sentences
// and chooses those that tell the most. The same articles give the same summary
// everywhere.
//
// Sentence borders follow rules for six languages; they keep the English
// "golden rules" of the field, and cut no sentence where they are in doubt. The
// statistical splitters to be had know English only, and cost ten times the
// rest of the work.
package summary

import (
	"strings"
	"unicode"
)

// A Sentence is a piece of a text, without white space around it.
type Sentence struct {
	Text       string // text[Start:End], verbatim
	Start, End int    // byte offsets into the text
}

// Split finds the sentences of a text, in order and without overlap. A
// sentence never crosses a blank line. Together they hold everything but the
// white space between them, so headings and captions count as sentences too.
// The language is a BCP 47 tag; "" is English, and one without rules of its own
// gets along with those that hold everywhere.
func Split(text, language string) []Sentence {
	g := grammarOf(language)
	var all []Sentence
	for _, p := range paragraphs(text) {
		for _, s := range g.sentences(p.of(text)) {
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
func (g grammar) sentences(paragraph string) []span {
	var found []span
	start := 0
	for _, at := range append(g.borders(paragraph), len(paragraph)) {
		s := trim(paragraph, span{start, at})
		start = at
		if s.start >= s.end {
			continue
		}
		if n := len(found); n > 0 && belongsBefore(s.of(paragraph)) {
			found[n-1].end = s.end
			continue
		}
		found = append(found, s)
	}
	return joinQuotations(paragraph, found)
}

// belongsBefore tells of stray marks, and of a sentence in brackets, which is a
// remark on the one before.
func belongsBefore(text string) bool {
	if !strings.ContainsFunc(text, isWordRune) {
		return true
	}
	closed := strings.HasSuffix(text, ".)") || strings.HasSuffix(text, ").")
	return closed && text[0] == '(' && strings.Count(text, "(") == 1
}

// trim narrows a span past the white space around it.
func trim(text string, s span) span {
	inner := s.of(text)
	s.start += len(inner) - len(strings.TrimLeftFunc(inner, unicode.IsSpace))
	s.end -= len(inner) - len(strings.TrimRightFunc(inner, unicode.IsSpace))
	return s
}
