package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"broadsheet/internal/newsletter"
)

// AddSources returns a configuration file with feeds added at the end of its
// sources. Every other byte stays, comments and all. file is its name for
// errors; the result is checked like any configuration, so that a feed that
// cannot be added (an id that is taken, an address that is none) is a Fault of
// kind Misuse.
func AddSources(file string, source []byte, feeds []newsletter.Source, names Names) ([]byte, error) {
	lines, err := sourceLines(feeds)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseBytes(source, 0)
	if err != nil || len(tree.Docs) == 0 {
		return nil, newsletter.Faultf(newsletter.Misuse, "mend it first", "%s cannot be read: %w", file, err)
	}
	at, indent, err := endOfSources(file, tree.Docs[0].Body)
	if err != nil {
		return nil, err
	}
	text := strings.SplitAfter(string(source), "\n")
	if last := len(text) - 1; text[last] != "" {
		text[last] += "\n"
	}
	if at == 0 { // no sources yet, so the default folder stays one
		at = len(text)
		lines = append([]string{"sources:", "  - {id: articles, folder: articles}"}, indented(lines, "  ")...)
	} else {
		lines = indented(lines, indent)
	}
	text = slices.Insert(text, at, strings.Join(lines, "\n")+"\n")
	added := []byte(strings.Join(text, ""))
	_, err = parse(added, filepath.Dir(file), file, names)
	return added, err
}

// sourceLines writes one flow mapping for each feed.
func sourceLines(feeds []newsletter.Source) ([]string, error) {
	lines := make([]string, len(feeds))
	for i, f := range feeds {
		doc := yaml.MapSlice{{Key: "id", Value: f.ID}, {Key: "feed", Value: f.Feed}}
		if len(f.Topics) > 0 {
			doc = append(doc, yaml.MapItem{Key: "topics", Value: f.Topics})
		}
		flow, err := yaml.MarshalWithOptions(doc, yaml.Flow(true))
		if err != nil {
			return nil, fmt.Errorf("write the source %s: %w", f.ID, err)
		}
		lines[i] = "- " + strings.TrimSpace(string(flow))
	}
	return lines, nil
}

func indented(lines []string, by string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = by + l
	}
	return out
}

// endOfSources finds the line behind the last source, from 1, and how sources
// are indented; 0 where the file has none.
func endOfSources(file string, body ast.Node) (line int, indent string, err error) {
	var value ast.Node
	if mapping, ok := body.(ast.MapNode); ok {
		for entries := mapping.MapRange(); entries.Next(); {
			if entries.Key().String() == "sources" {
				value = entries.Value()
			}
		}
	}
	if value == nil {
		return 0, "", nil
	}
	list, ok := value.(*ast.SequenceNode)
	if !ok || list.IsFlowStyle || len(list.Values) == 0 {
		return 0, "", newsletter.Faultf(newsletter.Misuse, "write them one below the other, each behind a dash",
			"%s:%d: feeds can be added to a list of sources only", file, value.GetToken().Position.Line)
	}
	end := lastLine{}
	ast.Walk(&end, list.Values[len(list.Values)-1])
	return end.line, strings.Repeat(" ", list.Start.Position.Column-1), nil
}

// lastLine finds the last line of a node.
type lastLine struct{ line int }

func (l *lastLine) Visit(n ast.Node) ast.Visitor {
	if t := n.GetToken(); t != nil {
		l.line = max(l.line, t.Position.Line+strings.Count(strings.TrimSpace(t.Origin), "\n"))
	}
	if m, ok := n.(*ast.MappingNode); ok && m.End != nil {
		l.line = max(l.line, m.End.Position.Line)
	}
	if s, ok := n.(*ast.SequenceNode); ok && s.End != nil {
		l.line = max(l.line, s.End.Position.Line)
	}
	return l
}
