package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/newsletter"
)

// Bounds on a list of feeds that somebody hands over.
const (
	maxOutlines     = 5000
	maxOutlineDepth = 50
	maxSourceID     = 64
	maxTopicID      = 32
)

// ReadOPML reads a list of feeds as other programs export it (OPML 1.0 and 2.0,
// with or without errors in the XML). Ids are made of the titles, in [a-z0-9-],
// each once. The names of the outlines around a feed and its own categories
// become its topics, as ids that the publication may or may not have. What is
// no feed, or is there twice, is a Problem; what is no OPML is an error.
func ReadOPML(data []byte) ([]newsletter.Source, []newsletter.Problem, error) {
	if len(data) > maxFeed {
		return nil, nil, newsletter.Faultf(newsletter.Failure, "split the file", "read the list of feeds: it is larger than %d MiB, the most that is read", maxFeed>>20)
	}
	l := outlines{ids: map[string]int{}, feeds: map[string]int{}}
	l.dec = xml.NewDecoder(strings.NewReader(clean(decode(data, ""))))
	l.dec.Strict, l.dec.Entity = false, xml.HTMLEntity
	l.dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	if err := l.read(); err != nil {
		return nil, nil, newsletter.Faultf(newsletter.Failure, "export the list of feeds from the other program as OPML", "read the list of feeds: %w", err)
	}
	return l.sources, l.problems, nil
}

// outlines is a list of feeds being read.
type outlines struct {
	dec      *xml.Decoder
	path     []string // the names of the open outlines; "": one that has none
	opml     bool
	sources  []newsletter.Source
	problems []newsletter.Problem
	ids      map[string]int // how many have one, or are numbered after it
	feeds    map[string]int // places in sources
}

// read goes through the elements. One that breaks the XML ends the list; what
// came before it counts.
func (l *outlines) read() error {
	token, broken := l.dec.Token()
	for broken == nil {
		if err := l.element(token); err != nil {
			return err
		}
		token, broken = l.dec.Token()
	}
	if !l.opml {
		return errors.New("it is not OPML")
	}
	if !errors.Is(broken, io.EOF) {
		l.problem("", "the list breaks off here: "+broken.Error())
	}
	return nil
}

func (l *outlines) element(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		name := strings.ToLower(t.Name.Local)
		if !l.opml && name != "opml" && name != "oml" {
			return fmt.Errorf("it is not OPML, but begins with <%s>", t.Name.Local)
		}
		l.opml = true
		if name == "outline" {
			return l.outline(t)
		}
	case xml.EndElement:
		if strings.EqualFold(t.Name.Local, "outline") && len(l.path) > 0 {
			l.path = l.path[:len(l.path)-1]
		}
	}
	return nil
}

func (l *outlines) outline(start xml.StartElement) error {
	if len(l.path) == maxOutlineDepth {
		return fmt.Errorf("its outlines are nested more than %d deep", maxOutlineDepth)
	}
	value := map[string]string{}
	for _, a := range start.Attr {
		value[strings.ToLower(a.Name.Local)] = line(a.Value)
	}
	name := value["title"]
	if name == "" {
		name = value["text"]
	}
	if address, ok := value["xmlurl"]; ok {
		l.add(name, address, value["category"])
		name = ""
	} else if link := value["url"]; link != "" {
		l.problem(link, "is a link and no feed")
	}
	l.path = append(l.path, name)
	return nil
}

func (l *outlines) add(name, address, categories string) {
	feed := feedAddress(address)
	topics := l.topics(categories)
	at, twice := l.feeds[feed]
	switch {
	case feed == "":
		l.problem(address, "is not the web address of a feed")
	case twice:
		s := &l.sources[at]
		s.Topics = slices.Compact(slices.Sorted(slices.Values(append(s.Topics, topics...))))
		l.problem(address, "is in the list twice")
	case len(l.sources) == maxOutlines:
		if !slices.ContainsFunc(l.problems, func(p newsletter.Problem) bool { return p.Message == tooManyFeeds }) {
			l.problem(address, tooManyFeeds)
		}
	default:
		l.feeds[feed] = len(l.sources)
		l.sources = append(l.sources, newsletter.Source{ID: l.id(name, feed), Feed: feed, Topics: topics, Weight: 1})
	}
}

