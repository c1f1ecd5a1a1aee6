package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

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
}

// feed reads a feed. New validators are remembered only once the feed has been
// understood: otherwise the next answer would be "unchanged" and hide the error.
func (r *reader) feed(ctx context.Context) error {
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
	if cut {
		r.problem(newsletter.Problem{
			File: r.feedName(), Message: "the feed breaks off; its last entry is left out",
			Mend: "read it again later",
		})
	}
	r.countProblems(r.feedName())
	r.remember(doc.validators)
	return nil
}

func (r *reader) remember(v web.Validators) {
	r.harvest.State.ETag, r.harvest.State.LastModified = v.ETag, v.LastModified
}

// feedName is the feed's address without name and password.
func (r *reader) feedName() string {
	u, err := url.Parse(r.src.Feed)
	if err != nil || u.User == nil {
		return r.src.Feed
	}
	u.User = nil
	return u.String()
}

func (r *reader) document(ctx context.Context) (document, error) {
	if u, err := url.Parse(r.src.Feed); err == nil && u.Scheme == "file" {
		return r.file(u)
	}
	return r.page(ctx)
}

// file reads a feed from a file: URL. There are no validators: reading it again
// costs nothing.
func (r *reader) file(feed *url.URL) (document, error) {
	name, err := filePath(feed)
	if err != nil {
		return document{}, err
	}
	path, err := localPath(r.pub.Dir, name)
	if err != nil {
		return document{}, err
	}
	dir, base := r.pub.Dir, name
	if filepath.IsAbs(name) {
		dir, base = filepath.Split(path)
	}
	data, err := readBelow(dir, filepath.Clean(base), maxFeed)
	if errors.Is(err, errTooLarge) {
		err = fmt.Errorf("it is larger than %d MiB, the most that is read", maxFeed>>20)
	}
	if err != nil {
		return document{}, newsletter.Faultf(newsletter.Failure, "", "read %s: %w", r.src.Feed, plain(err))
	}
	return document{data: data}, nil
}

// page gets a feed from the web, if it has changed.
func (r *reader) page(ctx context.Context) (document, error) {
	s := r.harvest.State
	answer, err := r.get.Get(ctx, r.src.Feed, web.Validators{ETag: s.ETag, LastModified: s.LastModified})
	if err != nil {
		return document{}, err
	}
	r.harvest.Redirected = answer.Redirected
	if answer.Unchanged {
		r.harvest.Unchanged = true
		r.remember(answer.Validators)
		return document{}, nil
	}
	if answer.Status < 200 || answer.Status > 299 {
		return document{}, r.statusFault(answer)
	}
	return document{answer.Body, answer.ContentType, answer.URL, answer.Validators}, nil
}

func (r *reader) statusFault(answer web.Response) error {
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
	reason := strings.TrimSpace(fmt.Sprintf("%d %s", answer.Status, http.StatusText(answer.Status)))
	return newsletter.Faultf(kind, hint, "get %s: the server answers %s", r.feedName(), reason)
}

// notAFeed explains why a document could not be read as a feed.
func (r *reader) notAFeed(err error, text, base string) error {
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
