// Package config turns broadsheet.yaml into a newsletter.Publication.
//
// It promises that a publication it returns is checked and complete: every
// default is filled in, every value is in range, every name is known. It is
// strict: a key that is not known, or stands twice, is an error. It reports
// every mistake it can find at once, each with its line, the offending value
// and the mend. Secrets never stand in the file, only where to find them.
//
// The file is YAML 1.2 in UTF-8, without anchors, aliases and tags.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"broadsheet/internal/disk"
	"broadsheet/internal/newsletter"
)

// DefaultFile is the configuration's usual name.
const DefaultFile = "broadsheet.yaml"

// maxFile bounds the configuration; a large one has some twenty kilobytes.
const maxFile = 256 << 10

// Load reads the configuration of the publication in dir. The file is taken
// from dir too unless its path is absolute; "" means DefaultFile. Every error
// is a *newsletter.Fault of kind Misuse; where a line is at fault it wraps one
// *newsletter.Problem for each mistake, and the hint shows the lines. Names are
// what it may call things that other packages know.
func Load(dir, file string, names Names) (*newsletter.Publication, error) {
	if file == "" {
		file = DefaultFile
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "", "finding the publication's folder: %w", err)
	}
	source, err := read(file)
	if err != nil {
		return nil, err
	}
	return parse(source, abs, file, names)
}

func read(file string) ([]byte, error) {
	source, err := readUpTo(file, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, newsletter.Faultf(newsletter.Misuse,
			"go to a publication's folder, name it with -C, or make one with: broadsheet init",
			"reading the configuration: %w", err)
	case errors.Is(err, disk.ErrTooLarge):
		return nil, newsletter.Faultf(newsletter.Misuse, "is this the right file?", "reading the configuration: %w", err)
	case err != nil:
		return nil, newsletter.Faultf(newsletter.Misuse, "", "reading the configuration: %w", err)
	}
	return bytes.TrimPrefix(source, []byte("\ufeff")), nil
}

// readUpTo reads a file that may be anywhere; errors name it as the user does.
func readUpTo(file string, limit int64) ([]byte, error) {
	dir, name := filepath.Split(filepath.Clean(file))
	data, err := disk.ReadFile(os.DirFS(cmp.Or(dir, ".")), name, limit)
	var at *fs.PathError
	if errors.As(err, &at) {
		at.Path = file
	}
	return data, err
}

// parse makes the publication of a configuration's source.
func parse(source []byte, dir, file string, names Names) (*newsletter.Publication, error) {
	c := &check{file: file, names: names, lines: map[string]int{}}
	doc := defaults()
	body := c.syntax(source)
	if body == nil {
		return nil, c.fault(source)
	}
	c.shape(body, documentType, "")
	if err := yaml.NodeToValue(body, &doc); err != nil && !c.broken {
		c.yaml(err)
	}
	if c.broken {
		return nil, c.fault(source)
	}
	pub := c.publication(&doc)
	pub.Dir, pub.File = dir, file
	if len(c.problems) > 0 {
		return nil, c.fault(source)
	}
	return pub, nil
}

// syntax parses the source and returns its one document, or nil after noting
// what is wrong.
func (c *check) syntax(source []byte) ast.Node {
	if line, ok := invalidLine(source); !ok {
		c.note(line, "", "this is not UTF-8 text", "save the file as UTF-8")
		return nil
	}
	file, err := parser.ParseBytes(source, 0)
	if err != nil {
		c.yaml(err)
		return nil
	}
	var body ast.Node
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case body != nil:
			c.note(doc.Body.GetToken().Position.Line, "", "a second document begins here", "remove the line --- and what follows")
			return nil
		default:
			body = doc.Body
		}
	}
	if body == nil {
		c.note(0, "", "the configuration is empty", "start from the file that broadsheet init writes")
	}
	return body
}

// yaml notes an error of the YAML library.
func (c *check) yaml(err error) {
	c.broken = true
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		c.note(at.GetToken().Position.Line, "", at.GetMessage(), "see this line and those above it: indentation, quotes and brackets")
		return
	}
	c.note(0, "", fmt.Sprintf("this is not valid YAML: %v", err), "")
}

// invalidLine finds the first line that is not UTF-8 text.
func invalidLine(source []byte) (line int, ok bool) {
	for text := range bytes.Lines(source) {
		line++
		if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			return line, false
		}
	}
	return 0, true
}
