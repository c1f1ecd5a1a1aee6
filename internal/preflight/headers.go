package preflight

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"broadsheet/internal/newsletter"
)

// checkHeaders looks at what the configuration will put into every letter's
// header.
func checkHeaders(pub *newsletter.Publication, r *report) {
	if where := pub.Unsubscribe; where.URL != "" {
		if u, err := url.Parse(where.URL); err != nil || u.Scheme != "https" {
			r.add(Fault{
				Rule: ruleUnsubscribe, Where: "configuration", Message: fmt.Sprintf("the unsubscribe address %s is not https", quote(where.URL)),
				Mend: "write an https:// address under unsubscribe.url: one-click unsubscribing asks for it (RFC 8058)",
			}, all)
		}
	} else if where.Mailto == "" {
		r.add(Fault{
			Rule: ruleUnsubscribe, Where: "configuration", Message: "there is no way to unsubscribe",
			Mend: "set unsubscribe.mailto or unsubscribe.url in broadsheet.yaml",
		}, all)
	}
	checkAlignment(pub, r)
}

// checkAlignment compares the domain of From with those that sign: without a
// signature of its own organizational domain a letter fails DMARC (RFC 7489,
// section 3.1.1), or passes by the server's grace.
func checkAlignment(pub *newsletter.Publication, r *report) {
	if len(pub.DKIM) == 0 {
		return // the server may sign
	}
	from := pub.From.Address[strings.LastIndexByte(pub.From.Address, '@')+1:]
	var signs []string
	for _, key := range pub.DKIM {
		if organization(key.Domain) == organization(from) {
			return
		}
		signs = append(signs, key.Domain)
	}
	r.add(Fault{
		Rule: ruleFromDomain, Where: "configuration",
		Message: fmt.Sprintf("letters come from %s, but only %s signs them", from, strings.Join(signs, ", ")),
	}, all)
}

// organization is the domain that somebody registered.
func organization(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if registered, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return registered
	}
	return domain
}
