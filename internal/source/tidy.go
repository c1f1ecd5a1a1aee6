package source

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds on what the parser is given. It recurses into elements and copies the
// name spaces in scope for each of them.
const (
	maxDepth      = 500
	maxNamespaces = 64
	maxAttributes = 100
)

var errDepth = fmt.Errorf("its elements are nested more than %d deep", maxDepth)

// A rootError says that no element is the root of a feed.
type rootError struct{ first string }

func (e *rootError) Error() string {
	if e.first == "" {
		return "it is neither RSS nor Atom nor JSON Feed"
	}
	return fmt.Sprintf("it is neither RSS nor Atom nor JSON Feed, but begins with <%s>", e.first)
}

// tidy makes well-formed XML of what may be almost XML, because the parser
// gives up at the first error and loses every entry after it:
//
//   - before and after the root element nothing remains, no document type and
//     so no entities of its own; comments and instructions go everywhere
//   - characters and character references that XML forbids go
//   - an end tag without its start goes; a missing one is added
//   - a feed that breaks off within an entry is closed before that entry, and
//     cut is true
//   - attributes are quoted, at most maxAttributes and maxNamespaces of them
//   - xml:base loses its last segment, which a relative reference replaces
//     (RFC 3986, section 5.2.3), because gofeed takes every base for a folder
//
// It takes linear time. It does not resolve references.
func tidy(text string) (feed string, cut bool, err error) {
	t := &tidier{in: clean(text)}
	t.out.Grow(len(t.in))
	for t.pos < len(t.in) && !t.done {
		t.text()
		if err := t.markup(); err != nil {
			return "", false, err
		}
	}
	if !t.rooted {
		return "", false, &rootError{t.first}
	}
	feed, cut = t.close()
	return feed, cut, nil
}

type tidier struct {
	in         string
	pos        int
	out        strings.Builder
	open       []string // names of the open elements
	first      string   // name of the first element
	rooted     bool     // the root has been found
	done       bool     // and closed
	namespaces int
	entry      int             // where in out the open entry begins
	entryDepth int             // 0: none is open
	missing    map[string]bool // what does not occur any more
}

// find is strings.Index from pos on. It searches in vain only once, which keeps
// the whole in linear time.
func (t *tidier) find(what string) int {
	if t.missing[what] {
		return -1
	}
	i := strings.Index(t.in[t.pos:], what)
	if i < 0 {
		if t.missing == nil {
			t.missing = map[string]bool{}
		}
		t.missing[what] = true
		return -1
	}
	return t.pos + i
}

// text copies character data up to the next "<".
func (t *tidier) text() {
	end := t.find("<")
	if end < 0 {
		end = len(t.in)
	}
	t.characters(t.in[t.pos:end])
	t.pos = end
}

func (t *tidier) characters(s string) {
	if t.rooted {
		t.out.WriteString(strings.ReplaceAll(s, "]]>", "]]&gt;"))
	}
}

// markup copies what begins with "<", repaired.
func (t *tidier) markup() error {
	rest := t.in[t.pos:]
	switch {
	case rest == "":
	case strings.HasPrefix(rest, "<!--"):
		t.skip("-->", len("<!--"))
	case strings.HasPrefix(rest, "<![CDATA["):
		t.cdata()
	case strings.HasPrefix(rest, "<!"):
		t.declaration()
	case strings.HasPrefix(rest, "<?"):
		t.skip("?>", len("<?"))
	case strings.HasPrefix(rest, "</"):
		t.endTag()
	case name(rest[1:]) != "":
		return t.startTag()
	default:
		t.characters("&lt;")
		t.pos++
	}
	return nil
}

// skip leaves out everything up to the end mark or, where that is missing, the
// start mark alone.
func (t *tidier) skip(end string, start int) {
	t.pos += start
	if i := t.find(end); i >= 0 {
		t.pos = i + len(end)
	}
}

func (t *tidier) cdata() {
	t.pos += len("<![CDATA[")
	end := t.find("]]>")
	if end < 0 { // broken off
		t.pos = len(t.in)
		return
	}
	if t.rooted {
		t.out.WriteString("<![CDATA[" + t.in[t.pos:end] + "]]>")
	}
	t.pos = end + len("]]>")
}

// declaration leaves out a document type with its internal subset.
func (t *tidier) declaration() {
	end := t.find(">")
	if end >= 0 && strings.Contains(t.in[t.pos:end], "[") {
		t.skip("]", strings.IndexByte(t.in[t.pos:end], '[')+1)
		end = t.find(">")
	}
	if end < 0 {
		t.pos = len(t.in)
		return
	}
	t.pos = end + 1
}

func (t *tidier) endTag() {
	t.pos += len("</")
	tag := name(t.in[t.pos:])
	t.pos += len(tag)
	if end := t.find(">"); end >= 0 {
		t.pos = end + 1
	} else {
		t.pos = len(t.in)
	}
	for i := len(t.open) - 1; i >= 0; i-- {
		if strings.EqualFold(t.open[i], tag) {
			t.closeTo(i)
			return
		}
	}
}

// closeTo ends the open elements from the innermost to the one numbered depth.
func (t *tidier) closeTo(depth int) {
	for i := len(t.open) - 1; i >= depth; i-- {
		t.out.WriteString("</" + t.open[i] + ">")
	}
	t.open = t.open[:depth]
	t.done = depth == 0
	if depth < t.entryDepth {
		t.entryDepth = 0
	}
}

func (t *tidier) startTag() error {
	begin := t.out.Len()
	t.pos++
	tag := name(t.in[t.pos:])
	t.pos += len(tag)
	if t.first == "" {
		t.first = strings.ToLower(tag)
	}
	if t.first == "html" {
		return &rootError{t.first}
	}
	wanted := t.rooted || isRoot(tag)
	attributes, empty, complete := t.attributes()
	if !wanted || !complete {
		return nil
	}
	t.rooted = true
	t.out.WriteString("<" + tag + attributes)
	if empty {
		t.out.WriteString("/>")
		t.done = len(t.open) == 0
		return nil
	}
	t.out.WriteByte('>')
	if len(t.open) == maxDepth {
		return errDepth
	}
	t.open = append(t.open, tag)
	if t.entryDepth == 0 && isEntry(tag) {
		t.entry, t.entryDepth = begin, len(t.open)
	}
	return nil
}

func isRoot(tag string) bool {
	return slices.Contains([]string{"rss", "rdf", "feed"}, local(tag))
}

func isEntry(tag string) bool { return local(tag) == "item" || local(tag) == "entry" }

func local(tag string) string {
	return strings.ToLower(tag[strings.IndexByte(tag, ':')+1:])
}

// close ends what the feed left open.
func (t *tidier) close() (feed string, cut bool) {
	if t.entryDepth > 0 {
		cut = true
		t.open = t.open[:t.entryDepth-1]
		whole := t.out.String()[:t.entry]
		t.out = strings.Builder{}
		t.out.WriteString(whole)
	}
	t.closeTo(0)
	return t.out.String(), cut
}
