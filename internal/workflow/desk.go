// Package workflow is the use cases: what the commands do, step by step, in
// the editor's order. Each step is a call to one pure package or, through the
// small interfaces declared here, to one edge. Nothing here knows a terminal,
// a file system or a wire.
package workflow

import (
	"context"
	"io/fs"
	"time"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// A Desk is where an editor works: one publication and what it reaches.
type Desk struct {
	Publication *newsletter.Publication
	Store       Store
	Folder      Folder
	Clock       *Clock

	// Read reads one source; with force also one that asked to be left alone.
	Read func(ctx context.Context, src newsletter.Source, state newsletter.SourceState, now time.Time, force bool) (newsletter.Harvest, error)
	// Lists reads the subscriber files and hands over every membership by itself.
	Lists func(take func(newsletter.Subscriber) error) ([]newsletter.Problem, error)
	// Address reads a bare mail address.
	Address func(string) (newsletter.Address, error)
	// Roll makes an empty roll, to unite memberships by address.
	Roll func() Roll
	// Theme loads a theme with what the publication changes of it.
	Theme func(name string) (newsletter.Theme, error)
	// Themes names the themes there are, the publication's own too.
	Themes func() ([]string, error)
	// Secret reads the secret file. A missing one is made if it may be.
	Secret func(mayMake bool) ([]byte, error)
	// Signers are the DKIM keys.
	Signers func() ([]message.Signer, error)
	// Write asks the language model; nil: there is none.
	Write Writer
	// Follow asks the web about a link.
	Follow func(ctx context.Context, url string) newsletter.LinkAnswer
	// Post submits a form to a web address and returns the answer's status.
	Post func(ctx context.Context, url, form string) (status int, err error)
	// Dial reaches a mail server.
	Dial Dial
	// Nonce makes an unguessable string for the marks of one rendering.
	Nonce func() string
}

// Folder is the publication's folder on disk. Names are slash-separated.
type Folder interface {
	Path(name string) string
	Read(name string) ([]byte, error)
	Match(pattern string) ([]string, error)
	Write(name string, data []byte, mode fs.FileMode) error
	WriteDurably(name string, data []byte, mode fs.FileMode) error
	// WriteSelf is WriteDurably for a file that names itself: its content is told
	// what Identity will say of it.
	WriteSelf(name string, content func(identity string) ([]byte, error), mode fs.FileMode) error
	// Identity tells a file from every copy of it; "": the disk does not.
	Identity(name string) (string, error)
	Clear(name string) error
}

// A Clock tells business time: keys, windows, dates and due times. It is the
// machine's clock, or one that stands still at a given time; a standing one can
// be let go, and then advances with elapsed time.
type Clock struct {
	standing time.Time // zero: the machine's clock
	since    time.Time // when it was let go; zero: it stands
}

// NewClock returns a clock that stands at the given time; zero: the machine's.
func NewClock(at time.Time) *Clock { return &Clock{standing: at} }

// Now is the business time.
func (c *Clock) Now() time.Time {
	switch {
	case c.standing.IsZero():
		return time.Now()
	case c.since.IsZero():
		return c.standing
	default:
		return c.standing.Add(time.Since(c.since))
	}
}

// LetGo makes a standing clock advance from now on.
func (c *Clock) LetGo() {
	if c.since.IsZero() {
		c.since = time.Now()
	}
}

// The locks. A compile and a send exclude their like, not one another: next
// week's issue can be compiled while this week's goes out.
const (
	lockCompile = "compile"
	lockSend    = "send"
)
