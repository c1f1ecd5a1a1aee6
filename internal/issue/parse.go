package issue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

const (
	// dash begins the credit of an item.
	dash = "—"
	// dot stands between the parts of a credit.
	dot = " · "
)

// Parse reads an issue file; file is its name for errors. An error is a
// *newsletter.Problem with the line, the value and the mend. CRLF line ends, a
// byte order mark and a missing last line end are welcome.
//
// Dates are the first instant of the day in pub.Location. Links stand as the
// editor wrote them; whether they lead anywhere is not Parse's to say.
func Parse(file string, data []byte, pub *newsletter.Publication) (newsletter.Issue, error) {
	text := strings.Join(cleanLines(splitLines(string(data))), "")
	doc, err := read(file, []byte(text), func(title string) (string, bool) { return topicTitled(pub.Topics, title) })
	if err != nil {
		return newsletter.Issue{}, err
	}
	p := issueParser{file: file, pub: pub}
	is, err := p.header(doc.values)
	if err != nil {
		return newsletter.Issue{}, err
	}
	is.Intro = prose(doc.intro.text)
	for _, s := range doc.sections {
		parsed, err := p.section(s)
		if err != nil {
			return newsletter.Issue{}, err
		}
		is.Sections = append(is.Sections, parsed)
	}
	return is, nil
}

// topicTitled finds the topic that a heading names by its title or id.
func topicTitled(topics []newsletter.Topic, title string) (id string, ok bool) {
	for _, t := range topics {
		if strings.EqualFold(title, t.Title) || strings.EqualFold(title, t.ID) {
			return t.ID, true
		}
	}
	return "", false
}

// An issueParser reads what the chunks of a document mean to a publication.
type issueParser struct {
	file string
	pub  *newsletter.Publication
}

func (p issueParser) problem(line int, value, message, mend string) error {
	return &newsletter.Problem{File: p.file, Line: line, Value: excerpt(value), Message: message, Mend: mend}
}

func (p issueParser) header(values map[string]value) (newsletter.Issue, error) {
	is := newsletter.Issue{
		Key:       values[keyIssue].text,
		Status:    newsletter.Draft,
		Subject:   values[keySubject].text,
		Preheader: values[keyPreheader].text,
	}
	key, ok := values[keyIssue]
	if !ok {
		return is, p.problem(1, "", "the front matter does not name the issue", "add a field like issue: 2026-W47")
	}
	if !newsletter.ValidKey(key.text) {
		return is, p.problem(key.line, key.text, "this cannot name an issue", "use the name of the issue's folder: letters, digits, dots, underscores and hyphens")
	}
	if status, ok := values[keyStatus]; ok {
		is.Status = newsletter.Status(status.text)
		if is.Status != newsletter.Draft && is.Status != newsletter.Ready {
			return is, p.problem(status.line, status.text, "there is no such status", "write status: draft or status: ready")
		}
	}
	if date, ok := values[keyDate]; ok {
		if is.Date, ok = p.date(date.text); !ok {
			return is, p.problem(date.line, date.text, "this is not a date", "write it like date: 2026-11-20")
		}
	}
	return is, nil
}

// date reads a day.
func (p issueParser) date(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, false
	}
	return day(t, p.pub), true
}

// day is the first instant of t's day, as t shows it, on the publication's
// clock. Where daylight saving begins at midnight that is not 0:00.
func day(t time.Time, pub *newsletter.Publication) time.Time {
	first := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, location(pub))
	if _, end := first.ZoneBounds(); first.Day() != t.Day() {
		return end
	}
	return first
}

func location(pub *newsletter.Publication) *time.Location {
	if pub.Location == nil {
		return time.UTC
	}
	return pub.Location
}

func (p issueParser) section(s section) (newsletter.Section, error) {
	if err := p.known(s.markLine, s.topics); err != nil {
		return newsletter.Section{}, err
	}
	parsed := newsletter.Section{Title: s.title, Topics: topicList(s.topics), Note: prose(s.note.text)}
	for _, it := range s.items {
		if err := p.known(it.markLine, it.topics); err != nil {
			return newsletter.Section{}, err
		}
		parsed.Items = append(parsed.Items, p.item(it))
	}
	return parsed, nil
}

// known reports topics of a mark that are not configured.
func (p issueParser) known(line int, topics []string) error {
	for _, id := range topics {
		if _, ok := p.pub.Topic(id); !ok && id != newsletter.All {
			return p.problem(line, id, "there is no such topic", p.topicMend())
		}
	}
	return nil
}

func (p issueParser) topicMend() string {
	ids := make([]string, len(p.pub.Topics))
	for i, t := range p.pub.Topics {
		ids[i] = t.ID
	}
	return fmt.Sprintf("use %s, or add the topic to the configuration", strings.Join(append(ids, newsletter.All), ", "))
}

// topicList copies ids; none are nil.
func topicList(ids []string) []string {
	return append([]string(nil), ids...)
}

func (p issueParser) item(it item) newsletter.Item {
	title := it.headline
	link, alone := linkIn(title)
	if alone {
		title = label(title)
	}
	parsed := newsletter.Item{
		ID:      it.id,
		Topics:  topicList(it.topics),
		Title:   markup.Plain(title),
		Link:    link,
		Summary: prose(it.summary.text),
		Credit:  p.credit(it.byline),
	}
	if it.picture != "" {
		parsed.Image.URL, _ = imageIn(it.picture)
		parsed.Image.Alt = markup.Plain(label(it.picture))
	}
	return parsed
}

// credit reads "— Source · 2026-11-18 · [Other](https://example.org)". What is
// neither the date nor a link belongs to the source.
func (p issueParser) credit(byline string) newsletter.Credit {
	var c newsletter.Credit
	var source []string
	words := strings.TrimPrefix(strings.ReplaceAll(byline, "\n", " "), dash)
	for part := range strings.SplitSeq(words, dot) {
		part = strings.TrimSpace(part)
		if date, ok := p.date(part); ok && c.Date.IsZero() {
			c.Date = date
		} else if target, ok := linkIn(part); ok {
			c.Also = append(c.Also, newsletter.Link{Title: markup.Plain(label(part)), URL: target})
		} else {
			source = append(source, part)
		}
	}
	source = slices.DeleteFunc(source, func(part string) bool { return part == "" })
	c.Source = markup.Plain(strings.Join(source, dot))
	return c
}
