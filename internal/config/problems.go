package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// A check collects what is wrong with a configuration. Places are paths such
// as topics[2].id.
type check struct {
	file     string
	names    Names
	lines    map[string]int // of every path in the file
	problems []*newsletter.Problem
	broken   bool // the values cannot be checked
}

// note notes a mistake in a line; 0 is the whole file.
func (c *check) note(line int, value, message, mend string) {
	c.problems = append(c.problems, &newsletter.Problem{
		File: c.file, Line: line, Value: shorten(value), Message: message, Mend: mend,
	})
}

// bad notes a mistake in the value at path.
func (c *check) bad(path, value, message, mend string) {
	c.note(c.line(path), value, path+": "+message, mend)
}

// line finds the line of a path, or of the nearest thing around it.
func (c *check) line(path string) int {
	for path != "" {
		if line, ok := c.lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// required notes that text at path is missing and tells whether it is there.
func (c *check) required(path, value, example string) bool {
	if strings.TrimSpace(value) != "" {
		return true
	}
	key := path[strings.LastIndexByte(path, '.')+1:]
	c.bad(path, "", "is missing", fmt.Sprintf("add a value such as  %s: %s", key, example))
	return false
}

// oneOf checks a word against the known ones.
func (c *check) oneOf(path, value string, known ...string) {
	if !slices.Contains(known, value) {
		c.bad(path, value, "is not one of the known words", "write "+alternatives(known))
	}
}

func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// fault makes one error of all problems, in the order of their lines.
func (c *check) fault(source []byte) error {
	slices.SortStableFunc(c.problems, func(a, b *newsletter.Problem) int { return cmp.Compare(a.Line, b.Line) })
	lines := bytes.Split(source, []byte("\n"))
	hints := make([]string, len(c.problems))
	all := make([]error, len(c.problems))
	for i, p := range c.problems {
		hints[i], all[i] = hint(p, lines), p
	}
	err := all[0]
	if len(all) > 1 {
		err = errors.Join(all...)
	}
	return &newsletter.Fault{Kind: newsletter.Misuse, Err: err, Hint: strings.Join(hints, "\n")}
}

// hint shows a problem's source line, and its mend below.
func hint(p *newsletter.Problem, lines [][]byte) string {
	if p.Line < 1 || p.Line > len(lines) {
		return p.Mend
	}
	text := shorten(mask(strings.TrimRight(string(lines[p.Line-1]), "\r\n")))
	shown := fmt.Sprintf("%5d | %s", p.Line, text)
	if p.Mend == "" {
		return shown
	}
	return shown + "\n      = " + p.Mend
}

var secrets = regexp.MustCompile(`(?i)(\bpass(?:word)?["']?\s*:\s*).+|(://[^/\s:@]*:)[^/\s@]+(@)|(\b(?:ssl)?password=)[^&\s]+`)

// mask hides passwords that should not stand in the file and must not end up
// in a terminal or a log.
func mask(text string) string { return secrets.ReplaceAllString(text, "$1$2$4…$3") }

// shorten keeps a line of output readable.
func shorten(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
