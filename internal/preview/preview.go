// Package preview is the proof in the browser: a local server that shows the
// letters of an issue as they would be sent, and shows them anew as the issue,
// the theme, the lists or the configuration change.
//
// It answers only requests whose Host names the address it listens at: a page
// elsewhere that resolves its own name to loopback gets nothing. It changes
// nothing and sends nothing. Letters are shown in a sandboxed frame and under a
// policy that runs no script; the page around them loads nothing from outside.
package preview

import (
	"context"

	"broadsheet/internal/newsletter"
)

// A Book is the issue to be proofed; every call renders what is in the files
// at that moment.
type Book interface {
	Proof(ctx context.Context) (Proof, error)
	// Watched names the files and folders whose change makes a new proof. They
	// need not exist yet.
	Watched() []string
}

// A Proof is one rendering of an issue.
type Proof struct {
	Issue    string
	Letters  []Letter // the first is shown where none is asked for
	Findings []newsletter.Finding
	Problems []newsletter.Problem // in the lists
}

// A Letter is what the readers of one segment get; the reader slots are filled
// for nobody.
type Letter struct {
	Name    string // the segment's name
	Readers int
	Items   int
	Subject string
	Bytes   int // of the HTML part
	// Cut makes the two parts. It may be called from several goroutines.
	Cut func() (html, text []byte, err error)
}

// letter finds a segment's letter; without a name, or with one that is gone,
// the first.
func (p Proof) letter(name string) (Letter, bool) {
	for _, l := range p.Letters {
		if l.Name == name {
			return l, true
		}
	}
	if len(p.Letters) == 0 {
		return Letter{}, false
	}
	return p.Letters[0], true
}

// Whole tells whether the letter is the one with every section.
func (l Letter) Whole() bool { return l.Name == newsletter.All }
