package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// An Issue is one edition as its file states it. Texts are Markdown.
type Issue struct {
	Key       string
	Status    Status
	Subject   string // {lead} stands for the first headline of each reader
	Preheader string // {lead} and {also} likewise
	Date      time.Time
	Intro     string
	Sections  []Section
	// OpenSubject and OpenPreheader are those that the editor wrote, where the
	// two above are filled: in what was frozen.
	OpenSubject, OpenPreheader string
}

// Status is the editor's word on a draft.
type Status string

// The words.
const (
	Draft Status = "draft"
	Ready Status = "ready"
)

// A Section stands under one heading. Without topics it goes to everyone; with
// All to the readers of everything only.
type Section struct {
	Title  string
	Topics []string
	Note   string // the editor's own words below the heading
	Items  []Item
}

// An Item is one story in an issue.
type Item struct {
	ID      string // of the leading article; "" for an editor's own item
	Topics  []string
	Title   string // plain text
	Link    string
	Image   Image
	Summary string // Markdown
	Short   string // a shorter one; "" where there is none, as of an editor's own words
	Credit  Credit
}

// Anchor names the item's place on the issue's page in the web edition. It
// stays as long as the item is about the same article, or has the same headline
// where an editor wrote it.
func (i Item) Anchor() string {
	if i.ID != "" {
		return "story-" + i.ID
	}
	sum := sha256.Sum256([]byte(i.Title))
	return "story-" + hex.EncodeToString(sum[:6])
}

// A Credit says where an item comes from.
type Credit struct {
	Source string
	Date   time.Time // zero: undated
	Also   []Link    // also covered by
}

// A Link is a place on the web and its name.
type Link struct{ Title, URL string }

// Items counts the items of all sections.
func (i *Issue) Items() int {
	n := 0
	for _, s := range i.Sections {
		n += len(s.Items)
	}
	return n
}
