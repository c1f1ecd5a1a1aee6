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
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
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
