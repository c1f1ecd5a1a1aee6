package message

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"broadsheet/internal/newsletter"
)

// A wayOut is how readers leave: by web, by mail, or both. Each is a URL in
// which the token has its place.
type wayOut struct{ web, mail *opening }

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
	return w, nil
}

// maxOpening leaves room, on one line of the header, for the token of the
// longest address.
const maxOpening = maxLine - len("List-Unsubscribe: <>,") - (maxAddress*4/3 + 1) - len(".") - macLength*4/3 - 1

func webOpening(address string) (*opening, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, errors.New("not an https URL")
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
	// url.Parse leaves a query as it is; what RFC 3986 does not allow there
	// could end the URL within its header.
	if strings.ContainsAny(o.with(""), "<>\"\\^`{|} ,") || !ascii(o.with("")) {
		return nil, errors.New("has characters that must be percent-encoded")
	}
	return o, nil
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
func (w wayOut) page(token string) string {
	if w.web != nil {
		return w.web.with(token)
	}
	return w.mail.with(token)
}

// header is the value of List-Unsubscribe, the preferred way first (RFC 2369,
// section 2), each on a line of its own.
func (w wayOut) header(token string) string {
	var ways []string
	for _, o := range []*opening{w.web, w.mail} {
		if o != nil {
			ways = append(ways, "<"+o.with(token)+">")
		}
	}
	return strings.Join(ways, ",\r\n ")
}
