package selection

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Canonical is the link without what does not name the page: fragment,
// credentials, tracking parameters, default port, empty query; the host in
// lower case as A-labels without a trailing dot (RFC 3986 section 6.2). Other
// parameters keep their order, for it may matter. A link that is not http(s)
// or cannot be read gives "". Canonical(Canonical(x)) is Canonical(x).
func Canonical(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" {
		return ""
	}
	host, ok := canonicalHost(u)
	if !ok {
		return ""
	}
	u.Host, u.User = host, nil
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery, u.ForceQuery = withoutTracking(u.RawQuery), false
	if !strings.HasPrefix(u.Fragment, "!") { // "#!" names a page on sites drawn by scripts
		u.Fragment, u.RawFragment = "", ""
	}
	return u.String()
}

// canonicalHost is the host with its port, where that is not the scheme's own.
func canonicalHost(u *url.URL) (host string, ok bool) {
	host, ok = canonicalName(u.Hostname())
	port := u.Port()
	if port == "" || (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return host, ok
	}
	return host + ":" + port, ok
}

func canonicalName(name string) (string, bool) {
	if ip, err := netip.ParseAddr(name); err == nil && ip.Is6() {
		return "[" + ip.WithZone("").String() + "]", true
	}
	name = strings.TrimRight(name, ".")
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		ascii = strings.ToLower(name) // underscores and the like: real, though not in the rules
	}
	ascii = strings.TrimRight(ascii, ".")
	return ascii, ascii != "" && strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// withoutTracking drops the parameters that tell who clicked where, and
// encodes what may not stand in a query.
func withoutTracking(query string) string {
	var kept []string
	for _, parameter := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		if parameter != "" && !isTracking(strings.ToLower(name)) {
			kept = append(kept, encode(parameter))
		}
	}
	return strings.Join(kept, "&")
}

func encode(parameter string) string {
	var b strings.Builder
	for _, c := range []byte(parameter) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`\\^{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isTracking(name string) bool {
	for _, prefix := range trackingPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return trackingNames[name]
}

// trackingPrefixes begin families of parameters: Urchin and Google Analytics,
// Matomo, AT Internet, HubSpot's advertising. A prefix that a page could use for
// itself is not here.
var trackingPrefixes = [...]string{"utm_", "mtm_", "matomo_", "piwik_", "at_custom", "hsa_"}

// trackingNames are single parameters, by who adds them.
var trackingNames = map[string]bool{
	// search engines and their advertising
	"gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "gad_source": true, "gad_campaignid": true,
	"msclkid": true, "yclid": true, "ysclid": true, "_openstat": true, "srsltid": true,
	// social networks
	"fbclid": true, "fb_action_ids": true, "fb_action_types": true, "fb_source": true, "igshid": true, "igsh": true,
	"twclid": true, "__twitter_impression": true, "ttclid": true, "li_fat_id": true, "epik": true, "rdt_cid": true,
	// mailings
	"mc_cid": true, "mc_eid": true, "mc_tc": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, "__hstc": true,
	"__hssc": true, "__hsfp": true, "hsctatracking": true, "vero_id": true, "vero_conv": true, "oly_anon_id": true,
	"oly_enc_id": true, "ml_subscriber": true, "ml_subscriber_hash": true, "ck_subscriber_id": true, "_bta_tid": true,
	"_bta_c": true, "__s": true, "dm_i": true, "_kx": true, "rb_clickid": true, "wickedid": true,
	// analytics and publishers
	"_ga": true, "_gl": true, "s_cid": true, "sc_cid": true, "cmpid": true, "pk_campaign": true, "pk_kwd": true,
	"pk_keyword": true, "pk_medium": true, "pk_source": true, "pk_content": true, "pk_cid": true, "at_medium": true,
	"at_campaign": true, "at_format": true, "at_creation": true, "at_link_id": true, "at_link_origin": true,
	"at_link_type": true, "at_ptr_name": true, "at_bbc_team": true, "ns_mchannel": true, "ns_campaign": true,
	"ns_source": true, "ns_linkname": true, "guccounter": true, "guce_referrer": true, "guce_referrer_sig": true,
	"xtor": true, "wt_mc": true, "wt_zmc": true,
}
