package markup

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"broadsheet/internal/newsletter"
)

// A frontMatter reads the YAML between two lines of "---" at a file's top.
type frontMatter struct {
	file string
	loc  *time.Location
	out  Extracted
}

func problem(file string, line int, value, message, mend string) *newsletter.Problem {
	return &newsletter.Problem{File: file, Line: line, Value: value, Message: message, Mend: mend}
}

// read takes the front matter and returns the rest of the file.
func (f *frontMatter) read(text string) (body string, err error) {
	head, body, closed := cutFrontMatter(text)
	switch {
	case strings.HasPrefix(text, "+++\n"):
		return "", problem(f.file, 1, "+++", "front matter in TOML is not understood", `write it as YAML between two lines of "---"`)
	case !closed && yamlKey.MatchString(head):
		return "", problem(f.file, 1, "---", "the front matter has no end", `close it with a line of "---"`)
	case !closed:
		return text, nil
	}
	values, err := f.parse(head)
	if err != nil {
		return "", err
	}
	if values == nil && strings.TrimSpace(head) != "" {
		return text, nil // two rules around a text
	}
	for _, v := range values {
		if err := f.take(v); err != nil {
			return "", err
		}
	}
	return body, nil
}

var yamlKey = regexp.MustCompile(`^\s*[A-Za-z_][A-Za-z0-9_-]*:(?:\s|$)`)

// cutFrontMatter finds the front matter without its fences; where it is not
// closed, head is all that follows the first.
func cutFrontMatter(text string) (head, body string, closed bool) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", text, false
	}
	end := 0
	for line := range strings.Lines(rest) {
		if fence := strings.TrimRight(line, " \t\n"); fence == "---" || fence == "..." {
			return rest[:end], rest[end+len(line):], true
		}
		end += len(line)
	}
	return rest, "", false
}

// parse returns the keys and values, or none where the YAML is no mapping.
func (f *frontMatter) parse(head string) ([]*ast.MappingValueNode, error) {
	file, err := parser.ParseBytes([]byte(head), 0)
	if err != nil {
		return nil, f.syntax(err)
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		return body.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{body}, nil
	}
	return nil, nil
}

func (f *frontMatter) syntax(err error) error {
	p := problem(f.file, 1, "", "the front matter is not valid YAML: "+err.Error(), "put values with a colon, a quote or a bracket in double quotes")
	var at yaml.Error
	if errors.As(err, &at) {
		p.Message = "the front matter is not valid YAML: " + at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Value = t.Position.Line+1, strings.TrimSpace(t.Value)
		}
	}
	return p
}

// take understands one key and its value.
func (f *frontMatter) take(v *ast.MappingValueNode) error {
	switch v.Key.String() {
	case "title":
		return f.text(v, func(s string) { f.out.Title = finishTitle(s) })
	case "author":
		return f.text(v, func(s string) { f.out.Author = oneLine(s) })
	case "language":
		return f.text(v, func(s string) { f.out.Language = oneLine(s) })
	case "image_alt":
		return f.text(v, func(s string) { f.out.Image.Alt = oneLine(s) })
	case "url":
		return f.address(v, &f.out.Link)
	case "image":
		return f.image(v)
	case "date":
		return f.date(v)
	case "topics":
		return f.topics(v)
	case "hold":
		return f.hold(v)
	}
	return nil
}

// wrong is the problem of a value that does not fit its key.
func (f *frontMatter) wrong(v *ast.MappingValueNode, value, want, mend string) error {
	return problem(f.file, line(v), value, fmt.Sprintf("%s is not %s", v.Key.String(), want), mend)
}

// line is the number of a key's line in the file, below the first fence.
func line(v *ast.MappingValueNode) int {
	if t := v.Key.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line + 1
	}
	return 0
}

func (f *frontMatter) text(v *ast.MappingValueNode, set func(string)) error {
	s, ok := scalar(v.Value)
	if !ok {
		return f.wrong(v, source(v.Value), "one text", fmt.Sprintf(`write "%s: words"`, v.Key.String()))
	}
	set(s)
	return nil
}

func (f *frontMatter) address(v *ast.MappingValueNode, link *string) error {
	s, ok := scalar(v.Value)
	s = strings.TrimSpace(s)
	u, valid := parseLink(s)
	switch {
	case ok && valid && u.Scheme != "mailto":
		*link = s
	case ok && (s == "" || isPath(s)):
	default:
		return f.wrong(v, source(v.Value), "a web address", "write it with https:// in front")
	}
	return nil
}

// isPath recognises what other programs write for a place on their own site.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// image takes an address, or url and alt. The names of files that a site keeps
// beside its articles are none that a letter could show.
func (f *frontMatter) image(v *ast.MappingValueNode) error {
	if m, ok := v.Value.(*ast.MappingNode); ok {
		for _, part := range m.Values {
			s, _ := scalar(part.Value)
			switch part.Key.String() {
			case "url":
				f.out.Image.URL = picture("", s)
			case "alt":
				f.out.Image.Alt = oneLine(s)
			}
		}
		return nil
	}
	s, ok := scalar(v.Value)
	if !ok {
		return f.wrong(v, source(v.Value), "an address", `write "image: https://…", or url and alt below it`)
	}
	f.out.Image.URL = picture("", s)
	return nil
}

// picture is the absolute address of a picture on the web, or "".
func picture(page, link string) string {
	link = Absolute(page, link)
	if strings.HasPrefix(link, "mailto:") {
		return ""
	}
	return link
}

func (f *frontMatter) date(v *ast.MappingValueNode) error {
	s, ok := scalar(v.Value)
	if ok && strings.TrimSpace(s) == "" {
		return nil
	}
	at, valid := parseStamp(s, f.loc)
	if !ok || !valid {
		return f.wrong(v, source(v.Value), "a date", "write 2024-03-12, 2024-03-12 18:30 or 2024-03-12T18:30:00+01:00")
	}
	f.out.Published = at
	return nil
}

func (f *frontMatter) topics(v *ast.MappingValueNode) error {
	if seq, ok := v.Value.(*ast.SequenceNode); ok {
		for _, item := range seq.Values {
			s, ok := scalar(item)
			if !ok {
				return f.wrong(v, source(item), "a list of words", `write "topics: [europe, ukraine]"`)
			}
			if s = oneLine(s); s != "" {
				f.out.Labels = append(f.out.Labels, s)
			}
		}
		return nil
	}
	s, ok := scalar(v.Value)
	if !ok {
		return f.wrong(v, source(v.Value), "a list of words", `write "topics: [europe, ukraine]"`)
	}
	f.out.Labels = list(s)
	return nil
}

func (f *frontMatter) hold(v *ast.MappingValueNode) error {
	s, _ := scalar(v.Value)
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "on":
		f.out.Hold = true
	case "false", "no", "off", "":
	default:
		return f.wrong(v, source(v.Value), "true or false", `write "hold: true"`)
	}
	return nil
}

// scalar is a single value as it was written; no value is "".
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return "", true
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.TagNode:
		return scalar(n.Value)
	case *ast.AnchorNode:
		return scalar(n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// source shows a value in an error.
func source(n ast.Node) string {
	if n == nil {
		return ""
	}
	s := oneLine(n.String())
	if len(s) > 80 {
		s = clip(s[:80]) + "…"
	}
	return s
}
