package preflight

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// A link is an <a> while it is open.
type link struct {
	href   string
	filled bool // something stands in it
}

func (d *document) openLink(t html.Token) {
	d.closeLink()
	href, ok := attribute(t, "href")
	if !ok {
		return // a target, not a link
	}
	href = strings.TrimSpace(href)
	if t.Data == "a" && t.Type == html.StartTagToken {
		d.link = &link{href: href}
	}
	d.checkLink(href)
}

// closeLink ends the open link. One that ends in another fragment is left
// alone: nobody can tell what stands in it.
func (d *document) closeLink() {
	if d.link != nil && !d.link.filled {
		d.add(ruleLinkEmpty, "the link to %s has no words", quote(d.link.href))
	}
	d.link = nil
}

func (d *document) checkLink(href string) {
	if href == "" || href == "#" {
		d.add(ruleLinkEmpty, "a link has no address")
		return
	}
	if strings.HasPrefix(href, "#") || strings.HasPrefix(href, slotURL) {
		return
	}
	u, err := url.Parse(href)
	switch {
	case err != nil:
		d.add(ruleLinkRelative, "the link %s cannot be read", quote(href))
	case u.Scheme == "":
		d.add(ruleLinkRelative, "the link %s is relative: a letter has no page to start from", quote(href))
	case u.Scheme != "http" && u.Scheme != "https":
	case u.Hostname() == "":
		d.add(ruleLinkRelative, "the link %s names no host", quote(href))
	case isLocal(u.Hostname()):
		d.add(ruleLinkLocalhost, "the link %s leads to the reader's own computer or network", quote(href))
	case u.Scheme == "http":
		d.add(ruleLinkHTTP, "the link %s is not encrypted", quote(href))
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

func (d *document) image(t html.Token) {
	if d.link != nil {
		d.link.filled = true
	}
	src, _ := attribute(t, "src")
	src = strings.TrimSpace(src)
	if _, ok := attribute(t, "alt"); !ok {
		d.add(ruleImageAlt, "the image %s has no alternative text", quote(src))
	}
	if !strings.HasPrefix(strings.ToLower(src), "https://") {
		d.add(ruleImageHTTPS, "the image %s does not come over https", quote(src))
	}
}
