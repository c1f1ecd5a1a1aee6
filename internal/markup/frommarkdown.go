package markup

import (
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromMarkdown reads an article in a Markdown file with or without YAML front
// matter. Of the front matter it takes title, url, date, topics (a list, or
// words separated by commas), author, image (an address, or a mapping of url
// and alt), image_alt, hold and language; other keys belong to other programs
// and are left alone, and so are paths in place of addresses. A date without a
// zone is loc's; nil is UTC. Without a title in the front matter the first
// heading is the title. Name is the file's, for errors: bad YAML or a bad value
// is a *newsletter.Problem with its line and the mend.
func FromMarkdown(name string, file []byte, labels []string, loc *time.Location) (Extracted, error) {
	if loc == nil {
		loc = time.UTC
	}
	text, err := Decode(file, "")
	if err != nil {
		return Extracted{}, inFile(name, err)
	}
	f := frontMatter{file: name, loc: loc}
	body, err := f.read(cleanLines(text))
	if err != nil {
		return Extracted{}, err
	}
	r := reading{labels: newLabelBook(labels), out: f.out}
	r.splitMarkdown(body)
	return r.apply(markdownRules), nil
}

// splitMarkdown makes paragraphs of Markdown and, where there is no title yet,
// a title of its first heading.
func (r *reading) splitMarkdown(markdown string) {
	tree, err := parseFragment(HTML(markdown))
	if err != nil {
		// Sanitised HTML always parses.
		return
	}
	for n := range tree.Descendants() {
		if r.out.Title != "" {
			break
		}
		if isHeading(n) {
			r.out.Title = finishTitle(nodeText(n))
			n.Parent.RemoveChild(n)
			break
		}
	}
	for _, p := range paragraphs(nodeText(tree)) {
		r.add(p)
	}
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
