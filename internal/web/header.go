package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds on what a server may make us remember.
const (
	maxValidator  = 1 << 10
	maxRetryAfter = 30 * 24 * time.Hour
	// A feed that is fresh for longer than this is a server's setting for
	// pictures, and a daily letter must not miss a day over it.
	maxFresh = 6 * time.Hour
)

// parse understands an address from a configuration or a feed.
func parse(rawURL string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(rawURL))
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("understand the address: %w", err)
	}
	if err := checkScheme(u); err != nil {
		return nil, err
	}
	if u.Hostname() == "" {
		return nil, errors.New("the address names no host")
	}
	return u, nil
}

func checkScheme(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is neither http nor https", u.Scheme)
	}
	return nil
}

// withoutUser hides name and password in an address that cannot be understood.
func withoutUser(rawURL string) string {
	scheme, rest, found := strings.Cut(rawURL, "//")
	if at := strings.LastIndexByte(rest, '@'); found && at >= 0 {
		return scheme + "//" + rest[at+1:]
	}
	return rawURL
}

// place is a URL as others may see it and resolve links against it.
func place(u *url.URL) string {
	bare := *u
	bare.User, bare.Fragment, bare.RawFragment = nil, "", ""
	return bare.String()
}

// redirects watches one request's way.
type redirects struct {
	followed  int
	permanent bool
}

// check is an http.Client's CheckRedirect. A step down to http is refused: who
// sits on the way could read and change what https had protected. Whoever wants
// the http address can configure it.
func (w *redirects) check(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if err := checkScheme(next.URL); err != nil {
		return fmt.Errorf("redirects to %s: %w", next.URL.Redacted(), err)
	}
	if next.URL.Scheme == "http" && via[len(via)-1].URL.Scheme == "https" {
		return &downgradeError{next.URL.Redacted()}
	}
	w.followed++
	status := next.Response.StatusCode
	if status != http.StatusMovedPermanently && status != http.StatusPermanentRedirect {
		w.permanent = false
	}
	return nil
}

// setHeader sets a value that may have been stored long ago, if it can stand in
// a header at all.
func setHeader(h http.Header, name, value string) {
	if value = keep(value); value != "" {
		h.Set(name, value)
	}
}

func validators(h http.Header) Validators {
	return Validators{ETag: keep(h.Get("ETag")), LastModified: keep(h.Get("Last-Modified"))}
}

// keep drops a validator that is too long to store or cannot be sent back.
func keep(value string) string {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	if len(value) > maxValidator || strings.ContainsFunc(value, control) {
		return ""
	}
	return value
}

// retryAfter reads the header of that name: seconds, or a date, which counts
// from the server's own clock where it shows one (RFC 9110, section 10.2.3).
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if wait := seconds(value, maxRetryAfter); wait > 0 {
		return wait
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		from = time.Now()
	}
	return min(max(until.Sub(from), 0), maxRetryAfter)
}

// maxAge is how long an answer stays fresh: its max-age less the age that it
// has already (RFC 9111, sections 4.2 and 5.2.2).
func maxAge(h http.Header) time.Duration {
	var fresh time.Duration
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			fresh = seconds(strings.Trim(value, `"`), maxFresh)
		}
	}
	return max(fresh-seconds(h.Get("Age"), maxFresh), 0)
}

// seconds reads a number of seconds, up to a limit; anything else is none.
func seconds(s string, limit time.Duration) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return 0
	}
	return min(time.Duration(n)*time.Second, limit)
}

// date is when an answer was made (RFC 9110, section 6.6.1), unless a cache has
// kept it since.
func date(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" {
		return time.Time{}
	}
	return t
}
