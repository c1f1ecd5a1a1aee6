// Package newsletter is Broadsheet's vocabulary: the things an editor talks
// about, as plain types with their invariants. Every other package speaks in
// these words; this one imports the standard library only and does no I/O.
package newsletter

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// All is the reserved topic of readers who want everything.
const All = "all"

// A Publication is one newsletter as its configuration describes it, checked
// and with every default filled in. Paths stay as written: relative ones are
// relative to Dir.
type Publication struct {
	Dir  string // absolute path of the publication's folder
	File string // the configuration file, as the user would name it

	Name          string // masthead and List-Id phrase
	ID            string // List-Id and the right side of every Message-ID
	Tagline       string
	From          mail.Address
	ReplyTo       *mail.Address // nil: replies go to From
	ReturnPath    string        // where bounces go, with ReturnToken or without; "": From
	PostalAddress string
	Language      string // BCP 47, the default interface language
	Location      *time.Location

	Schedule    Schedule
	Topics      []Topic // in the order of the sections
	Sources     []Source
	Rules       IssueRules
	Lists       []string // glob patterns of subscriber files
	Theme       ThemeOptions
	Database    string
	SMTP        []SMTP // the servers that take the letters, at least one
	Limits      Limits // over all of them
	DKIM        []DKIM
	Unsubscribe Unsubscribe

	Model Model

	Checks Checks

	Archive              string // folder of the web edition, relative to Dir
	ArchiveURL           string // where that folder is on the web; "": nowhere
	PreferencesURL       string
	AllowPrivateNetworks bool // feeds may live on loopback and private ranges
}

// A Topic is what articles carry and subscribers choose.
type Topic struct {
	ID       string // [a-z0-9-]{1,32}, never All
	Title    string
	Aliases  []string // other spellings in feeds, files and lists
	Keywords []string // an article with one of these words or phrases carries the topic; one that begins with "-" forbids it
	Weight   float64  // 1 is usual
	MaxItems int      // in one issue; 0 is the issue's MaxItemsPerTopic
}

// A Source yields articles. Exactly one of Folder and Feed is set.
type Source struct {
	ID       string
	Folder   string // of .md, .txt and .html files
	Feed     string // http(s) or file: URL
	Topics   []string
	Weight   float64 // 1 is usual
	MaxItems int     // articles of this source in one issue; 0 is no limit
	FullText bool    // read the page behind a feed's entry
}

// IssueRules say what goes into an issue.
type IssueRules struct {
	MaxItemsPerTopic int
	SummaryWords     int
	Key              KeyKind
	MaxAge           time.Duration // candidates were first seen within it
	HalfLife         time.Duration // in which a story loses half its worth
	Coverage         float64       // what each further source adds to a story's worth, as a part of it
}

// KeyKind says how an issue is named.
type KeyKind string

// The kinds of issue keys: 2026-W47, 2026-11-20, 1.
const (
	KeyWeek   KeyKind = "week"
	KeyDate   KeyKind = "date"
	KeyNumber KeyKind = "number"
)

// SMTP is a server that takes letters.
type SMTP struct {
	Host         string
	Port         int
	TLS          string // none, starttls or tls
	Username     string
	PasswordEnv  string // the environment variable that holds the password
	PasswordFile string
	// Weight is its share among several; 0: it stands in for others only.
	Weight      int
	Connections int

	Rate          float64 // letters a second over all connections; 0: no limit
	PerConnection int     // letters on one connection; 0: no limit
}

// Address is the server's host and port.
func (s SMTP) Address() string {
	host := s.Host
	if strings.Contains(host, ":") { // RFC 3986, section 3.2.2
		host = "[" + host + "]"
	}
	return host + ":" + strconv.Itoa(s.Port)
}

// Limits are what readers' domains and the days want to be spared. 0 is no limit.
type Limits struct {
	PerDomain float64 // letters a second to one domain of readers
	PerDay    int     // letters in 24 hours
	WarmUp    WarmUp
}

// A WarmUp lets a new sender's volume grow: each day, from the first on, has a
// quota of its own; then PerDay counts.
type WarmUp struct {
	From time.Time // the first day
	Days []int     // letters in 24 hours
}

// OnDay is how many letters the 24 hours until an instant may have; 0 is no
// limit. The instant is in the location whose days count.
func (l Limits) OnDay(now time.Time) int {
	if len(l.WarmUp.Days) == 0 {
		return l.PerDay
	}
	first, today := date(l.WarmUp.From), date(now)
	day := int(today.Sub(first) / (24 * time.Hour))
	switch {
	case day >= len(l.WarmUp.Days):
		return l.PerDay
	case l.PerDay > 0:
		return min(l.PerDay, l.WarmUp.Days[max(day, 0)])
	}
	return l.WarmUp.Days[max(day, 0)]
}

// date is a day without clock changes, to be counted.
func date(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// DKIM is one signing key (RFC 6376).
type DKIM struct {
	Selector, Domain, KeyFile string
}

// Unsubscribe is how a reader leaves.
type Unsubscribe struct {
	Mailto     string // an address that takes unsubscribe requests
	URL        string
	OneClick   bool   // URL takes one-click requests (RFC 8058); in the headers of a mailing: and has answered one
	SecretFile string // key of the tokens, made when missing
}

// Model is a language model that may write the words of summaries, behind an
// OpenAI-compatible endpoint. Without a BaseURL there is none.
type Model struct {
	BaseURL string
	Name    string
	KeyEnv  string // the environment variable that holds the key
	Timeout time.Duration
}

var (
	topicID = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	issueID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
)

// ValidTopicID tells whether s can name a topic.
func ValidTopicID(s string) bool { return topicID.MatchString(s) && s != All }

// ValidKey tells whether s can name an issue, and with it a folder.
func ValidKey(s string) bool { return issueID.MatchString(s) }

// EditionURL is where an issue can be read on the web; "" without an archive.
func (p *Publication) EditionURL(key string) string {
	if p.ArchiveURL == "" {
		return ""
	}
	return strings.TrimRight(p.ArchiveURL, "/") + "/" + key + "/"
}

// Topic returns the topic with the given id.
func (p *Publication) Topic(id string) (Topic, bool) {
	for _, t := range p.Topics {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}
