package source

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"broadsheet/internal/markup"
)

// maxLink is more than any browser's address bar takes kindly.
const maxLink = 4096

// webLink makes an absolute http or https URL of a link as a source writes it,
// resolved against base (RFC 3986, section 5) where that is not nil. It is ""
// where there is none. A name and password in it are dropped: no reader should
// see them, or be led to believe that they are the host.
func webLink(base *url.URL, link string) string {
	link = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.TrimSpace(markup.Visible(link)))
	if link == "" || len(link) > maxLink {
		return ""
	}
	if strings.HasPrefix(link, "www.") {
		link = "http://" + link
	}
	u, err := url.Parse(badEscape.ReplaceAllString(link, "%25$1"))
	if err != nil {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	if u.Host, err = asciiHost(u); err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// asciiHost is the host as the domain name system knows it (RFC 5891), with its
// port. net/url would write percent signs for other letters.
func asciiHost(u *url.URL) (string, error) {
	name := u.Hostname()
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil && strings.IndexFunc(name, isBeyondASCII) < 0 {
		return u.Host, nil // an address, or a name with an underscore
	}
	return strings.Replace(u.Host, name, ascii, 1), err
}

func isBeyondASCII(r rune) bool { return r > unicode.MaxASCII }

// badEscape is a percent sign that escapes nothing.
var badEscape = regexp.MustCompile(`%([^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|[0-9A-Fa-f]?$)`)

// parseBase is the base for links in a document from the given URL, or nil.
func parseBase(link string) *url.URL {
	u, err := url.Parse(webLink(nil, link))
	if err != nil || u.Host == "" {
		return nil
	}
	return u
}
