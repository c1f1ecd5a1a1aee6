// Package source reads feeds and folders of files and makes articles of them.
//
// Feeds are RSS 0.9 to 2.0, Atom 0.3 and 1.0 (RFC 4287) and JSON Feed 1.1, from
// the web or from a file; folders hold Markdown, plain text and HTML. Whatever
// is broken in one entry or file is a Problem of the harvest, and everything
// else is read. Feeds are repaired before they are parsed: wrong encodings,
// forbidden characters, tags that do not match, and an end that is missing.
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

// Read reads one source of the publication. Relative paths are below the
// publication's folder. State is what the last reading remembered.
//
// The harvest's state is to be stored in any case, also beside an error: it
// counts the failures in a row, which a cancelled ctx does not add to.
func Read(ctx context.Context, get Getter, pub *newsletter.Publication, src newsletter.Source, state newsletter.SourceState, now time.Time) (newsletter.Harvest, error) {
	start := time.Now()
	r := &reader{get: get, pub: pub, src: src, now: now}
	r.harvest = newsletter.Harvest{Source: src.ID, State: state}
	r.harvest.State.Source = src.ID

	var err error
	if src.Folder != "" {
		err = r.folder(ctx)
	} else {
		err = r.feed(ctx)
	}
	r.harvest.ElapsedSecs = time.Since(start).Seconds()
	if err != nil && ctx.Err() != nil {
		return r.harvest, err
	}
	s := &r.harvest.State
	s.CheckedAt, s.Failures, s.LastError = now, 0, ""
	if err != nil {
		s.Failures, s.LastError = state.Failures+1, err.Error()
	}
	return r.harvest, err
}

// A reader reads one source once.
type reader struct {
	get     Getter
	pub     *newsletter.Publication
	src     newsletter.Source
	now     time.Time
	harvest newsletter.Harvest
	more    int // problems beyond those that the harvest lists
}

// maxProblems keeps a hopeless source from filling every report.
const maxProblems = 50

func (r *reader) problem(p newsletter.Problem) {
	if len(r.harvest.Problems) < maxProblems {
		r.harvest.Problems = append(r.harvest.Problems, p)
		return
	}
	r.more++
}

// countProblems says how many problems the harvest does not list.
func (r *reader) countProblems(file string) {
	if r.more > 0 {
		r.harvest.Problems = append(r.harvest.Problems, newsletter.Problem{
			File: file, Message: fmt.Sprintf("and %d more problems", r.more),
		})
	}
}

// maxKey is more than any useful identifier has.
const maxKey = 512

// add completes an article with what does not depend on its kind.
func (r *reader) add(a newsletter.Article) {
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
