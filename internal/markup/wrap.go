package markup

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks each paragraph of a text (they are separated by blank lines) into
// lines of at most width runes. Lines break at spaces only, so that a longer
// word or URL stands whole on a line of its own. A width of 0 or less leaves
// each paragraph on one line.
func Wrap(text string, width int) string {
	all := paragraphs(cleanLines(text))
	for i, p := range all {
		all[i] = strings.Join(wrapLine(p, width), "\n")
	}
	return strings.Join(all, "\n\n")
}

// wrapLine breaks one paragraph into lines.
func wrapLine(s string, width int) []string {
	var lines []string
	var line strings.Builder
	used := 0
	for _, word := range words(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case used == 0:
		case width <= 0 || used+1+n <= width:
			line.WriteByte(' ')
			used++
		default:
			lines = append(lines, line.String())
			line.Reset()
			used = 0
		}
		line.WriteString(word)
		used += n
	}
	if used > 0 {
		lines = append(lines, line.String())
	}
	return lines
}
