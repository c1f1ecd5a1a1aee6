package config

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

const (
	tlsNone     = "none"
	tlsStart    = "starttls"
	tlsImplicit = "tls"
)

// servers checks the one server, or those of the list.
func (c *check) servers(docs smtpDocuments) []newsletter.SMTP {
	list := make([]newsletter.SMTP, len(docs))
	reserves := 0
	for i, doc := range docs {
		list[i] = c.smtp(c.serverAt(i), doc)
		if list[i].Weight == 0 {
			reserves++
		}
		for j, other := range list[:i] {
			if other.Host != "" && other.Address() == list[i].Address() && other.Username == list[i].Username {
				c.bad(c.serverAt(i)+".host", other.Address(), fmt.Sprintf("stands there twice, as smtp[%d] too", j), "keep one of the two")
			}
		}
	}
	switch {
	case len(docs) == 0:
		c.bad("smtp", "", "is a list without a server", "write at least one, such as  - {host: smtp.example.org}")
	case reserves == len(docs):
		c.bad(c.serverAt(0)+".weight", "0", "leaves no server to begin with: 0 stands in for others only", "give one server a weight of 1")
	}
	return list
}

// serverAt is the path of a server: of the one, or in the list.
func (c *check) serverAt(i int) string {
	at := fmt.Sprintf("smtp[%d]", i)
	if _, listed := c.lines[at]; listed {
		return at
	}
	return "smtp"
}

// smtp checks a server. Without a word on TLS a server elsewhere must offer
// STARTTLS (RFC 3207), one on this machine need not; the port follows (RFC 5321
// section 4.5.4.2, RFC 6409, RFC 8314).
func (c *check) smtp(at string, doc smtpDocument) newsletter.SMTP {
	const most = 1e9
	s := newsletter.SMTP{
		Host: doc.Host, TLS: doc.TLS, Weight: 1,
		Username: doc.Username, PasswordEnv: doc.PasswordEnv, PasswordFile: doc.PasswordFile,
		Connections:   c.within(at+".connections", doc.Connections, 1, 256),
		Rate:          c.rate(at+".rate", doc.Rate),
		PerConnection: c.within(at+".per_connection", doc.PerConnection, 0, most),
	}
	if doc.Weight != nil {
		s.Weight = c.within(at+".weight", *doc.Weight, 0, 1000)
	}
	c.host(at, doc.Host)
	switch {
	case s.TLS != "":
		c.oneOf(at+".tls", s.TLS, tlsNone, tlsStart, tlsImplicit)
	case loopback(s.Host):
		s.TLS = tlsNone
	default:
		s.TLS = tlsStart
	}
	s.Port = c.port(at, doc.Port, s.TLS)
	c.login(at, s)
	return s
}

// limits checks what holds over all servers. In a list it stands at the first.
func (c *check) limits(docs smtpDocuments) newsletter.Limits {
	const most = 1e9
	if len(docs) == 0 {
		return newsletter.Limits{}
	}
	for i, doc := range docs[1:] {
		if doc.PerDomain != 0 || doc.PerDay != 0 || !doc.WarmUp.empty() {
			c.bad(c.serverAt(i+1), doc.Host, "has per_domain, per_day or warm_up, which hold over all servers", "write it at the first server")
		}
	}
	doc, at := docs[0], c.serverAt(0)
	l := newsletter.Limits{
		PerDomain: c.rate(at+".per_domain", doc.PerDomain),
		PerDay:    c.within(at+".per_day", doc.PerDay, 0, most),
	}
	if doc.WarmUp.empty() {
		return l
	}
	l.WarmUp.Days = doc.WarmUp.Days
	for i, n := range doc.WarmUp.Days {
		c.within(fmt.Sprintf("%s.warm_up.days[%d]", at, i), n, 1, most)
	}
	if len(doc.WarmUp.Days) == 0 {
		c.bad(at+".warm_up.days", "", "is missing", "write the letters of each day, such as  days: [200, 500, 1000, 2500]")
	}
	from, err := time.Parse(time.DateOnly, doc.WarmUp.From)
	if err != nil {
		c.bad(at+".warm_up.from", doc.WarmUp.From, "is not a date", "write the first day, such as  from: 2026-11-20")
	}
	l.WarmUp.From = from
	return l
}

