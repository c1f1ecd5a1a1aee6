package markup

import (
	"regexp"
	"strings"
)

// Bounds on Markdown. The time goldmark takes grows with the square of a
// paragraph's length where brackets or asterisks never close, and a table has
// columns times rows cells, written or not.
const (
	maxMarkdown  = 1 << 20 // bytes; the rest is left out
	maxParagraph = 16 << 10
	maxColumns   = 64
)

// tame cleans block Markdown and makes plain text of what is too large to be
// meant: overlong paragraphs and tables of very many columns.
func tame(markdown string) string {
	s := cleanLines(markdown[:min(len(markdown), maxMarkdown)])
	if len(s) <= maxParagraph && strings.Count(s, "|") <= maxColumns {
		return s
	}
	var b, paragraph strings.Builder
	for line := range strings.Lines(s) {
		if isDelimiterRow(line) && strings.Count(line, "|") > maxColumns {
			line = `\` + line
		}
		paragraph.WriteString(line)
		if strings.TrimSpace(line) == "" {
			b.WriteString(tameParagraph(paragraph.String()))
			paragraph.Reset()
		}
	}
	b.WriteString(tameParagraph(paragraph.String()))
	return b.String()
}

func tameParagraph(s string) string {
	if len(s) > maxParagraph {
		return asPlain(s) + "\n\n"
	}
	return s
}

// tameInline makes one paragraph of the Markdown, or plain text of one that is
// too long.
func tameInline(markdown string) string {
	s := joinLines(markdown[:min(len(markdown), maxMarkdown)])
	if len(s) > maxParagraph {
		return asPlain(s)
	}
	return s
}

// asPlain takes the meaning from Markdown, but keeps text that was escaped as
// it is meant.
func asPlain(s string) string { return Escape(escaped.ReplaceAllString(s, "$1")) }

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// isDelimiterRow recognises the line below a table's head.
func isDelimiterRow(line string) bool {
	return strings.Contains(line, "-") && strings.Trim(line, " \t\n>|:-") == ""
}
