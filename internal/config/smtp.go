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

// smtp checks the server. Without a word on TLS a server elsewhere must offer
// STARTTLS (RFC 3207), one on this machine need not; the port follows (RFC 5321
// section 4.5.4.2, RFC 6409, RFC 8314).
func (c *check) smtp(doc smtpDocument) newsletter.SMTP {
	s := newsletter.SMTP{
		Host: doc.Host, TLS: doc.TLS,
		Username: doc.Username, PasswordEnv: doc.PasswordEnv, PasswordFile: doc.PasswordFile,
		Connections: c.within("smtp.connections", doc.Connections, 1, 256),
	}
	c.host(doc.Host)
	switch {
	case s.TLS != "":
		c.oneOf("smtp.tls", s.TLS, tlsNone, tlsStart, tlsImplicit)
	case loopback(s.Host):
		s.TLS = tlsNone
	default:
		s.TLS = tlsStart
	}
	s.Port = c.port(doc.Port, s.TLS)
	s.Limits = c.limits(doc)
	c.login(s)
	return s
}

func (c *check) limits(doc smtpDocument) newsletter.Limits {
	const most = 1e9
	l := newsletter.Limits{
		Rate: c.rate("smtp.rate", doc.Rate), PerDomain: c.rate("smtp.per_domain", doc.PerDomain),
		PerConnection: c.within("smtp.per_connection", doc.PerConnection, 0, most),
		PerDay:        c.within("smtp.per_day", doc.PerDay, 0, most),
	}
	if len(doc.WarmUp.Days) == 0 && doc.WarmUp.From == "" {
		return l
	}
	l.WarmUp.Days = doc.WarmUp.Days
	for i, n := range doc.WarmUp.Days {
		c.within(fmt.Sprintf("smtp.warm_up.days[%d]", i), n, 1, most)
	}
	if len(doc.WarmUp.Days) == 0 {
		c.bad("smtp.warm_up.days", "", "is missing", "write the letters of each day, such as  days: [200, 500, 1000, 2500]")
	}
	from, err := time.Parse(time.DateOnly, doc.WarmUp.From)
	if err != nil {
		c.bad("smtp.warm_up.from", doc.WarmUp.From, "is not a date", "write the first day, such as  from: 2026-11-20")
	}
	l.WarmUp.From = from
	return l
}

func (c *check) rate(at string, value float64) float64 {
	if !(value >= 0) || value > 1e6 || value > 0 && value < 1e-6 {
		c.bad(at, strconv.FormatFloat(value, 'g', -1, 64), "is not a rate", "write letters a second; 0 is no limit")
	}
	return value
}

func (c *check) port(value *int, tls string) int {
	if value != nil {
		return c.within("smtp.port", *value, 1, 65535)
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

func (c *check) host(host string) {
	if !c.required("smtp.host", host, "smtp.example.org") {
		return
	}
	if _, err := netip.ParseAddr(host); err == nil || hostOrAddress.MatchString(host) {
		return
	}
	mend := "write a host's name or address, such as smtp.example.org"
	if name, port, err := net.SplitHostPort(host); err == nil {
		mend = fmt.Sprintf("write  host: %s  and  port: %s", name, port)
	}
	c.bad("smtp.host", host, "is not a host", mend)
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// login checks the user name and where the password comes from.
func (c *check) login(s newsletter.SMTP) {
	switch {
	case s.PasswordEnv != "" && s.PasswordFile != "":
		c.bad("smtp.password_file", s.PasswordFile, "stands beside password_env", "keep one of the two")
	case s.Username == "" && s.PasswordEnv+s.PasswordFile != "":
		c.bad("smtp.username", "", "is missing beside a password", "add the user name, or remove the password")
	case s.Username != "" && s.PasswordEnv+s.PasswordFile == "":
		c.bad("smtp.username", s.Username, "has no password", "add  password_env: NAME_OF_A_VARIABLE  or  password_file: FILE")
	case s.Username != "" && s.TLS == tlsNone && !loopback(s.Host):
		c.bad("smtp.tls", s.TLS, "would send the password in the clear", "write starttls or tls")
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
