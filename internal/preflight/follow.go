package preflight

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// Links are the addresses on the web that the pages lead to and show pictures
// from, in the order in which they stand there. Places that cannot exist or
// that only this network knows are left out: other rules tell of them.
func (r *Reading) Links() []string {
	var links []string
	seen := map[string]bool{}
	for _, pieces := range r.pieces {
		for _, p := range pieces {
			for _, link := range p.links {
				if !seen[link] && !r.unasked(link) {
					links = append(links, link)
				}
				seen[link] = true
			}
		}
	}
	return links
}

// unasked tells addresses that nobody need ask about: on this network, and
// under names for documentation and tests (RFC 2606).
func (r *Reading) unasked(link string) bool {
	u, err := url.Parse(link)
	if err != nil || isLocal(u.Hostname()) && !r.localToo {
		return true
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	return slices.ContainsFunc([]string{"example", "test", "invalid", "example.com", "example.net", "example.org"}, func(name string) bool {
		return host == name || strings.HasSuffix(host, "."+name)
	})
}

// Follow adds what the web answered. What it did not answer in time is one
// finding, and so is a network that is not there.
func (r *Reading) Follow(answers []newsletter.LinkAnswer) {
	byURL := make(map[string]newsletter.LinkAnswer, len(answers))
	asked, failed, late := 0, 0, 0
	for _, a := range answers {
		byURL[a.URL] = a
		switch {
		case a.Late:
			late++
		case a.Status == 0:
			failed++
			asked++
		default:
			asked++
		}
	}
	if late > 0 {
		r.Add(Fault{Rule: ruleLinkUnchecked, Where: "links", Message: fmt.Sprintf("%d of %d links did not answer in time", late, len(answers))})
	}
	const several = 3
	if failed == asked && asked >= several {
		r.Add(Fault{Rule: ruleLinkUnchecked, Where: "links", Message: fmt.Sprintf("none of %d links can be reached: is the network down?", asked)})
		return
	}
	for _, pieces := range r.pieces {
		for i := range pieces {
			p := &pieces[i]
			for _, link := range p.links {
				if f, wrong := judge(byURL[link]); wrong {
					f.Where = p.label
					r.report.addFor(f, &p.users)
				}
			}
		}
	}
}

// judge says what an answer means. A server that does not talk to programs
// (401, 403, 405, 406, 429, 451, 999 …) may well talk to readers; one that has
// trouble now may have none tomorrow, and an editor should look.
func judge(a newsletter.LinkAnswer) (Fault, bool) {
	if a.URL == "" || a.Late {
		return Fault{}, false
	}
	shown := quote(a.URL)
	switch {
	case a.Status == 404 || a.Status == 410:
		return Fault{Rule: ruleLinkDead, Message: fmt.Sprintf("the link %s leads to no page (%d)", shown, a.Status)}, true
	case a.Status >= 500 && a.Status <= 599:
		return Fault{Rule: ruleLinkDead, Message: fmt.Sprintf("the server of the link %s has trouble (%d)", shown, a.Status), Mend: "open it, and check again later"}, true
	case a.Status == 0:
		return Fault{Rule: ruleLinkDead, Message: fmt.Sprintf("the link %s cannot be followed: %s", shown, a.Trouble)}, true
	case a.Final != "" && a.ForGood && beyondScheme(a.URL) != beyondScheme(a.Final):
		return Fault{Rule: ruleLinkMoved, Message: fmt.Sprintf("the link %s has moved for good to %s", shown, quote(a.Final))}, true
	case a.Final != "" && !a.ForGood && pageOf(a.URL) != pageOf(a.Final):
		return Fault{Rule: ruleLinkMoved, Message: fmt.Sprintf("the link %s leads on to %s", shown, quote(a.Final))}, true
	}
	return Fault{}, false
}

// beyondScheme leaves out whether an address is encrypted: the rule link-http
// tells of that.
func beyondScheme(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest, _, _ = strings.Cut(rest, "#")
	return rest
}

// pageOf leaves out what a server may well add for the time being.
func pageOf(address string) string {
	rest, _, _ := strings.Cut(beyondScheme(address), "?")
	return strings.TrimRight(strings.TrimPrefix(rest, "www."), "/")
}
