package source

import (
	"regexp"
	"strconv"
	"strings"
)

// attributes reads the rest of a start tag. It is incomplete where the feed
// ends before the tag does.
func (t *tidier) attributes() (out string, empty, complete bool) {
	var b strings.Builder
	for count := 0; t.pos < len(t.in); {
		switch c := t.in[t.pos]; {
		case c == '>':
			t.pos++
			return b.String(), empty, true
		case c == '<': // the tag is not closed, the next one begins
			return b.String(), empty, true
		case name(t.in[t.pos:]) == "":
			empty = c == '/'
			t.pos++
		default:
			empty = false
			key, value := t.attribute()
			if count++; count <= maxAttributes && t.keeps(key) {
				b.WriteString(attribute(key, value))
			}
		}
	}
	return "", false, false
}

// keeps tells whether an attribute is to be kept: all but too many name spaces.
func (t *tidier) keeps(key string) bool {
	if key != "xmlns" && !strings.HasPrefix(key, "xmlns:") {
		return true
	}
	t.namespaces++
	return t.namespaces <= maxNamespaces
}

// attribute reads one attribute; without a value it has its own name for one.
func (t *tidier) attribute() (key, value string) {
	key = name(t.in[t.pos:])
	t.pos += len(key)
	t.space()
	if t.pos == len(t.in) || t.in[t.pos] != '=' {
		return key, key
	}
	t.pos++
	t.space()
	if t.pos == len(t.in) {
		return key, ""
	}
	if quote := t.in[t.pos]; quote == '"' || quote == '\'' {
		t.pos++
		if end := t.find(string(quote)); end >= 0 {
			value = t.in[t.pos:end]
			t.pos = end + 1
			return key, value
		}
	}
	end := strings.IndexAny(t.in[t.pos:], " \t\r\n<>")
	if end < 0 {
		end = len(t.in) - t.pos
	}
	value = t.in[t.pos : t.pos+end]
	t.pos += end
	return key, value
}

func (t *tidier) space() {
	for t.pos < len(t.in) && strings.IndexByte(" \t\r\n", t.in[t.pos]) >= 0 {
		t.pos++
	}
}

func attribute(key, value string) string {
	if key == "xml:base" {
		value = folderOf(value)
	}
	return " " + key + `="` + strings.NewReplacer(`"`, "&quot;", "<", "&lt;").Replace(value) + `"`
}

// folderOf cuts a base after its path's last slash.
func folderOf(base string) string {
	base, _, _ = strings.Cut(base, "#")
	base, _, _ = strings.Cut(base, "?")
	host := strings.Index(base, "//")
	if slash := strings.LastIndexByte(base, '/'); slash > host+1 {
		return base[:slash+1]
	}
	return base
}

// name is the XML name at the beginning of s, or "". Names beyond ASCII, which
// no feed format has, count as text.
func name(s string) string {
	colon := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '_', 'a' <= c|0x20 && c|0x20 <= 'z':
		case c == ':' && i > 0 && !colon:
			colon = true
		case i > 0 && s[i-1] != ':' && (c == '-' || c == '.' || '0' <= c && c <= '9'):
		default:
			return strings.TrimSuffix(s[:i], ":")
		}
	}
	return strings.TrimSuffix(s, ":")
}

var charRef = regexp.MustCompile(`&#([xX][0-9A-Fa-f]+|[0-9]+);?`)

// clean leaves out what no XML document may contain, XML 1.0 section 2.2, as a
// character or as a reference to one.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if !allowed(r) {
			return -1
		}
		return r
	}, text)
	return charRef.ReplaceAllStringFunc(text, func(ref string) string {
		digits, base := strings.Trim(ref, "&#;"), 10
		if strings.HasPrefix(strings.ToLower(digits), "x") {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n > 0x10FFFF || !allowed(rune(n)) {
			return ""
		}
		return ref
	})
}

func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}
