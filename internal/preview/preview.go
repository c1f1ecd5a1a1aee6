// Package preview is the proof in the browser: a local server that shows the
// letters of an issue as they would be sent, and shows them anew as the issue,
// the theme, the lists or the configuration change.
//
// It answers only requests that name the address it listens at and carry the
// token of its own URL, and none that another page makes: neither a page on the
// web that resolves its own name to loopback nor another program's page on this
// machine gets anything. Letters are shown in a sandboxed frame and under a
// policy that runs no script; the page around them loads nothing from outside.
//
// It changes nothing in the publication. It sends one thing, a test letter, and
// that only in two steps: the first answers with a question, and only the key
// of that question sends.
package preview

import (
	"context"
	"time"

	"broadsheet/internal/newsletter"
)

// A Book is the issue to be proofed.
type Book interface {
	// Proof draws what is in the files at that moment.
	Proof(ctx context.Context) (Proof, error)
	// Watched names the files and folders whose change makes a new proof. They
	// need not exist yet.
	Watched() []string
	// LastLook is the editor's last look at the issue; false: there was none.
	LastLook() (Look, bool)
	// KeepLook remembers a look until the next one, over the end of the program.
	KeepLook(look Look) error
}

// A Proof is one rendering of an issue. Its functions may be called from
// several goroutines.
type Proof struct {
	Key    string
	From   string           // the sender as an inbox names it
	Date   time.Time        // of the issue
	Via    string           // the server that takes test letters
	Issue  newsletter.Issue // what is compared with the last look
	Letter FindLetter
	Budget int // what a letter's HTML may weigh, in bytes
	Clip   int // where Gmail cuts it off
	// Rest is what takes longer than a letter.
	Rest func(ctx context.Context) (Rest, error)
}

// A Rest is what there is to know of an issue beside a letter.
type Rest struct {
	Segments []Choice // those that get a letter; the first is shown where none is asked for
	// Readers are all subscribers; asked for when somebody looks for one.
	Readers  func() ([]Choice, error)
	Letter   FindLetter // knows the segments that have readers too
	Findings []newsletter.Finding
	Problems []newsletter.Problem // in the lists
}

// FindLetter finds a letter by its segment's name or a reader's address. Where
// nobody gets it the error says why.
type FindLetter func(ctx context.Context, name string) (Letter, error)

// A Choice is a letter in the picker: a segment's or a reader's.
type Choice struct {
	Name    string // a segment's name or a reader's address
	Note    string // what else the picker says of it
	Readers int
}

// A Letter is what the readers of one segment get, or one of them. In a
// segment's letter the reader slots are filled for nobody.
type Letter struct {
	Name      string // as it is asked for
	Segment   string
	Items     int
	Subject   string
	Preheader string
	Bytes     int // of the HTML part
	Encoded   int // the same as it travels
	// Cut makes the two parts.
	Cut func() (html, text []byte, err error)
	// Test sends the letter to an address and returns the server's answer.
	Test func(ctx context.Context, to string) (reply string, err error)
}

// A Look is an issue as an editor last saw it.
type Look struct {
	At    time.Time        `json:"at"`
	Issue newsletter.Issue `json:"issue"`
}

// Label is what the picker calls the letter.
func (c Choice) Label() string { return label(c.Name) }

// Label is what the picker calls the letter.
func (l Letter) Label() string { return label(l.Name) }

const wholeIssue = "Whole issue"

func label(name string) string {
	if name == newsletter.All {
		return wholeIssue
	}
	return name
}
