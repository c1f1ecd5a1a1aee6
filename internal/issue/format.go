package issue

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// invitation stands where the editor's own words go. It shows nowhere.
const invitation = "<!-- A few words of your own can go here; everybody gets them. -->"

// Format writes an issue as a file that Parse reads back as the same issue:
// UTF-8, lines end in LF. Texts on one line lose line breaks and other control
// characters, links that are not http, https or mailto are left out. Markdown
// (Intro, Note, Summary) is written as it stands, so it must not hold headings
// of levels two and three or marks.
func Format(is newsletter.Issue) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s: %s\n%s: %s\n", rule, keyIssue, is.Key, keyStatus, is.Status)
	fmt.Fprintf(&b, "%s: %s\n%s: %s\n", keySubject, quote(is.Subject), keyPreheader, quote(is.Preheader))
	if !is.Date.IsZero() {
		fmt.Fprintf(&b, "%s: %s\n", keyDate, is.Date.Format(time.DateOnly))
	}
	b.WriteString(rule + "\n")
	intro := is.Intro
	if intro == "" {
		intro = invitation
	}
	paragraph(&b, intro)
	for _, s := range is.Sections {
		formatSection(&b, s)
	}
	return b.Bytes()
}

// quote writes words as a double-quoted YAML scalar (YAML 1.2, 7.3.1). Go's
// escapes are a subset of YAML's.
func quote(words string) string { return strconv.Quote(strings.ToValidUTF8(words, "\ufffd")) }

// paragraph writes Markdown, if any, after an empty line.
func paragraph(b *bytes.Buffer, markdown string) {
	if markdown != "" {
		fmt.Fprintf(b, "\n%s\n", markdown)
	}
}

func formatSection(b *bytes.Buffer, s newsletter.Section) {
	fmt.Fprintf(b, "\n## %s\n%s\n", markup.Escape(s.Title), mark(sectionMark, s.Topics))
	paragraph(b, s.Note)
	for _, it := range s.Items {
		formatItem(b, it)
	}
}

func mark(kind string, words []string) string {
	return fmt.Sprintf("<!-- %s: %s -->", kind, strings.Join(words, " "))
}

func formatItem(b *bytes.Buffer, it newsletter.Item) {
	fmt.Fprintf(b, "\n### %s\n", link(newsletter.Link{Title: it.Title, URL: it.Link}))
	if it.ID != "" {
		fmt.Fprintln(b, mark(itemMark, append([]string{it.ID}, it.Topics...)))
	}
	if target := markup.EscapeURL(it.Image.URL); target != "" {
		paragraph(b, fmt.Sprintf("![%s](%s)", markup.Escape(it.Image.Alt), target))
	}
	paragraph(b, it.Summary)
	paragraph(b, byline(it.Credit))
}

// link writes a Markdown link, or the words alone where the target is none.
func link(l newsletter.Link) string {
	target := markup.EscapeURL(l.URL)
	if target == "" {
		return markup.Escape(l.Title)
	}
	return fmt.Sprintf("[%s](%s)", markup.Escape(l.Title), target)
}

// byline writes a credit, "" for an empty one.
func byline(c newsletter.Credit) string {
	parts := []string{}
	if source := creditText(c.Source); source != "" {
		parts = append(parts, " "+source)
	}
	if !c.Date.IsZero() {
		parts = append(parts, dot+c.Date.Format(time.DateOnly))
	}
	for _, also := range c.Also {
		parts = append(parts, dot+escapeDots(link(also)))
	}
	if len(parts) == 0 {
		return ""
	}
	return dash + strings.Join(parts, "")
}

// creditText escapes words so that no part of them is taken for another part
// of the credit.
func creditText(words string) string {
	escaped := markup.Escape(words)
	if _, err := time.Parse(time.DateOnly, escaped); err == nil {
		escaped = strings.Replace(escaped, "-", `\-`, 1)
	}
	return escapeDots(escaped)
}

// escapeDots writes the dots that could part a credit as references. The space
// before them keeps a backslash from undoing that.
func escapeDots(markdown string) string {
	return strings.TrimPrefix(strings.ReplaceAll(" "+markdown, " ·", " &#183;"), " ")
}
