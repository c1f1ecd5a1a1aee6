// Package source reads feeds and folders of files and makes articles of them.
//
// Feeds are RSS 0.9 to 2.0, Atom 0.3 and 1.0 (RFC 4287) and JSON Feed 1.1, from
// the web or from a file; folders hold Markdown, plain text and HTML. Whatever
// is broken in one entry or file is a Problem of the harvest, and everything
// else is read. Feeds are repaired before they are parsed: wrong encodings,
// forbidden characters, tags that do not match, and an end that is missing.
//
// An article keeps its identity. Where a feed's own identifiers are missing,
// shared or new at every request, the link and the words stand in; and a feed
// of which nothing is known that should be is held until somebody has looked.
//
// Lists of feeds come in and go out as OPML.
//
// Servers are asked no more than they like: a feed that is fresh, or that keeps
// failing, rests.
//
// Nothing in a source is trusted. Sizes, depths, entries and time are bounded;
// a parser that panics costs no more than the source; links are http or https
// or none; and a file is read from where the configuration says, not from where
// a symbolic link leads.
package source

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

// A Getter gets what stands at a URL. A web.Client is one.
type Getter interface {
	Get(ctx context.Context, url string, v web.Validators) (web.Response, error)
}

// A Reader reads the sources of a publication. It may be used from several
// goroutines.
type Reader struct {
	Get         Getter
	Publication *newsletter.Publication
	// Known returns what is known of a source's articles. By it those are
	// recognised that come under another identity, and pages are not read
	// twice. It is asked only where a feed has changed; nil knows nothing.
	Known func(ctx context.Context, source string) ([]newsletter.Article, error)
	// Force asks a server again although it is to be left alone for now.
	Force bool
}

// Read is what a Reader that knows nothing reads.
func Read(ctx context.Context, get Getter, pub *newsletter.Publication, src newsletter.Source, state newsletter.SourceState, now time.Time) (newsletter.Harvest, error) {
	return (&Reader{Get: get, Publication: pub}).Read(ctx, src, state, now)
}

// Read reads one source. Relative paths are below the publication's folder.
// State is what the last reading remembered.
//
// The harvest's state is to be stored in any case, also beside an error: it
// counts the failures in a row, which a cancelled ctx does not add to, and says
// when the server may be asked again. Before that the harvest is Unchanged, and
// the error of a feed that keeps failing is its last one.
func (r *Reader) Read(ctx context.Context, src newsletter.Source, state newsletter.SourceState, now time.Time) (newsletter.Harvest, error) {
	start := time.Now()
	one := &reading{Reader: r, src: src, now: now}
	one.harvest = newsletter.Harvest{Source: src.ID, State: state}
	one.harvest.State.Source = src.ID
	if !r.Force && src.Feed != "" && resting(state, now) {
		one.harvest.Unchanged = true
		return one.harvest, r.restError(state)
	}
	var err error
	if src.Folder != "" {
		err = one.folder(ctx)
	} else {
		err = one.feed(ctx)
	}
	one.harvest.ElapsedSecs = time.Since(start).Seconds()
	var ours *knownError
	if err != nil && ctx.Err() != nil || errors.As(err, &ours) {
		return one.harvest, err
	}
	one.conclude(err)
	return one.harvest, err
}

// conclude remembers how the reading went.
func (r *reading) conclude(err error) {
	s := &r.harvest.State
	s.CheckedAt = r.now
	if err == nil {
		s.Failures, s.LastError = 0, ""
		s.NotBefore = later(r.now, r.rest)
		return
	}
	s.Failures++
	s.LastError = err.Error()
	s.NotBefore = later(r.now, max(backOff(s.Failures), r.rest))
}

// A reading is one source being read once.
type reading struct {
	*Reader
	src     newsletter.Source
	now     time.Time
	harvest newsletter.Harvest
	rest    time.Duration // how long the server wants to be left alone
	more    int           // problems beyond those that the harvest lists
}

// maxProblems keeps a hopeless source from filling every report.
const maxProblems = 50

func (r *reading) problem(p newsletter.Problem) {
	if len(r.harvest.Problems) < maxProblems {
		r.harvest.Problems = append(r.harvest.Problems, p)
		return
	}
	r.more++
}

// countProblems says how many problems the harvest does not list.
func (r *reading) countProblems(file string) {
	if r.more > 0 {
		r.harvest.Problems = append(r.harvest.Problems, newsletter.Problem{
			File: file, Message: fmt.Sprintf("and %d more problems", r.more),
		})
	}
}

// maxKey is more than any useful identifier has.
const maxKey = 512

// add completes an article with what does not depend on its kind.
func (r *reading) add(a newsletter.Article) {
	if len(a.Key) > maxKey {
		a.Key = digest(a.Key)
	}
	a.ID = digest(r.src.ID + "\x00" + a.Key)[:10]
	a.Source = r.src.ID
	a.FirstSeen = r.now
	if a.State == "" {
		a.State = newsletter.New
	}
	r.harvest.Articles = append(r.harvest.Articles, a)
}

// digest names a text: its SHA-256 in lower-case base32, of which every ten
// characters are 50 bits.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
}

// labels are the names under which articles may speak of the topics.
func labels(pub *newsletter.Publication) []string {
	var out []string
	for _, t := range pub.Topics {
		out = append(out, t.Title, t.ID)
		out = append(out, t.Aliases...)
	}
	return out
}