func (d warmUpDocument) empty() bool { return len(d.Days) == 0 && d.From == "" }

func (c *check) rate(at string, value float64) float64 {
	if !(value >= 0) || value > 1e6 || value > 0 && value < 1e-6 {
		c.bad(at, strconv.FormatFloat(value, 'g', -1, 64), "is not a rate", "write letters a second; 0 is no limit")
	}
	return value
}

func (c *check) port(at string, value *int, tls string) int {
	if value != nil {
		return c.within(at+".port", *value, 1, 65535)
	}
	switch tls {
	case tlsStart:
		return 587
	case tlsImplicit:
		return 465
	default:
		return 25
	}
}

var hostOrAddress = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

func (c *check) host(at, host string) {
	if !c.required(at+".host", host, "smtp.example.org") {
		return
	}
	if _, err := netip.ParseAddr(host); err == nil || hostOrAddress.MatchString(host) {
		return
	}
	mend := "write a host's name or address, such as smtp.example.org"
	if name, port, err := net.SplitHostPort(host); err == nil {
		mend = fmt.Sprintf("write  host: %s  and  port: %s", name, port)
	}
	c.bad(at+".host", host, "is not a host", mend)
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// login checks the user name and where the password comes from.
func (c *check) login(at string, s newsletter.SMTP) {
	switch {
	case s.PasswordEnv != "" && s.PasswordFile != "":
		c.bad(at+".password_file", s.PasswordFile, "stands beside password_env", "keep one of the two")
	case s.Username == "" && s.PasswordEnv+s.PasswordFile != "":
		c.bad(at+".username", "", "is missing beside a password", "add the user name, or remove the password")
	case s.Username != "" && s.PasswordEnv+s.PasswordFile == "":
		c.bad(at+".username", s.Username, "has no password", "add  password_env: NAME_OF_A_VARIABLE  or  password_file: FILE")
	case s.Username != "" && s.TLS == tlsNone && !loopback(s.Host):
		c.bad(at+".tls", s.TLS, "would send the password in the clear", "write starttls or tls")
	}
}

func (c *check) dkim(docs []dkimDocument) []newsletter.DKIM {
	keys := make([]newsletter.DKIM, len(docs))
	for i, doc := range docs {
		at := fmt.Sprintf("dkim[%d]", i)
		if c.required(at+".selector", doc.Selector, "s1") && !selector.MatchString(doc.Selector) {
			c.bad(at+".selector", doc.Selector, "is not a selector", "write letters, digits, dots and hyphens, such as s1")
		}
		c.required(at+".key_file", doc.KeyFile, "dkim.pem")
		keys[i] = newsletter.DKIM{
			Selector: doc.Selector,
			Domain:   c.domainName(at+".domain", doc.Domain),
			KeyFile:  doc.KeyFile,
		}
	}
	return keys
}

// selector is one of RFC 6376, section 3.1.
var selector = regexp.MustCompile(`^(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// unsubscribe checks that there is a way out for every reader.
func (c *check) unsubscribe(doc unsubscribeDocument) newsletter.Unsubscribe {
	u := newsletter.Unsubscribe{
		URL:        c.webAddress("unsubscribe.url", doc.URL),
		OneClick:   doc.OneClick,
		SecretFile: doc.SecretFile,
	}
	if doc.OneClick && !strings.HasPrefix(strings.ToLower(doc.URL), "https://") {
		c.bad("unsubscribe.one_click", "true", "wants an https address under unsubscribe.url", "set  url: https://…  to a page that takes one-click requests (RFC 8058)")
	}
	c.required("unsubscribe.secret_file", doc.SecretFile, ".broadsheet-secret")
	switch {
	case doc.Mailto != "":
		if box := c.mailbox("unsubscribe.mailto", strings.TrimPrefix(doc.Mailto, "mailto:")); box != nil {
			u.Mailto = box.Address
		}
	case doc.URL == "":
		c.bad("unsubscribe.mailto", "", "is missing, and so is unsubscribe.url",
			"add  unsubscribe: {mailto: unsubscribe@example.org}  with an address that somebody reads")
	}
	return u
}
