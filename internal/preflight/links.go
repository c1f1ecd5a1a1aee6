package preflight

import (
	"net/netip"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// A link is an <a> while it is open.
type link struct {
	at     opening
	href   string
	filled bool // something stands in it
}

func (r *reader) openLink(t html.Token) {
	r.closeLink()
	href, ok := attribute(t, "href")
	if !ok {
		return // a target, not a link
	}
	href = strings.TrimSpace(href)
	if t.Data == "a" && t.Type == html.StartTagToken {
		r.link = &link{at: opening{r.doc, r.line}, href: href}
	}
	r.checkLink(href)
}

func (r *reader) closeLink() {
	if r.link != nil && !r.link.filled {
		r.addAt(r.link.at, Fault{Rule: ruleLinkEmpty, Message: "the link to " + quote(r.link.href) + " has no words"})
	}
	r.link = nil
}

func (r *reader) checkLink(href string) {
	if href == "" || href == "#" {
		r.add(ruleLinkEmpty, "a link has no address")
		return
	}
	if strings.HasPrefix(href, "#") || strings.HasPrefix(href, slotURL) {
		return
	}
	u, err := url.Parse(href)
	switch {
	case hasMark(href): // said as what is left over from a template
	case err != nil:
		r.add(ruleLinkRelative, "the link %s cannot be read", quote(href))
	case u.Scheme == "":
		r.add(ruleLinkRelative, "the link %s is relative: a letter has no page to start from", quote(href))
	case u.Scheme != "http" && u.Scheme != "https":
	case u.Hostname() == "":
		r.add(ruleLinkRelative, "the link %s names no host", quote(href))
	default:
		r.doc.links = append(r.doc.links, href)
		if isLocal(u.Hostname()) {
			r.add(ruleLinkLocalhost, "the link %s leads to the reader's own computer or network", quote(href))
		} else if u.Scheme == "http" {
			r.add(ruleLinkHTTP, "the link %s is not encrypted", quote(href))
		}
	}
}

// isLocal tells hosts that lead nowhere from outside: localhost (RFC 6761),
// .local (RFC 6762), .internal, loopback and private addresses.
func isLocal(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	}
	for _, name := range [...]string{"localhost", "local", "internal"} {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return false
}

func (r *reader) image(t html.Token) {
	alt, described := attribute(t, "alt")
	if r.link != nil && (strings.TrimSpace(alt) != "" || !described) {
		r.link.filled = true
	}
	src, _ := attribute(t, "src")
	src = strings.TrimSpace(src)
	if !described {
		r.add(ruleImageAlt, "the image %s has no alternative text", quote(src))
	}
	if hasMark(src) || strings.HasPrefix(src, slotURL) {
		return
	}
	scheme, rest, _ := strings.Cut(strings.ToLower(src), ":")
	switch scheme {
	case "cid", "data":
	case "https":
		r.doc.links = append(r.doc.links, src)
	default:
		r.add(ruleImageHTTPS, "the image %s does not come over https", quote(src))
	}
	if scheme == "data" && strings.HasPrefix(rest, "image/") {
		r.unsupported("data:image", "an image inside the address")
	}
	r.checkImageSize(t, src)
	if u, err := url.Parse(src); err == nil && scheme != "data" {
		if format := strings.ToLower(path.Ext(u.Path)); format != "" {
			r.unsupported(format, "the image format "+format)
		}
	}
}

// checkImageSize wants a width as Outlook reads it: from the attribute.
func (r *reader) checkImageSize(t html.Token, src string) {
	width, _ := attribute(t, "width")
	width = strings.TrimSuffix(strings.TrimSpace(width), "px")
	if width == "" || strings.Trim(width, "0123456789%") != "" {
		r.add(ruleImageSize, "the image %s has no width", quote(src))
	}
}
