package markup

import (
	"time"

	"broadsheet/internal/newsletter"
)

// Extracted is what is known of an article after reading a file.
type Extracted struct {
	Title, Author, Link, Language string
	Site                          string // web pages only: what the site calls itself
	Text                          string // paragraphs of plain text, a blank line between them
	Image                         newsletter.Image
	Labels                        []string  // topics as the file names them, in its order
	Published                     time.Time // zero: undated
	Hold                          bool      // front matter only
	Dropped                       []Dropped // in the order of the file
}

// Dropped is a paragraph of the input that was judged not to be the article's.
type Dropped struct{ Text, Why string }
