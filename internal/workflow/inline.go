package workflow

import (
	"net/url"
	"path"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/stylesheet"
)

// Inlined is a page with its style sheets in its style attributes.
type Inlined struct {
	File        string               `json:"file"`
	BytesBefore int                  `json:"bytes_before"`
	BytesAfter  int                  `json:"bytes_after"`
	Warnings    []newsletter.Problem `json:"warnings"`
	HTML        string               `json:"html"`
}

// Inline inlines a page that somebody made. read reads a file beside the page
// or below, by its slash-separated name; a style sheet that cannot be had stays
// linked, with a warning.
func Inline(file string, page []byte, read func(name string) ([]byte, error)) (Inlined, error) {
	in := Inlined{File: file, BytesBefore: len(page), Warnings: []newsletter.Problem{}}
	linked := func(href string) (string, bool) {
		name, ok := beside(href)
		if !ok {
			in.Warnings = append(in.Warnings, newsletter.Problem{
				File: file, Value: href, Message: "the style sheet is elsewhere and stays linked; mail programs do not fetch it",
				Mend: "save it beside the page, and link to that file",
			})
			return "", false
		}
		css, err := read(name)
		if err != nil {
			in.Warnings = append(in.Warnings, newsletter.Problem{
				File: file, Value: href, Message: "the style sheet cannot be read and stays linked: " + err.Error(),
				Mend: "put it into the page's folder",
			})
			return "", false
		}
		return string(css), true
	}
	r, err := stylesheet.Inline(page, stylesheet.Options{Linked: linked})
	if err != nil {
		return in, err
	}
	for _, p := range r.Problems {
		if p.File == "" {
			p.File = file
		}
		in.Warnings = append(in.Warnings, p)
	}
	in.BytesAfter, in.HTML = len(r.Page), string(r.Page)
	return in, nil
}

// beside is the name of a file in the page's folder or below that a link leads
// to.
func beside(href string) (name string, ok bool) {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || path.IsAbs(u.Path) {
		return "", false
	}
	return path.Clean(u.Path), true
}
