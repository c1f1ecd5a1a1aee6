package message

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"broadsheet/internal/newsletter"
)

const (
	maxName    = 200 // bytes of a display name: a quoted string is never folded within a word
	maxAddress = 320 // bytes of an address: 64 for the local part, 255 for the domain (RFC 5321, section 4.5.3.1)
)

// dotAtom is what stands on either side of a message id and in a List-Id
// (RFC 5322, section 3.2.3), here without the rarer signs.
var dotAtom = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// misuse is the Fault for a value of the configuration.
func misuse(key, value string, err error) error {
	return newsletter.Faultf(newsletter.Misuse, "correct "+key+" in the configuration", "use %s %q: %w", key, value, err)
}

// mailbox reads one of the publication's own addresses (RFC 5322, section
// 3.4). The domain becomes an A-label. The local part must be ASCII: otherwise
// every letter would need a server with SMTPUTF8.
func mailbox(key, value string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(value)
	if err != nil {
		return nil, misuse(key, value, err)
	}
	at := strings.LastIndexByte(a.Address, '@')
	local, domain := a.Address[:at], a.Address[at+1:]
	if !ascii(local) {
		return nil, misuse(key, value, errors.New("the part before @ is not ASCII"))
	}
	if !ascii(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return nil, misuse(key, value, err)
		}
	}
	a.Address = local + "@" + domain
	a.Name = displayName(a.Name)
	if len(a.Address) > maxAddress {
		return nil, misuse(key, value, fmt.Errorf("longer than %d bytes", maxAddress))
	}
	return a, nil
}

// wire is the address as the envelope has it: quoted where need be, without
// name and brackets.
func wire(a *netmail.Address) string {
	bare := netmail.Address{Address: a.Address}
	return strings.TrimSuffix(strings.TrimPrefix(bare.String(), "<"), ">")
}

// listID is the value of List-Id: a phrase and the id (RFC 2919, section 2).
func listID(name, id string) (string, error) {
	id, err := domainName("id", id)
	if err != nil {
		return "", err
	}
	if name = displayName(name); name == "" {
		return "<" + id + ">", nil
	}
	return strings.ReplaceAll(phrase(name), "\r\n", "") + " <" + id + ">", nil // the library folds
}

func domainName(key, value string) (string, error) {
	if len(value) > 255 || !dotAtom.MatchString(value) {
		return "", misuse(key, value, errors.New("not a domain-like name such as weekly.example.org"))
	}
	return value, nil
}

// feedbackID is the value of Feedback-ID, by which mailbox providers count
// complaints: the mailing, the publication, the kind of mail, and the sender in
// 5 to 15 characters, which Google asks to be always the same.
func feedbackID(mailing, domain string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(domain)))
	return string(appendBase32([]byte(atom(mailing)+":"+domain+":newsletter:"), sum[:], 10))
}

// unstructured prepares a subject: one line, and encoded here where the
// library would let it pass, namely if it looks encoded already or has a word
// too long to be folded. All other encoding is the library's.
func unstructured(s string) string {
	s = oneLine(s)
	if ascii(s) && (strings.Contains(s, "=?") || len(s) > maxLine/2) {
		return encodedWords(s)
	}
	return s
}

// encodedWords encodes ASCII in words of at most 75 bytes (RFC 2047, section 2).
func encodedWords(s string) string {
	const open, end = "=?utf-8?b?", "?="
	const chunk = (75 - len(open) - len(end)) / 4 * 3
	var words []string
	for len(s) > 0 {
		n := min(chunk, len(s))
		words = append(words, open+base64.StdEncoding.EncodeToString([]byte(s[:n]))+end)
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// displayName makes a name one line of at most maxName bytes.
func displayName(s string) string {
	s = oneLine(s)
	if len(s) <= maxName {
		return s
	}
	n := maxName
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

// oneLine makes s valid UTF-8 without control characters. Runs of white space
// become one space, because go-mail folds between two spaces and so leaves an
// empty line in the midst of the header.
func oneLine(s string) string {
	if newsletter.IsPlainLine(s) { // as most names are
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
