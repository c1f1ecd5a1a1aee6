// Package issue is the editor's file: it composes an issue from stories,
// writes and reads issue.md, and merges what a new compilation found with what
// the editor has done to the file.
//
// The file is CommonMark 0.31 with YAML 1.2 front matter. Sections are level
// two headings, items level three headings, both ATX; HTML comments below them
// ("marks") say which topics and which article they stand for, and no other
// comment means or shows anything. Three promises hold:
//
//   - Text from sources is escaped, so that reading it back gives exactly it.
//   - A merge never loses a line that a person wrote, and leaves every byte
//     alone that it has no reason to change.
//   - A file that cannot be read is an error with its line, and stays as it is.
package issue

import (
	"slices"
	"strings"

	"broadsheet/internal/markup"
)

// bom is the byte order mark that some editors put before the first line.
const bom = "\ufeff"

// IDs lists the ids of the articles whose marks stand in an issue file, in its
// order, each once. It asks less of the file than Parse: what stands in a
// broken file counts too. A nil file has none.
func IDs(data []byte) []string {
	lines := cleanLines(splitLines(string(data)))
	from, _ := frontMatterEnd(lines)
	blocks, _ := scan(strings.Join(lines[from:], ""))
	var ids []string
	for _, b := range blocks {
		kind, words, ok := b.mark()
		if ok && kind == itemMark && len(words) > 0 && !slices.Contains(ids, words[0]) {
			ids = append(ids, words[0])
		}
	}
	return ids
}

// Untouched tells whether edited still says what was generated. Otherwise it
// returns the number (from 1) and the words of the first line that differs:
// edited's or, where edited ends before it, base's. The kind of line ends, a
// byte order mark and empty lines at the end make no difference.
func Untouched(base, edited []byte) (ok bool, line int, text string) {
	was, is := wordLines(base), wordLines(edited)
	for i := range max(len(was), len(is)) {
		switch {
		case i >= len(is):
			return false, i + 1, was[i]
		case i >= len(was) || was[i] != is[i]:
			return false, i + 1, is[i]
		}
	}
	return true, 0, ""
}

// wordLines splits a file into lines without their ends.
func wordLines(data []byte) []string {
	text := strings.Join(cleanLines(splitLines(string(data))), "")
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// splitLines cuts text after each line end, so that joining gives it back.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	}
	return lines
}

// cleanLines is lines without the byte order mark and with LF for CRLF.
func cleanLines(lines []string) []string {
	clean := make([]string, len(lines))
	for i, line := range lines {
		if i == 0 {
			line = strings.TrimPrefix(line, bom)
		}
		clean[i] = strings.ReplaceAll(line, "\r\n", "\n")
	}
	return clean
}

// oneLine is text as one line of Markdown can carry it.
func oneLine(text string) string { return markup.Plain(markup.Escape(text)) }
