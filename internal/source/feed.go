package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"broadsheet/internal/disk"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

// maxFeed is the most that is read of a feed in a file; the Getter bounds what
// comes from the web.
const maxFeed = 10 << 20

// A document is a feed's bytes and what came with them.
type document struct {
	data        []byte
	contentType string
	base        string // the URL that it came from, or ""
	validators  web.Validators
	fresh       time.Duration // how long the server says that nothing changes
}

// feed reads a feed. New validators are remembered only once the feed has been
// understood: otherwise the next answer would be "unchanged" and hide the error.
func (r *reading) feed(ctx context.Context) error {
	doc, err := r.document(ctx)
	if err != nil || r.harvest.Unchanged {
		return err
	}
	text := decode(doc.data, doc.contentType)
	feed, cut, err := parse(ctx, text)
	if err != nil {
		return r.notAFeed(err, text, doc.base)
	}
	r.entries(feed, doc.base)
	known, err := r.known(ctx)
	if err != nil {
		return err
	}
	r.recognize(known)
	r.pages(ctx, known)
	dropRepeated(r.harvest.Articles)
	if err := ctx.Err(); err != nil {
		return err
	}
	if cut {
		r.problem(newsletter.Problem{
			File: r.feedName(), Message: "the feed breaks off; its last entry is left out",
			Mend: "read it again later",
		})
	}
	r.countProblems(r.feedName())
	r.remember(doc)
	return nil
}

// known is what is known of the source's articles.
func (r *reading) known(ctx context.Context) ([]newsletter.Article, error) {
	if r.Known == nil {
		return nil, nil
	}
	known, err := r.Known(ctx, r.src.ID)
	if err != nil {
		return nil, &knownError{err}
	}
	return known, nil
}

// A knownError is none of the source's: nothing is counted against it.
type knownError struct{ err error }

func (e *knownError) Error() string { return "look up what is known of the source: " + e.err.Error() }
func (e *knownError) Unwrap() error { return e.err }

func (r *reading) remember(doc document) {
	r.harvest.State.ETag, r.harvest.State.LastModified = doc.validators.ETag, doc.validators.LastModified
	r.rest = doc.fresh
}

// feedName is the feed's address without name and password.
func (r *reading) feedName() string {
	u, err := url.Parse(r.src.Feed)
	if err != nil || u.User == nil {
		return r.src.Feed
	}
	u.User = nil
	return u.String()
}

func (r *reading) document(ctx context.Context) (document, error) {
	if u, err := url.Parse(r.src.Feed); err == nil && u.Scheme == "file" {
		return r.file(u)
	}
	return r.page(ctx)
}

// file reads a feed from a file: URL. There are no validators: reading it again
// costs nothing.
func (r *reading) file(feed *url.URL) (document, error) {
	name, err := filePath(feed)
	if err != nil {
		return document{}, err
	}
	path, err := localPath(r.Publication.Dir, name)
	if err != nil {
		return document{}, err
	}
	dir, base := r.Publication.Dir, name
	if filepath.IsAbs(name) {
		dir, base = filepath.Split(path)
	}
	data, err := readBelow(dir, filepath.Clean(base), maxFeed)
	if errors.Is(err, disk.ErrTooLarge) {
		err = fmt.Errorf("it is larger than %d MiB, the most that is read", maxFeed>>20)
	}
	if err != nil {
		return document{}, newsletter.Faultf(newsletter.Failure, "", "read %s: %w", r.src.Feed, plain(err))
	}
	return document{data: data}, nil
}

// page gets a feed from the web, if it has changed.
func (r *reading) page(ctx context.Context) (document, error) {
	s := r.harvest.State
	answer, err := r.Get.Get(ctx, r.src.Feed, web.Validators{ETag: s.ETag, LastModified: s.LastModified})
	if err != nil {
		return document{}, err
	}
	r.harvest.Redirected = answer.Redirected
	doc := document{answer.Body, answer.ContentType, answer.URL, answer.Validators, answer.MaxAge}
	if answer.Unchanged {
		r.harvest.Unchanged = true
		r.remember(doc)
		return doc, nil
	}
	if answer.Status < 200 || answer.Status > 299 {
		r.rest = answer.RetryAfter
		return document{}, r.statusFault(answer)
	}
	return doc, nil
}

func (r *reading) statusFault(answer web.Response) error {
	kind, hint := newsletter.Failure, ""
	switch status := answer.Status; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		hint = "the server wants a login or keeps programs out; ask its owner"
	case status == http.StatusNotFound, status == http.StatusGone:
		hint = "look up the feed's new address, or remove the source"
	case status == http.StatusTooManyRequests, status >= 500:
		kind, hint = newsletter.Unavailable, "try again later"
		if answer.RetryAfter > 0 {
			hint = fmt.Sprintf("the server asks to wait %s", answer.RetryAfter)
		}
	}
	return newsletter.Faultf(kind, hint, "get %s: the server answers %s", r.feedName(), statusText(answer.Status))
}

// notAFeed explains why a document could not be read as a feed.
func (r *reading) notAFeed(err error, text, base string) error {
	var root *rootError
	if !errors.As(err, &root) || !root.page() {
		return newsletter.Faultf(newsletter.Failure, "open it in a browser to see what it is", "read %s as a feed: %w", r.feedName(), err)
	}
	hint := "look on the page for the address of its feed"
	if feeds := advertisedFeeds(text, base); len(feeds) > 0 {
		hint = "the page names " + strings.Join(feeds, " and ")
	}
	return newsletter.Faultf(newsletter.Failure, hint, "read %s as a feed: this is a web page, not a feed", r.feedName())
}
