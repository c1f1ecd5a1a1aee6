package message

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"broadsheet/internal/newsletter"
)

// A wayOut is how readers leave: by web, by mail, or both. Each is a URL in
// which the token has its place.
type wayOut struct {
	web, mail *opening
	oneClick  bool
}

// oneClick is what a mail program posts to the web address when its reader
// leaves (RFC 8058, section 3.1).
const oneClick = "List-Unsubscribe=One-Click"

// OneClickTest is the request that an unsubscribe address must answer before
// letters promise one click: the one that a mail program makes, with a token
// that is dead.
func OneClickTest(u newsletter.Unsubscribe) (address, form string, err error) {
	w, err := newWayOut(u)
	if err == nil && w.web == nil {
		err = misuse("unsubscribe.one_click", "true", errNoHTTPS)
	}
	if err != nil {
		return "", "", err
	}
	return w.web.with(carried("one-click") + "." + deadMAC), oneClick, nil
}

var errNoHTTPS = errors.New("one click needs an https address under unsubscribe.url (RFC 8058, section 3.1)")

// An opening is a URL around a token.
type opening struct{ before, after string }

func (o *opening) with(token string) string { return o.before + token + o.after }

// newWayOut makes the URLs. At least one way out is required.
func newWayOut(u newsletter.Unsubscribe) (w wayOut, err error) {
	if u.URL == "" && u.Mailto == "" {
		return wayOut{}, newsletter.Faultf(newsletter.Misuse, "set unsubscribe.mailto to an address that you read, or unsubscribe.url", "readers have no way to unsubscribe")
	}
	if u.URL != "" {
		if w.web, err = webOpening(u.URL); err != nil {
			return wayOut{}, misuse("unsubscribe.url", u.URL, err)
		}
	}
	if u.Mailto != "" {
		if w.mail, err = mailOpening(u.Mailto); err != nil {
			return wayOut{}, err
		}
	}
	if w.oneClick = u.OneClick; w.oneClick && (w.web == nil || !strings.HasPrefix(w.web.before, "https:")) {
		return wayOut{}, misuse("unsubscribe.one_click", "true", errNoHTTPS)
	}
	return w, nil
}

// maxOpening leaves room, on one line of the header, for the token of the
// longest address.
const maxOpening = maxLine - len("List-Unsubscribe: <>,") - (maxAddress*4/3 + 1) - len(".") - macLength*4/3 - 1

func webOpening(address string) (*opening, error) {
	u, err := webURL(address)
	if err != nil {
		return nil, err
	}
	fragment := u.EscapedFragment()
	u.Fragment, u.RawFragment = "", ""
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "token="
	o := &opening{before: u.String()}
	if fragment != "" {
		o.after = "#" + fragment
	}
	if len(o.with("")) > maxOpening {
		return nil, fmt.Errorf("longer than %d bytes", maxOpening)
	}
	return o, nil
}

// webURL reads a web address that stands in a header. Its host becomes an
// A-label (RFC 5890, section 2.3.2.1).
func webURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" {
		return nil, errors.New("not an https URL")
	}
	if !ascii(u.Host) {
		host, err := idna.Lookup.ToASCII(u.Hostname())
		if err != nil {
			return nil, err
		}
		u.Host = strings.Replace(u.Host, u.Hostname(), host, 1)
	}
	// url.Parse leaves a query as it is; what RFC 3986 does not allow there
	// could end the URL within its header.
	switch s := u.String(); {
	case strings.ContainsAny(s, "<>\"\\^`{|} ,") || !ascii(s):
		return nil, errors.New("has characters that must be percent-encoded")
	case len(s) > maxOpening:
		return nil, fmt.Errorf("longer than %d bytes", maxOpening)
	}
	return u, nil
}

// mailOpening is a mailto URL (RFC 6068) whose subject ends in the token.
func mailOpening(address string) (*opening, error) {
	a, err := mailbox("unsubscribe.mailto", address)
	if err != nil {
		return nil, err
	}
	at := strings.LastIndexByte(a.Address, '@')
	local := strings.NewReplacer("&", "%26", "=", "%3D").Replace(url.PathEscape(a.Address[:at]))
	return &opening{before: "mailto:" + local + a.Address[at:] + "?subject=unsubscribe%20"}, nil
}

// page is the link for the letter itself: people rather click than write.
func (w *wayOut) page(token string) string {
	if w.web != nil {
		return w.web.with(token)
	}
	return w.mail.with(token)
}

// appendHeader appends the value of List-Unsubscribe, the preferred way first
// (RFC 2369, section 2), each on a line of its own.
func (w *wayOut) appendHeader(out []byte, token string) []byte {
	separator := ""
	for _, o := range [...]*opening{w.web, w.mail} {
		if o != nil {
			out = append(append(append(out, separator...), '<'), o.before...)
			out = append(append(append(out, token...), o.after...), '>')
			separator = ",\r\n "
		}
	}
	return out
}
