package issue

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// rule is the line before and after the front matter.
const rule = "---"

// The fields of the front matter, in the order in which they are written.
const (
	keyIssue     = "issue"
	keyStatus    = "status"
	keySubject   = "subject"
	keyPreheader = "preheader"
	keyDate      = "date"
)

var keys = []string{keyIssue, keyStatus, keySubject, keyPreheader, keyDate}

// A field is a line of the front matter with what continues it.
type field struct {
	chunk
	key string // "" for a rule, a comment or an empty line
}

// A value is the words of a field.
type value struct {
	line int // from 1
	text string
}

var fieldStart = regexp.MustCompile(`^["']?([A-Za-z_][A-Za-z0-9_-]*)["']?[ \t]*:(?:\s|$)`)

// frontMatterEnd finds the line after the closing rule. Without front matter,
// or where it is not closed, it is the first line.
func frontMatterEnd(clean []string) (end int, ok bool) {
	open, ok := openingRule(clean)
	if !ok {
		return 0, false
	}
	length := slices.IndexFunc(clean[open+1:], isRule)
	if length < 0 {
		return 0, false
	}
	return open + 1 + length + 1, true
}

// openingRule finds the rule that is the first line with words.
func openingRule(clean []string) (line int, ok bool) {
	line = slices.IndexFunc(clean, func(line string) bool { return strings.TrimSpace(line) != "" })
	return line, line >= 0 && isRule(clean[line])
}

func isRule(line string) bool { return strings.TrimRight(line, " \t\n") == rule }

// frontMatter reads the front matter and returns the number of the line after
// it, from 0.
func (r *reader) frontMatter() (int, error) {
	end, ok := frontMatterEnd(r.clean)
	if !ok {
		return 0, r.noFrontMatter()
	}
	from := 0
	for i := 1; i <= end; i++ {
		if i < end && !beginsField(r.clean[i-1], r.clean[i]) {
			continue
		}
		f := field{chunk: r.chunk(from, i)}
		if m := fieldStart.FindStringSubmatch(r.clean[from]); m != nil {
			f.key = m[1]
		}
		r.doc.fields = append(r.doc.fields, f)
		from = i
	}
	return end, r.values(end)
}

// beginsField tells whether a line does not continue the one before: what is
// indented does. An opening rule stands alone.
func beginsField(before, line string) bool {
	return isRule(before) || !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t")
}

func (r *reader) noFrontMatter() error {
	if line, ok := openingRule(r.clean); ok {
		return r.problem(line, rule, "the front matter that begins here is never closed", "put a line --- after its last field")
	}
	return r.problem(0, "", "the file does not begin with front matter", "begin it with a line ---, the fields issue, status, subject, preheader and date, and another line ---")
}

// values reads the fields as YAML 1.2. Words count as typed: `issue: 007` is
// not the number 7. Aliases, tags and nesting have no use here and are refused.
func (r *reader) values(end int) error {
	open, _ := openingRule(r.clean)
	file, err := parser.ParseBytes([]byte(strings.Join(r.clean[open+1:end-1], "")), 0)
	if err != nil {
		return r.yamlProblem(open+1, err)
	}
	r.doc.values = map[string]value{}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType {
			continue
		}
		mapping, ok := doc.Body.(*ast.MappingNode)
		if !ok || mapping.IsFlowStyle {
			return r.problem(open+1, strings.TrimSpace(r.clean[open+1]), "the front matter is not a list of fields", "write each field on a line of its own, like status: draft")
		}
		for _, entry := range mapping.Values {
			if err := r.value(open+1, entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// value reads one entry of the YAML that begins at line from.
func (r *reader) value(from int, entry *ast.MappingValueNode) error {
	key := entry.Key.GetToken()
	line := from + key.Position.Line - 1
	if !slices.Contains(keys, key.Value) {
		return r.problem(line, key.Value, "there is no such field", "the fields are "+strings.Join(keys, ", "))
	}
	known := func(f field) bool { return f.key == key.Value && f.line == line+1 }
	if _, twice := r.doc.values[key.Value]; twice || !slices.ContainsFunc(r.doc.fields, known) {
		return r.problem(line, key.Value, "this field stands in the wrong place", "write each field once, at the beginning of a line")
	}
	text, ok := scalar(entry.Value)
	if !ok {
		return r.problem(line, strings.TrimSpace(r.clean[line]), "the field's value is not plain words", `put it between double quotes, like subject: "{lead}"`)
	}
	r.doc.values[key.Value] = value{line: line + 1, text: text}
	return nil
}

// scalar returns the words of a node without structure.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		if n.Token.Type == token.ImplicitNullType {
			return "", true
		}
		return n.Token.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (r *reader) yamlProblem(from int, err error) error {
	line, message := from, err.Error()
	var located yaml.Error
	if errors.As(err, &located) {
		message = located.GetMessage()
		if at := located.GetToken(); at != nil && at.Position != nil {
			line += at.Position.Line - 1
		}
	}
	line = min(line, len(r.clean)-1)
	return r.problem(line, strings.TrimSpace(r.clean[line]), "the front matter is not YAML: "+message, "put words with special characters between double quotes")
}
