package markup

import (
	"bytes"
	"path"
	"strings"
	"time"
)

// A Format is how a file is written.
type Format int

// The formats that are read.
const (
	PlainText Format = iota
	Markdown
	Page // HTML
)

// FormatOf tells a file's format by the ending of its name or, where that says
// nothing, by how it begins.
func FormatOf(name string, file []byte) Format {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return Page
	case ".md", ".markdown":
		return Markdown
	case ".txt":
		return PlainText
	}
	const enough = 512 // bytes
	beginning := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(file[:min(enough, len(file))], []byte("\ufeff"))))
	if bytes.HasPrefix(beginning, []byte("<!doctype html")) || bytes.HasPrefix(beginning, []byte("<html")) {
		return Page
	}
	return PlainText
}

// FromFile reads an article of any format. Labels and loc are those of FromText
// and FromMarkdown. A file that is no text, or whose front matter is wrong, is a
// *newsletter.Problem that names it.
func FromFile(name string, file []byte, labels []string, loc *time.Location) (Extracted, error) {
	switch FormatOf(name, file) {
	case Markdown:
		return FromMarkdown(name, file, labels, loc)
	case Page:
		x, err := FromHTML(file, "", "", labels)
		return x, inFile(name, err)
	default:
		text, err := Decode(file, "")
		if err != nil {
			return Extracted{}, inFile(name, err)
		}
		return FromText(text, labels), nil
	}
}

// inFile names the file in whose bytes something is wrong; nil stays nil.
func inFile(name string, err error) error {
	if err == nil {
		return nil
	}
	return problem(name, 0, "", err.Error(), "save the file as UTF-8 text")
}