var tooManyFeeds = fmt.Sprintf("this and what follows is left out: the list has more than %d feeds", maxOutlines)

func (l *outlines) problem(value, message string) {
	if len(l.problems) >= maxProblems {
		return
	}
	at, _ := l.dec.InputPos()
	l.problems = append(l.problems, newsletter.Problem{Line: at, Value: clip(value, maxTitle), Message: message})
}

// topics are those of the outlines around a feed, and its categories: a list of
// paths (OPML 2.0, "category").
func (l *outlines) topics(categories string) []string {
	names := slices.Clone(l.path)
	for path := range strings.SplitSeq(categories, ",") {
		names = append(names, strings.Split(path, "/")...)
	}
	var ids []string
	for _, name := range names {
		if id := slug(name, maxTopicID); newsletter.ValidTopicID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// id makes a name for a source that no other one has.
func (l *outlines) id(name, feed string) string {
	base := slug(name, maxSourceID-5)
	if base == "" {
		base = slug(host(feed), maxSourceID-5)
	}
	if base == "" {
		base = "source"
	}
	id := base
	for l.ids[id] > 0 {
		l.ids[base]++
		id = fmt.Sprintf("%s-%d", base, l.ids[base])
	}
	l.ids[id]++
	return id
}

// feedAddress is a feed's address as a source has it, or "".
func feedAddress(address string) string {
	if rest, ok := strings.CutPrefix(address, "feed:"); ok { // an old custom of feed readers
		address = rest
		if strings.HasPrefix(rest, "//") {
			address = "http:" + rest
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(address) > maxLink {
		return ""
	}
	return address
}

// slug makes an id of a name: letters without their accents and digits, with a
// hyphen for everything between.
func slug(name string, limit int) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(strings.ReplaceAll(name, "ß", "ss"))) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && r != '\'' && r != '’':
			gap = true
		}
		if b.Len() >= limit {
			break
		}
	}
	return strings.Trim(b.String()[:min(b.Len(), limit)], "-")
}

// WriteOPML writes the feeds among the sources as OPML 2.0, for other programs
// and for ReadOPML. A feed stands in the outline of its first topic and names
// all of them as categories. Folders and feeds in files are left out, and
// returned: elsewhere they would not be found. Addresses are written with the
// name and password they need.
func WriteOPML(w io.Writer, title string, sources []newsletter.Source) (left []newsletter.Source, err error) {
	doc := opmlDocument{Version: "2.0", Title: line(title)}
	groups := map[string]int{}
	for _, s := range sources {
		if feedAddress(s.Feed) == "" {
			left = append(left, s)
			continue
		}
		o := opmlOutline{Text: s.ID, Title: s.ID, Type: "rss", XMLURL: s.Feed}
		if len(s.Topics) == 0 {
			doc.Outlines = append(doc.Outlines, o)
			continue
		}
		o.Category = "/" + strings.Join(s.Topics, ",/")
		at, ok := groups[s.Topics[0]]
		if !ok {
			at = len(doc.Outlines)
			groups[s.Topics[0]] = at
			doc.Outlines = append(doc.Outlines, opmlOutline{Text: s.Topics[0], Title: s.Topics[0]})
		}
		doc.Outlines[at].Outlines = append(doc.Outlines[at].Outlines, o)
	}
	out := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(out)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("write the list of feeds: %w", err)
	}
	out.WriteByte('\n')
	if _, err := out.WriteTo(w); err != nil {
		return nil, fmt.Errorf("write the list of feeds: %w", err)
	}
	return left, nil
}

type opmlDocument struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr"`
	Type     string        `xml:"type,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	Category string        `xml:"category,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}
