package audience

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"broadsheet/internal/newsletter"
)

// maxRecordLines is how many lines a quoted field may run over. A quote that
// nobody closes costs its own line, not the rest of the file; encoding/csv
// would take everything up to the next quote for one field.
const maxRecordLines = 16

// A table reads the records of a file one after another.
type table struct {
	name      string
	lines     *lines
	ahead     []string // lines looked at but not yet read
	first     int      // number of the first line in ahead
	separator byte
	mapping
	columns  columns
	headings []string // none: there is no header
	objects  bool     // JSON Lines
	layout   int      // of the time read last; a program writes all times alike
	line     int      // of the record read last
	fields   []string
	values   map[column]string // of an object, or of a record's attributes
	problems []newsletter.Problem
	untold   int // problems past the most that are told
	foreign  bool
}

// maxProblems is how many problems of one file are told; nobody reads more.
const maxProblems = 1000

func newTable(name string, r io.Reader) *table {
	return &table{name: name, lines: newLines(r), first: 1, separator: ','}
}

func (t *table) note(line int, value, message, mend string) {
	if len(t.problems) == maxProblems {
		t.untold++
		return
	}
	t.problems = append(t.problems, newsletter.Problem{
		File: t.name, Line: line, Value: shorten(value), Message: message, Mend: mend,
	})
}

// Problems says what is wrong in the lines read so far.
func (t *table) Problems() []newsletter.Problem {
	if t.untold == 0 {
		return t.problems
	}
	return append(slices.Clip(t.problems), newsletter.Problem{
		File: t.name, Message: fmt.Sprintf("%d more problems like these", t.untold), Mend: "mend the first ones; the rest is told then",
	})
}

// peek returns the nth line from here, or false past the end.
func (t *table) peek(n int) (string, bool) {
	for len(t.ahead) <= n {
		text, ok := t.lines.next()
		if t.lines.long {
			t.note(t.lines.number, "", "a line longer than a million bytes; skipped", "is this a list of addresses?")
			text = ""
		}
		if !ok {
			return "", false
		}
		if t.lines.foreign && !t.foreign {
			t.foreign = true
			t.note(t.lines.number, "", "not UTF-8; read as Windows-1252", `save the file as "CSV UTF-8"`)
		}
		t.ahead = append(t.ahead, text)
	}
	return t.ahead[n], true
}

func (t *table) drop(n int) {
	t.first += n
	t.ahead = t.ahead[:copy(t.ahead, t.ahead[n:])]
}

// text moves on to the next line that is neither blank nor a comment.
func (t *table) text() (string, bool) {
	for {
		text, ok := t.peek(0)
		if !ok {
			return "", false
		}
		if text = strings.TrimSpace(text); text != "" && text[0] != '#' {
			return t.ahead[0], true
		}
		t.drop(1)
	}
}

// next reads the next record into t.fields, or returns false at the end.
func (t *table) next() bool {
	for {
		text, ok := t.text()
		if !ok {
			return false
		}
		t.line = t.first
		if t.objects {
			known := t.object(text)
			if t.drop(1); known {
				return true
			}
			continue
		}
		if len(t.headings) == 0 {
			t.separator = firstSeparator(text)
		}
		if t.record(text) {
			t.values = nil
			if slices.ContainsFunc(t.fields, func(f string) bool { return strings.TrimSpace(f) != "" }) {
				return true
			}
			continue
		}
		t.note(t.line, strings.TrimSpace(text), "a broken quote; the line is skipped", `close the quote, and write a quote inside quotes twice`)
		t.drop(1)
	}
}

// record splits the record that begins with text and drops its lines. Where
// the quotes are broken it drops nothing and returns false.
func (t *table) record(text string) bool {
	for n := 1; ; n++ {
		var end quoting
		t.fields, end = split(t.fields[:0], text, t.separator)
		if end == closed {
			t.drop(n)
			return true
		}
		more, ok := t.peek(n)
		if end == broken || !ok || n == maxRecordLines {
			return false
		}
		text += "\n" + more
	}
}

// Err is why reading stopped before the file's end.
func (t *table) Err() error {
	if err := t.lines.scanner.Err(); err != nil {
		return &newsletter.Problem{File: t.name, Line: t.lines.number, Message: "reading stopped here: " + err.Error()}
	}
	return nil
}

// field returns a column's value in the current record, "" where it has none.
func (t *table) field(c column) string {
	if t.objects {
		return t.values[c]
	}
	if i := t.columns[c]; i >= 0 && i < len(t.fields) {
		if value := unguard(strings.TrimSpace(t.fields[i])); value != "" {
			return value
		}
	}
	if t.columns[colAttributes] >= 0 && c != colAttributes {
		return t.attribute(c)
	}
	return ""
}

// attribute is a column's value in the field that holds a whole object.
func (t *table) attribute(c column) string {
	if t.values == nil {
		var object map[string]any
		if json.Unmarshal([]byte(t.field(colAttributes)), &object) != nil {
			object = nil // other programs' words; nothing is known of them
		}
		t.values = t.attributes(object)
	}
	return t.values[c]
}

type quoting int

const (
	closed quoting = iota // every quote is closed
	open                  // the last quote is still open at the end
	broken                // words follow a closing quote
)

// split appends the fields of a record to fields.
func split(fields []string, text string, separator byte) ([]string, quoting) {
	for {
		rest := strings.TrimLeft(text, " ")
		if !strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(text, separator)
			if end < 0 {
				return append(fields, text), closed
			}
			fields = append(fields, text[:end])
			text = text[end+1:]
			continue
		}
		value, after, end := quoted(rest[1:])
		if end != closed {
			return fields, end
		}
		fields = append(fields, value)
		after = strings.TrimLeft(after, " ")
		switch {
		case after == "":
			return fields, closed
		case after[0] != separator:
			return fields, broken
		}
		text = after[1:]
	}
}

// quoted reads a quoted field behind its opening quote.
func quoted(text string) (value, after string, end quoting) {
	doubled := false
	for i := 0; ; i++ {
		next := strings.IndexByte(text[i:], '"')
		if next < 0 {
			return "", "", open
		}
		i += next
		if !strings.HasPrefix(text[i+1:], `"`) {
			value = text[:i]
			if doubled {
				value = strings.ReplaceAll(value, `""`, `"`)
			}
			return value, text[i+1:], closed
		}
		doubled = true
		i++
	}
}

// firstSeparator finds what separates the fields of a line without a header:
// none of the separators can stand in an address.
func firstSeparator(text string) byte {
	if i := strings.IndexAny(text, ",;\t"); i >= 0 {
		return text[i]
	}
	return ','
}

// oneLine makes words fit a header and a listing: control and invisible
// characters become spaces, and runs of spaces one.
func oneLine(s string) string {
	if isOneLine(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// isOneLine tells of most words that nothing need be done to them.
func isOneLine(s string) bool {
	space := true // none may come here
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && space, c < ' ', c > '~':
			return false
		case c == ' ':
			space = true
		default:
			space = false
		}
	}
	return !space || s == ""
}

func shorten(value string) string {
	const most = 100
	if runes := []rune(value); len(runes) > most {
		return fmt.Sprintf("%s…", string(runes[:most]))
	}
	return value
}
