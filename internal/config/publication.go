package config

import (
	"fmt"
	"io/fs"
	"net/mail"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"

	"broadsheet/internal/newsletter"
)

// publication checks a document and makes the publication it describes.
func (c *check) publication(doc *document) *newsletter.Publication {
	pub := &newsletter.Publication{
		Name:                 c.phrase("name", doc.Name),
		ID:                   c.domainName("id", doc.ID),
		Tagline:              c.phrase("tagline", doc.Tagline),
		PostalAddress:        c.phrase("address", strings.Join(nonEmptyLines(doc.Address), ", ")),
		Language:             c.language(doc.Language),
		Location:             c.location(doc.Timezone),
		Schedule:             c.schedule(doc.Schedule),
		Topics:               c.topics(doc.Topics),
		Lists:                c.lists(doc.Lists),
		Theme:                c.theme(doc.Theme),
		Database:             c.database(doc.Database),
		SMTP:                 c.servers(doc.SMTP),
		Limits:               c.limits(doc.SMTP),
		DKIM:                 c.dkim(doc.DKIM),
		Unsubscribe:          c.unsubscribe(doc.Unsubscribe),
		Model:                c.model(doc.Model),
		Checks:               c.checks(doc.Check),
		Archive:              c.archive(doc.Archive),
		ArchiveURL:           c.archiveURL(doc.ArchiveURL),
		PreferencesURL:       c.webAddress("preferences_url", doc.PreferencesURL),
		AllowPrivateNetworks: doc.AllowPrivateNetworks,
	}
	c.required("name", doc.Name, "The Weekly Broadsheet")
	c.required("address", doc.Address, `"1 Example Street, 1010 Vienna"`)
	if c.required("from", doc.From, `"The Weekly <news@example.org>"`) {
		if from := c.mailbox("from", doc.From); from != nil {
			pub.From = *from
		}
	}
	if doc.ReplyTo != "" {
		pub.ReplyTo = c.mailbox("reply_to", doc.ReplyTo)
	}
	pub.ReturnPath = c.returnPath(doc.ReturnPath)
	pub.Sources = c.sources(doc.Sources, pub.Topics)
	pub.Rules = c.rules(doc.Issue, pub.Schedule.Every)
	return pub
}

// phrase checks words that stand in headers and headings.
func (c *check) phrase(at, value string) string {
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, unicode.IsControl) {
		c.bad(at, value, "has a line break or another control character", "write it on one line")
	}
	return value
}

func nonEmptyLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// hostName is a domain name of at least two labels (RFC 1035, section 2.3.1,
// with the leading digits of RFC 1123).
var hostName = regexp.MustCompile(`^(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$`)

func (c *check) domainName(at, value string) string {
	if !c.required(at, value, "weekly.example.org") {
		return ""
	}
	if len(value) > 253 || !hostName.MatchString(value) {
		c.bad(at, value, "is not a domain name", "write a name under a domain of yours, such as weekly.example.org")
	}
	return strings.ToLower(value)
}

// plainLocal is a local part that every server takes and no header needs to
// quote: the dot-atom of RFC 5321, section 4.1.2.
var plainLocal = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$")

// mailbox reads one RFC 5322 mailbox. The domain comes back as A-label,
// because the address stands in headers of every letter.
func (c *check) mailbox(at, value string) *mail.Address {
	const mend = `write  "Name <name@example.org>"  or  name@example.org`
	box, err := mail.ParseAddress(value)
	if err != nil {
		c.bad(at, value, "is not one mail address", mend)
		return nil
	}
	sign := strings.LastIndexByte(box.Address, '@')
	local, domain := box.Address[:sign], box.Address[sign+1:]
	ascii, err := idna.Lookup.ToASCII(domain)
	switch {
	case strings.ContainsFunc(box.Name+box.Address, unicode.IsControl):
		c.bad(at, value, "has a line break or another control character", mend)
	case err != nil || ascii == "":
		c.bad(at, value, "has a domain that cannot exist", mend)
	case !plainLocal.MatchString(local):
		c.bad(at, value, "has characters before the @ that few servers take", "use letters, digits, dots and hyphens there")
	}
	return &mail.Address{Name: box.Name, Address: local + "@" + ascii}
}

