package preflight

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// checkUnsafe finds what no letter may hold: active content, forms, and what
// loads other pages.
func (r *reader) checkUnsafe(t html.Token) {
	switch t.Data {
	case "script", "form", "iframe", "frame", "object", "embed", "applet", "base":
		r.add(ruleUnsafe, "a letter cannot hold a <%s> element", t.Data)
	case "meta":
		if equiv, _ := attribute(t, "http-equiv"); strings.EqualFold(strings.TrimSpace(equiv), "refresh") {
			r.add(ruleUnsafe, "the page sends its reader elsewhere by itself")
		}
	}
	for _, a := range t.Attr {
		switch {
		case len(a.Key) > 2 && strings.HasPrefix(a.Key, "on"):
			r.add(ruleUnsafe, "the attribute %s runs a script", a.Key)
		case isAddress(a.Key) && isActive(a.Val, t.Data):
			r.add(ruleUnsafe, "the address %s runs a script", quote(a.Val))
		}
	}
}

func isAddress(attribute string) bool {
	switch attribute {
	case "href", "src", "action", "formaction", "background", "poster", "cite", "data":
		return true
	}
	return false
}

// isActive tells addresses that run code where they are opened. Browsers skip
// white space and control characters in them (WHATWG URL, section 4.4).
func isActive(address, element string) bool {
	address = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || unicode.IsControl(r) {
			return -1
		}
		return r
	}, address))
	scheme, _, _ := strings.Cut(address, ":")
	return scheme == "javascript" || scheme == "vbscript" || (scheme == "data" && element != "img")
}
