package source

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"
)

// Bounds on reading the pages behind the entries of one feed.
const (
	maxPages     = 40
	pagesAtOnce  = 4
	pagesTime    = 2 * time.Minute
	pageFailures = 5              // after which the rest is left for the next reading
	pageRetries  = 24 * time.Hour // how long an article's page is tried again
	teaserLength = 1200           // characters; what has more is an article and no teaser
)

// pages reads the pages behind those entries that bring only a teaser, where
// the configuration wants full texts. What is known of an article already is
// taken from there. A page that cannot be read leaves the teaser.
func (r *reading) pages(ctx context.Context, known []newsletter.Article) {
	if !r.src.FullText {
		return
	}
	byKey := map[string]newsletter.Article{}
	for _, k := range known {
		byKey[k.Key] = k
	}
	var wanted []int
	for i := range r.harvest.Articles {
		a := &r.harvest.Articles[i]
		k, old := byKey[a.Key]
		if old && len(k.Text) > len(a.Text) {
			complete(a, k)
			continue
		}
		if isTeaser(a.Text) && a.Link != "" && a.State == newsletter.New && (!old || r.waitsFor(k)) {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) > maxPages {
		r.problem(newsletter.Problem{
			File:    r.feedName(),
			Message: fmt.Sprintf("of the pages of %d articles only %d are read at once; the others keep their teaser until the next reading", len(wanted), maxPages),
		})
		wanted = wanted[:maxPages]
	}
	r.readPages(ctx, wanted)
}

// waitsFor tells whether the page of a known article is worth another try.
func (r *reading) waitsFor(k newsletter.Article) bool {
	open := k.State == newsletter.New || k.State == newsletter.Reserved
	return open && r.now.Sub(k.FirstSeen) < pageRetries
}

// readPages reads the pages of the articles at the given places side by side;
// how many of them go to one server, the Getter decides.
func (r *reading) readPages(ctx context.Context, wanted []int) {
	ctx, cancel := context.WithTimeoutCause(ctx, pagesTime, errPagesTime)
	defer cancel()
	var failures atomic.Int64
	errs := make([]error, len(wanted))
	var group errgroup.Group
	group.SetLimit(pagesAtOnce)
	for n, i := range wanted {
		group.Go(func() error {
			if failures.Load() >= pageFailures {
				errs[n] = errPagesFail
				return nil
			}
			if errs[n] = r.readPage(ctx, &r.harvest.Articles[i]); errs[n] != nil {
				failures.Add(1)
			}
			return nil
		})
	}
	_ = group.Wait() // every error is in errs
	r.pageProblems(wanted, errs)
}

var (
	errPagesTime = fmt.Errorf("the pages of a feed are given no more than %s", pagesTime)
	errPagesFail = errors.New("not tried, since other pages of this feed failed")
	errLess      = errors.New("its page gives less than the feed")
	errOther     = errors.New("its page tells something else; perhaps it asks for consent or a login")
)

func (r *reading) pageProblems(wanted []int, errs []error) {
	untried := 0
	for n, i := range wanted {
		switch err := errs[n]; {
		case err == nil:
		case errors.Is(err, errPagesFail):
			untried++
		default:
			r.problem(newsletter.Problem{
				File: r.feedName(), Value: r.harvest.Articles[i].Title,
				Message: "the article keeps its teaser: " + err.Error(),
			})
		}
	}
	if untried > 0 {
		r.problem(newsletter.Problem{
			File: r.feedName(), Message: fmt.Sprintf("the pages of %d more articles were not tried after so many failures", untried),
		})
	}
}

// readPage completes an article from its page.
func (r *reading) readPage(ctx context.Context, a *newsletter.Article) error {
	answer, err := r.Get.Get(ctx, a.Link, web.Validators{})
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return fmt.Errorf("get %s: the server answers %s", a.Link, statusText(answer.Status))
	}
	if !isPage(answer.ContentType) {
		return fmt.Errorf("get %s: %s is no web page", a.Link, answer.ContentType)
	}
	x, err := extractPage(answer, labels(r.Publication))
	if err != nil {
		return fmt.Errorf("read %s: %w", a.Link, err)
	}
	switch {
	case !sameStory(*a, x):
		return errOther
	case len(x.Text) <= len(a.Text)/2:
		return errLess
	case len(x.Text) <= len(a.Text): // a short article, of which the feed gives all
		return nil
	}
	complete(a, r.fromPage(x, a.Link, answer.URL))
	return nil
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

func isPage(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || err == nil && (kind == "text/html" || kind == "application/xhtml+xml")
}

// extractPage leaves the page to markup, as extract leaves files to it.
func extractPage(answer web.Response, labels []string) (x markup.Extracted, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("could not be read: %v", p)
		}
	}()
	return markup.FromHTML(answer.Body, answer.ContentType, answer.URL, labels)
}

// fromPage is what a page says of its article. Its own word on its address is
// believed unless it is that of the whole site, a common mistake.
func (r *reading) fromPage(x markup.Extracted, link, address string) newsletter.Article {
	a := newsletter.Article{
		Link: link, Author: x.Author, Text: x.Text, Language: languageTag(x.Language), Labels: x.Labels,
		Published: r.plausible(x.Published),
	}
	base := parseBase(address)
	if own := webLink(base, x.Link); own != "" && !isFrontPage(own) {
		a.Link = own
	}
	if picture := webLink(base, x.Image.URL); picture != "" {
		a.Image = newsletter.Image{URL: picture, Alt: line(x.Image.Alt)}
	}
	return a
}

func isFrontPage(link string) bool {
	u := parseBase(link)
	return u == nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// complete takes over the fuller text and link, and what the feed leaves open.
func complete(a *newsletter.Article, from newsletter.Article) {
	a.Text = from.Text
	if from.Link != "" {
		a.Link = from.Link
	}
	if a.Author == "" {
		a.Author = from.Author
	}
	if a.Language == "" {
		a.Language = from.Language
	}
	if a.Published.IsZero() {
		a.Published = from.Published
	}
	if len(a.Labels) == 0 {
		a.Labels = from.Labels
	}
	switch {
	case a.Image.URL == "":
		a.Image = from.Image
	case a.Image.Alt == "" && a.Image.URL == from.Image.URL:
		a.Image.Alt = from.Image.Alt
	}
}

// isTeaser tells whether a feed gives only the beginning of an article.
func isTeaser(text string) bool {
	end := strings.TrimRight(text, " )]")
	return utf8.RuneCountInString(text) < teaserLength || strings.HasSuffix(end, "…") || strings.HasSuffix(end, "...")
}

// sameStory tells whether a page has at least a third of the words of an
// article's title and teaser, where there are enough of them to tell.
func sameStory(a newsletter.Article, x markup.Extracted) bool {
	page := map[string]bool{}
	for _, w := range tellingWords(x.Title + " " + x.Text) {
		page[w] = true
	}
	words, there := tellingWords(a.Title+" "+a.Text), 0
	for _, w := range words {
		if page[w] {
			there++
		}
	}
	return len(words) < 5 || 3*there >= len(words)
}

// tellingWords are the words of four letters or more, in lower case. Scripts
// that put no space between words have none.
func tellingWords(s string) []string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(words, func(w string) bool {
		first, _ := utf8.DecodeRuneInString(w)
		return utf8.RuneCountInString(w) < 4 || unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer, unicode.Lao, unicode.Myanmar)
	})
}