// returnPath checks the address that bounces go to: the longest token must fit
// before the @ too.
func (c *check) returnPath(value string) string {
	if value == "" {
		return ""
	}
	token := strings.Repeat("0", newsletter.MaxReturnToken)
	local, domain, _ := strings.Cut(value, "@")
	longest := strings.Replace(local, newsletter.ReturnToken, token, 1) + "@" + domain
	if domain == "" {
		longest = value // as it stands there
	}
	if strings.ContainsAny(longest, "{}") {
		c.bad("return_path", value, "has braces that are not one {token} before the @", "write it as in bounces+{token}@example.org")
		return ""
	}
	if box := c.mailbox("return_path", longest); box != nil {
		return strings.Replace(box.Address, token, newsletter.ReturnToken, 1)
	}
	return ""
}

func (c *check) language(value string) string {
	tag, err := language.Parse(value)
	if err != nil || tag == language.Und {
		c.bad("language", value, "is not a language tag", "write a BCP 47 tag such as en, de or fr-CH")
		return ""
	}
	return tag.String()
}

func (c *check) location(value string) *time.Location {
	zone, err := time.LoadLocation(value)
	if err != nil || value == "Local" {
		c.bad("timezone", value, "is not a time zone", "write a name of the IANA database such as Europe/Vienna or UTC")
		return time.UTC
	}
	return zone
}

func (c *check) lists(patterns []string) []string {
	for i, pattern := range patterns {
		at := fmt.Sprintf("lists[%d]", i)
		switch _, err := path.Match(pattern, ""); {
		case err != nil:
			c.bad(at, pattern, "is not a file pattern", "write a file or a pattern such as subscribers/*.csv")
		case !filepath.IsLocal(filepath.FromSlash(pattern)):
			c.bad(at, pattern, "is outside the publication's folder", "keep lists in the folder, for example in subscribers/")
		case strings.Contains(pattern, "**"):
			c.bad(at, pattern, "** means nothing here", "name each folder: subscribers/*.csv, subscribers/*/*.csv")
		}
	}
	return patterns
}

func (c *check) database(value string) string {
	if !c.required("database", value, "broadsheet.db") {
		return ""
	}
	if what, mend := databaseMistake(value); what != "" {
		c.bad("database", mask(value), what, mend)
	}
	return value
}

// CheckDatabase refuses what may not stand behind database: in the configuration.
func CheckDatabase(value string) error {
	if what, mend := databaseMistake(value); what != "" {
		return newsletter.Faultf(newsletter.Misuse, mend, "%s %s", mask(value), what)
	}
	return nil
}

// databaseMistake says what is wrong with a database's address, if anything is.
func databaseMistake(value string) (what, mend string) {
	if !strings.Contains(value, "://") {
		return "", ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "is not a database address", "write a file name, or postgres://user@host/name"
	}
	if _, has := u.User.Password(); has || u.Query().Has("password") || u.Query().Has("sslpassword") {
		return "holds a password", "leave the password out and set PGPASSWORD, or use a .pgpass file"
	}
	return "", ""
}

// webAddress checks an http or https URL; "" is none.
func (c *check) webAddress(at, value string) string {
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		c.bad(at, value, "is not a web address", "write a full address such as https://example.org/page")
	case u.User != nil:
		c.bad(at, mask(value), "holds a user name or password", "leave it out: every reader would see it")
	}
	return value
}

// archive checks the folder of the web edition: one of its own, since pages are
// written into it as issues come.
func (c *check) archive(value string) string {
	folder := path.Clean(filepath.ToSlash(strings.TrimSpace(value)))
	first, _, _ := strings.Cut(folder, "/")
	switch {
	case !fs.ValidPath(folder) || folder == ".":
		c.bad("archive", value, "is not a folder inside the publication", "write a relative path such as archive")
	case slices.Contains([]string{"articles", "issues", "subscribers", "templates"}, first):
		c.bad("archive", value, "is a folder with another use", "write a folder of its own, such as archive")
	}
	return folder
}

// archiveURL checks where the web edition is; addresses of pages are made by
// adding to it.
func (c *check) archiveURL(value string) string {
	address := c.webAddress("archive_url", value)
	if strings.ContainsAny(address, "?#") {
		c.bad("archive_url", value, "has a query or a fragment", "write the address of a folder, such as https://example.org/archive")
	}
	return address
}
