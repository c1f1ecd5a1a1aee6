package markup

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Wrap breaks each paragraph of a text (they are separated by blank lines) into
// lines of at most so many columns. Lines break at spaces, so that a longer
// word or URL stands whole on a line of its own, and, where a word does not fit
// a line, beside its wide characters. A width of 0 or less leaves each paragraph
// on one line.
func Wrap(text string, width int) string {
	all := paragraphs(cleanLines(text))
	for i, p := range all {
		all[i] = strings.Join(wrapLine(p, width), "\n")
	}
	return strings.Join(all, "\n\n")
}

// Columns is the width of a text on one line: two columns for a wide character
// (Unicode Standard Annex 11), none for one that joins another.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

func columns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case isWide(r):
		return 2
	default:
		return 1
	}
}

func isWide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// wrapLine breaks one paragraph into lines.
func wrapLine(s string, width int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for _, word := range words(s) {
		space := " "
		for _, piece := range pieces(word, width) {
			n := Columns(piece)
			switch {
			case used == 0:
			case width <= 0 || used+len(space)+n <= width:
				line.WriteString(space)
				used += len(space)
			default:
				lines = append(lines, line.String())
				line.Reset()
				used = 0
			}
			line.WriteString(piece)
			used += n
			space = ""
		}
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// pieces cuts a word that does not fit a line before and after each of its wide
// characters, but not before a character that may not begin a line.
func pieces(word string, width int) []string {
	if width <= 0 || Columns(word) <= width {
		return []string{word}
	}
	var cut []string
	from, before := 0, false
	for i, r := range word {
		wide := isWide(r)
		if i > from && (wide || before) && !unicode.Is(unicode.P, r) && columns(r) > 0 {
			cut = append(cut, word[from:i])
			from = i
		}
		before = wide
	}
	return append(cut, word[from:])
}
