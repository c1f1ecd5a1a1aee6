package markup

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape turns plain text into Markdown that renders back to exactly that
// text, as a paragraph, as the content of a heading, or as the label of a link;
// two escaped texts with a space between them are one escaped text. Runs of
// white space become single spaces. Only what could be misread gets a
// backslash. The cells of a table are no place for the result: a "|" stays.
func Escape(text string) string {
	s := oneLine(text)
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := range len(s) {
		if s[i] < utf8.RuneSelf && misread(s, i) {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// misread tells whether the ASCII character at i could be taken for Markdown.
func misread(s string, i int) bool {
	switch s[i] {
	case '`', '[', ']', '~':
		return true
	case '*': // only between spaces it cannot open or close emphasis
		return i == 0 || i+1 == len(s) || s[i-1] != ' ' || s[i+1] != ' '
	case '_':
		return !betweenLetters(s, i)
	case '\\':
		return i+1 == len(s) || isPunct(s[i+1])
	case '<':
		return i+1 == len(s) || isLetter(s[i+1]) || strings.IndexByte("/!?", s[i+1]) >= 0
	case '&':
		return entity.MatchString(s[i:min(i+maxEntity, len(s))])
	}
	return opensBlock(s, i) || opensLink(s, i)
}

// opensBlock tells whether the character at i would make a line a heading, a
// quote, a list, a rule, or the underline of a heading or table.
func opensBlock(s string, i int) bool {
	spaced := i+1 == len(s) || s[i+1] == ' '
	switch s[i] {
	case '#':
		return closesHeading(s, i) || i == 0 && atxHeading.MatchString(s)
	case '>':
		return i == 0
	case '+':
		return i == 0 && spaced
	case '-', '|', ':':
		return i == 0 && (s[i] == '-' && spaced || strings.Trim(s, "-|: ") == "")
	case '=':
		return i == 0 && strings.Trim(s, "=") == ""
	case '.', ')':
		return spaced && i > 0 && i <= 9 && strings.Trim(s[:i], "0123456789") == ""
	}
	return false
}

// closesHeading tells whether "#" at i belongs to a closing sequence, which
// disappears where the text is a heading's.
func closesHeading(s string, i int) bool {
	if strings.Trim(s[i:], "#") != "" {
		return false
	}
	before := strings.TrimRight(s, "#")
	return before == "" || strings.HasSuffix(before, " ")
}

// opensLink tells whether the character at i would make a bare address a link.
func opensLink(s string, i int) bool {
	before, after := s[:i], s[i+1:]
	switch s[i] {
	case ':':
		return strings.HasPrefix(after, "//") && (strings.HasSuffix(before, "http") || strings.HasSuffix(before, "https") || strings.HasSuffix(before, "ftp"))
	case '.':
		return strings.HasSuffix(before, "www") && after != "" && after[0] != ' '
	case '@':
		return before != "" && after != "" && before[i-1] != ' ' && isAlphanumeric(after[0])
	}
	return false
}

var (
	atxHeading = regexp.MustCompile(`^#{1,6}( |$)`)
	entity     = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);`)
)

// maxEntity is longer than the longest name in HTML's table of entities.
const maxEntity = 40

func betweenLetters(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return isWordRune(before) && isWordRune(after)
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
func isLetter(c byte) bool       { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlphanumeric(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }
func isPunct(c byte) bool        { return c > ' ' && c < 0x7f && !isAlphanumeric(c) }

// EscapeURL makes a link fit for the parentheses of [label](HERE), so that it
// is read back as exactly that link. It is "" where the link is not an absolute
// http, https or mailto address.
func EscapeURL(link string) string {
	if _, ok := parseLink(link); !ok {
		return ""
	}
	special := ""
	spaced := strings.Contains(link, " ")
	switch {
	case spaced:
		special = "<>"
	case !balanced(link):
		special = "()"
	}
	escaped := escapeSome(link, special)
	if spaced {
		return "<" + escaped + ">"
	}
	return escaped
}

// escapeSome puts a backslash before the special characters, before "\" only
// where it would mean something. An "&" that would begin an entity becomes one:
// goldmark resolves entities in links even behind a backslash.
func escapeSome(link, special string) string {
	var b strings.Builder
	for i := range len(link) {
		switch c := link[i]; {
		case c == '&' && misread(link, i):
			b.WriteString("&amp;")
		case c == '\\' && misread(link, i), strings.IndexByte(special, c) >= 0:
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func balanced(s string) bool {
	open := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			open++
		case ')':
			if open--; open < 0 {
				return false
			}
		}
	}
	return open == 0
}

// parseLink accepts what a letter may link to: absolute http, https and mailto
// addresses without control characters.
func parseLink(link string) (*url.URL, bool) {
	if !utf8.ValidString(link) || strings.ContainsFunc(link, unicode.IsControl) {
		return nil, false
	}
	u, err := url.Parse(link)
	if err != nil {
		return nil, false
	}
	switch u.Scheme {
	case "http", "https":
		return u, hostname.MatchString(u.Hostname())
	case "mailto":
		return u, u.Opaque != ""
	}
	return nil, false
}

// hostname leaves out the ASCII characters that no name or IP address has,
// with which url.Parse bears.
var hostname = regexp.MustCompile(`^[^\x00-,/;-@\[-^\x60{-\x7f]+$`)

// Absolute resolves a link against the address of the page that it stands on
// (RFC 3986, section 5). It is "" where the result is not an absolute http,
// https or mailto address.
func Absolute(page, link string) string {
	link = strings.TrimSpace(link)
	if _, ok := parseLink(link); ok {
		return link
	}
	base, ok := parseLink(page)
	if !ok || link == "" {
		return ""
	}
	resolved, err := base.Parse(link)
	if err != nil {
		return ""
	}
	if _, ok := parseLink(resolved.String()); !ok {
		return ""
	}
	return resolved.String()
}
