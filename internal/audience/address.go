// Package audience reads and writes the files that say who gets the letter:
// subscriber lists and suppression lists.
//
// It takes CSV as the world writes it (RFC 4180 and what spreadsheets make of
// it) and promises that one bad line costs that line only: every line that is
// skipped or read in part is named in a newsletter.Problem, and nothing that a
// file holds can reach a mail header as more than one address or one line.
package audience

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/newsletter"
)

const (
	maxLocal   = 64  // bytes, RFC 5321, section 4.5.3.1.1
	maxAddress = 254 // bytes, RFC 5321, section 4.5.3.1.3, without the angle brackets
)

// ParseAddress reads one bare mail address, without name and angle brackets:
// RFC 5321's Mailbox with an unquoted local part and a domain name, extended to
// other scripts by RFC 6531. Spelled is the address as given, trimmed; Wire has
// the domain as A-label (RFC 5890); Identity is Wire in normal form C with
// letter case folded, dots and tags kept. The error says in plain words what
// is wrong.
func ParseAddress(s string) (newsletter.Address, error) {
	if isPlain(s) {
		return newsletter.Address{Spelled: s, Wire: s, Identity: strings.ToLower(s)}, nil
	}
	return parseAddress(s)
}

func parseAddress(s string) (newsletter.Address, error) {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
	local, domain, err := cutAddress(s)
	if err != nil {
		return newsletter.Address{}, err
	}
	if err := checkLocal(local); err != nil {
		return newsletter.Address{}, err
	}
	if domain, err = aLabel(domain); err != nil {
		return newsletter.Address{}, err
	}
	if len(local)+1+len(domain) > maxAddress {
		return newsletter.Address{}, fmt.Errorf("longer than %d bytes", maxAddress)
	}
	return newsletter.Address{
		Spelled:  s,
		Wire:     local + "@" + domain,
		Identity: fold(local) + "@" + domain,
	}, nil
}

// isPlain tells in one look what is true of nearly every address of a list: it
// is right, and Wire as it is written. The domain has small letters, digits and
// hyphens that UTS #46 leaves alone.
func isPlain(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at > maxLocal || len(s) > maxAddress || !newsletter.IsPlainAddress(s) {
		return false
	}
	dots, label := 0, at+1
	for i := at + 1; i <= len(s); i++ {
		switch {
		case i == len(s) || s[i] == '.':
			if i-label > 63 || s[label] == '-' || s[i-1] == '-' || i-label > 3 && s[label+2:label+4] == "--" {
				return false
			}
			dots, label = dots+1, i+1
		case 'a' <= s[i] && s[i] <= 'z', '0' <= s[i] && s[i] <= '9', s[i] == '-':
		default:
			return false
		}
	}
	return dots > 1 && strings.Trim(s[strings.LastIndexByte(s, '.')+1:], "0123456789") != ""
}

func cutAddress(s string) (local, domain string, err error) {
	for _, r := range s {
		switch {
		case unicode.IsControl(r):
			return "", "", errors.New("control character inside")
		case unicode.IsSpace(r) && !strings.ContainsAny(s, "<>"):
			return "", "", errors.New("space inside")
		case invisible(r):
			return "", "", errors.New("invisible character inside")
		}
	}
	local, domain, found := strings.Cut(s, "@")
	switch {
	case s == "":
		return "", "", errors.New("no address")
	case strings.ContainsRune(s, utf8.RuneError): // invalid bytes too
		return "", "", errors.New("letters in an unknown encoding")
	case strings.ContainsAny(s, "<>"):
		return "", "", errors.New("angle brackets: only the bare address is wanted")
	case !found:
		return "", "", errors.New("no @")
	case strings.Contains(domain, "@"):
		return "", "", errors.New("more than one @")
	}
	return local, domain, nil
}

// invisible characters come along when addresses are copied from web pages.
func invisible(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Cf, r) }

// checkLocal holds a local part to the dot-string of RFC 5321, section 4.1.2.
func checkLocal(local string) error {
	switch {
	case local == "":
		return errors.New("nothing before the @")
	case len(local) > maxLocal:
		return fmt.Errorf("more than %d bytes before the @", maxLocal)
	case local[0] == '.' || local[len(local)-1] == '.':
		return errors.New("a dot at the start or right before the @")
	case strings.Contains(local, ".."):
		return errors.New("two dots in a row")
	}
	for _, r := range local {
		if r <= unicode.MaxASCII && !isAtext(byte(r)) && r != '.' {
			return fmt.Errorf("%q is not allowed before the @", r)
		}
	}
	return nil
}

// isAtext is atext of RFC 5322, section 3.2.3.
func isAtext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// domains maps and checks names as UTS #46 wants it for a lookup.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

func aLabel(domain string) (string, error) {
	switch {
	case domain == "":
		return "", errors.New("nothing after the @")
	case strings.HasPrefix(domain, "["):
		return "", errors.New("a number in brackets instead of a domain")
	}
	ascii, err := domains.ToASCII(domain)
	top := ascii[strings.LastIndexByte(ascii, '.')+1:]
	switch {
	case strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") || strings.Contains(ascii, ".."):
		return "", errors.New("a dot too many in the domain")
	case err != nil:
		return "", fmt.Errorf("the domain %q cannot exist", domain)
	case top == ascii:
		return "", errors.New("domain has no dot")
	case strings.Trim(top, "0123456789") == "":
		return "", errors.New("domain ends in a number")
	}
	return ascii, nil
}

// fold makes local parts that differ in letter case or composition equal, and
// leaves what it made as it is. cases.Fold alone swaps the two cases of Cherokee
// back and forth.
func fold(local string) string {
	for i := range len(local) {
		if local[i] > unicode.MaxASCII {
			return norm.NFC.String(strings.ToLower(cases.Fold().String(norm.NFC.String(local))))
		}
	}
	return strings.ToLower(local)
}
