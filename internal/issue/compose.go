package issue

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// moreTitle heads the stories without a section of their own.
const moreTitle = "More"

// Compose makes an issue of placed stories, in their order: sections in the
// order of the publication's topics, then More, for readers of everything,
// with the stories whose Section is no configured topic. Sections without
// stories are left out. summaries are plain text, paragraphs separated by
// empty lines, by the leading article's id.
//
// All texts come out as Parse(Format(issue)) returns them.
func Compose(pub *newsletter.Publication, key string, date time.Time, stories []newsletter.Story, summaries map[string]string) newsletter.Issue {
	is := newsletter.Issue{
		Key:       key,
		Status:    newsletter.Draft,
		Subject:   "{lead}",
		Preheader: "{also}",
		Date:      day(date.In(location(pub)), pub),
	}
	bySection := map[string][]newsletter.Item{}
	for _, story := range stories {
		place := newsletter.All
		if _, ok := pub.Topic(story.Section); ok {
			place = story.Section
		}
		bySection[place] = append(bySection[place], compose(pub, story, summaries[story.Lead.ID]))
	}
	for _, topic := range append(slices.Clone(pub.Topics), newsletter.Topic{ID: newsletter.All, Title: moreTitle}) {
		if items := bySection[topic.ID]; len(items) > 0 {
			is.Sections = append(is.Sections, newsletter.Section{Title: sectionTitle(topic), Topics: []string{topic.ID}, Items: items})
		}
	}
	return is
}

func sectionTitle(topic newsletter.Topic) string {
	if title := oneLine(topic.Title); title != "" {
		return title
	}
	return topic.ID
}

func compose(pub *newsletter.Publication, story newsletter.Story, summary string) newsletter.Item {
	lead := story.Lead
	it := newsletter.Item{
		ID:      lead.ID,
		Topics:  configured(pub, story.Topics),
		Title:   oneLine(lead.Title),
		Link:    webLink(lead.Link),
		Summary: escapeParagraphs(summary),
		Credit:  newsletter.Credit{Source: sourceName(lead), Also: alsoBy(story)},
	}
	if story.Updated != "" {
		it.Credit.Source += " (updated)"
	}
	if hostOf(lead.Image.URL) != "" { // no mailto
		it.Image = newsletter.Image{URL: lead.Image.URL, Alt: oneLine(lead.Image.Alt)}
	}
	if published := lead.Published.In(location(pub)); !lead.Published.IsZero() && published.Year() > 0 && published.Year() < 10_000 {
		it.Credit.Date = day(published, pub)
	}
	return it
}

// configured keeps the topics that the publication has.
func configured(pub *newsletter.Publication, ids []string) []string {
	var known []string
	for _, id := range ids {
		if _, ok := pub.Topic(id); ok && !slices.Contains(known, id) {
			known = append(known, id)
		}
	}
	return known
}

// webLink is the link where it is one that a letter may carry, otherwise "".
func webLink(link string) string {
	if markup.EscapeURL(link) == "" {
		return ""
	}
	return link
}

// escapeParagraphs turns plain text into Markdown. A dash at the beginning of
// a paragraph is written so that it begins no credit.
func escapeParagraphs(text string) string {
	text = strings.Join(cleanLines(splitLines(text)), "")
	var paragraphs, lines []string
	for line := range strings.SplitSeq(text+"\n\n", "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
			continue
		}
		if escaped := markup.Escape(strings.Join(lines, " ")); escaped != "" {
			if rest, ok := strings.CutPrefix(escaped, dash); ok {
				escaped = "&mdash;" + rest
			}
			paragraphs = append(paragraphs, escaped)
		}
		lines = nil
	}
	return strings.Join(paragraphs, "\n\n")
}

// sourceName is how readers know where an article comes from: the host of its
// link, or the source's id where there is none.
func sourceName(a newsletter.Article) string {
	if host := hostOf(a.Link); host != "" {
		return host
	}
	return oneLine(a.Source)
}

func hostOf(link string) string {
	u, err := url.Parse(webLink(link))
	if err != nil {
		return ""
	}
	return oneLine(strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."))
}

// alsoBy links the other articles of a story.
func alsoBy(story newsletter.Story) []newsletter.Link {
	seen := map[string]bool{"": true, story.Lead.Link: true}
	var links []newsletter.Link
	for _, a := range story.Others {
		target := webLink(a.Link)
		if !seen[target] {
			seen[target] = true
			links = append(links, newsletter.Link{Title: sourceName(a), URL: target})
		}
	}
	return links
}
