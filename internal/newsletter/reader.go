package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// An Address is a mail address in its three forms.
type Address struct {
	Spelled  string // as first seen; letters are addressed to it
	Identity string // case-folded, the domain as A-label: who it is (suppression too)
	Wire     string // local part as spelled, the domain as A-label: for the envelope
}

// Domain is the part behind the @, case-folded and as A-label.
func (a Address) Domain() string {
	return a.Identity[strings.LastIndexByte(a.Identity, '@')+1:]
}

// IsPlainAddress tells whether an address for the envelope is of the usual
// kind: atoms with dots between them, in ASCII, on either side of the @ (RFC
// 5322, section 3.4.1). Such an address can be written anywhere as it is; one
// that is not plain may be sound all the same.
func IsPlainAddress(wire string) bool {
	at := strings.LastIndexByte(wire, '@')
	return at > 0 && isDotAtom(wire[:at]) && isDotAtom(wire[at+1:])
}

func isDotAtom(s string) bool {
	dot := true // a dot may not come here
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '.' && dot:
			return false
		case c == '.':
			dot = true
			continue
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0:
		default:
			return false
		}
		dot = false
	}
	return !dot
}

// IsPlainLine tells, by bytes alone, whether a text is words of printable ASCII
// with one space between them: one that is can be shown and written as it is.
func IsPlainLine(s string) bool {
	space := true // none may come here
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && space {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// A Subscriber is a reader with the topics they asked for.
type Subscriber struct {
	Address  Address
	Name     string
	Language string   // "" is the publication's own
	Topics   []string // sorted ids, or just All; empty: no mail
	Lists    []string // the files and lists that hold the address
	// Consent is when the reader asked for the letter, and Origin where: a form,
	// or the program that the list came from. Zero and "": nobody noted it.
	Consent time.Time
	Origin  string
}

// A Suppression is an address that must never be mailed.
type Suppression struct {
	Identity string
	Reason   string // unsubscribed, bounced, complained, or a person's own words
	At       time.Time
}

// ForgottenPrefix begins the identity under which a suppression keeps the keyed
// hash of a reader who was forgotten. No address has a colon there.
const ForgottenPrefix = "forgotten:"

// ForgottenSpelling stands in the ledger where the address of such a reader stood.
const ForgottenSpelling = "(forgotten)"

// IsForgotten tells whether an identity is that of a reader who was forgotten.
func IsForgotten(identity string) bool { return strings.HasPrefix(identity, ForgottenPrefix) }

// LostSecretHint says what to do without the secret that a database was used
// with.
const LostSecretHint = "restore the file from a copy, or from the machine that sent before; letters already sent and forgotten readers are known by it alone\n" +
	"lost for good: remove what is there, then  broadsheet suppress accept-secret"

// A Change is one line of a reader's history.
type Change struct {
	Identity string
	At       time.Time
	What     ReaderChange
	List     string // in the database; "" for suppressions
	Detail   string // in words
}

// ReaderChange is what happened to a reader.
type ReaderChange string

// The changes of a reader.
const (
	ReaderAdded        ReaderChange = "added"
	ReaderChanged      ReaderChange = "changed"
	ReaderRemoved      ReaderChange = "removed"
	ReaderSuppressed   ReaderChange = "suppressed"
	ReaderUnsuppressed ReaderChange = "unsuppressed"
	ReaderForgotten    ReaderChange = "forgotten"
)

// A Segment is the set of subscribers with the same topics and interface
// language: they share one rendered body.
type Segment struct {
	Topics   []string // sorted ids, or just All
	Language string   // "" is the publication's own
}

// NewSegment makes the segment of a set of topics in any order; All swallows
// every other topic.
func NewSegment(topics []string, language string) Segment {
	if slices.Contains(topics, All) {
		return Segment{Topics: []string{All}, Language: language}
	}
	topics = slices.Clone(topics)
	slices.Sort(topics)
	return Segment{Topics: slices.Compact(topics), Language: language}
}

// maxSegmentName leaves room for a file's ending within the usual 255 bytes
// and keeps listings readable.
const maxSegmentName = 120

// Name is the segment's name in files and reports: its sorted topics joined by
// "+", with ".LANG" for a language of its own; past 120 bytes cut, with "~"
// and eight hexadecimal digits of the whole name's SHA-256.
func (s Segment) Name() string {
	name := strings.Join(s.Topics, "+")
	if s.Language != "" {
		name += "." + s.Language
	}
	if len(name) > maxSegmentName {
		sum := sha256.Sum256([]byte(name))
		name = name[:maxSegmentName-9] + "~" + hex.EncodeToString(sum[:4])
	}
	return name
}

// Wants tells whether the segment's readers asked for one of the topics. No
// topic at all concerns everyone.
func (s Segment) Wants(topics []string) bool {
	if len(topics) == 0 || slices.Contains(s.Topics, All) {
		return true
	}
	return slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(s.Topics, t) })
}
