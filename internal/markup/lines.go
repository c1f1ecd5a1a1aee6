package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxInput bounds what is read of one text, in bytes. No article comes near.
const maxInput = 4 << 20

// clip cuts a text to maxInput bytes, mends its UTF-8 and leaves only what can
// be seen.
func clip(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
	}
	return Visible(strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// cleanLines makes every line end in "\n" and every other control character
// but the tab a space.
func cleanLines(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, lineEnds.Replace(clip(s)))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// joinLines takes indentation and blank lines out, so that what is left is one
// paragraph. Spaces at a line's end stay: two of them are a hard break.
func joinLines(s string) string {
	var kept []string
	for line := range strings.SplitSeq(cleanLines(s), "\n") {
		if strings.Trim(line, " \t") != "" {
			kept = append(kept, strings.TrimLeft(line, " \t"))
		}
	}
	return strings.Join(kept, "\n")
}

// oneLine makes runs of white space and control characters a single space and
// trims the ends. Within the line, spaces that a typesetter chose, such as the
// no-break space, stay.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Join(words(clip(s)), " "))
}

// words splits at the same places as oneLine.
func words(s string) []string { return strings.FieldsFunc(s, breaksWords) }

func breaksWords(r rune) bool {
	return r == ' ' || r == '\u2028' || r == '\u2029' || unicode.IsControl(r)
}

// paragraphs splits a text at blank lines. No paragraph is empty.
func paragraphs(s string) []string {
	var all, lines []string
	end := func() {
		if len(lines) > 0 {
			all = append(all, strings.Join(lines, "\n"))
			lines = nil
		}
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) == "" {
			end()
			continue
		}
		lines = append(lines, line)
	}
	end()
	return all
}
