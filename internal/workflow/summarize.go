package workflow

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
	"broadsheet/internal/summary"
)

// A FileSummary is a summary of one file. Offsets are bytes: into the file as
// given or, where the file is marked up, into Text.
type FileSummary struct {
	File      string             `json:"file"`
	Title     string             `json:"title"`
	Language  string             `json:"language"`
	Topics    []string           `json:"topics"`
	Sentences []SentenceOffsets  `json:"sentences"`
	Dropped   []DroppedParagraph `json:"dropped"`
	Text      string             `json:"text,omitempty"`
}

// SentenceOffsets is a sentence and where it stands.
type SentenceOffsets struct {
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// DroppedParagraph is a part of a file that is not the article's.
type DroppedParagraph struct {
	Text string `json:"text"`
	Why  string `json:"why"`
}

// SummarizeFile reads a text, Markdown or HTML file, by its ending, and
// summarizes it. pub lends its topics; it may be nil.
func SummarizeFile(pub *newsletter.Publication, name string, data []byte, o summary.Options) (FileSummary, error) {
	labels, location := []string{}, time.UTC
	if pub != nil {
		labels, location = labelsOf(pub), pub.Location
	}
	out := FileSummary{File: name, Topics: []string{}, Sentences: []SentenceOffsets{}, Dropped: []DroppedParagraph{}}
	var read markup.Extracted
	var err error
	plain := false
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		read, err = markup.FromHTML(data, "", "", labels)
	case ".md", ".markdown":
		read, err = markup.FromMarkdown(name, data, labels, location)
	default:
		plain = true
		var text string
		if text, err = markup.Decode(data, ""); err == nil {
			read = markup.FromText(text, labels)
		}
	}
	if err != nil {
		return out, err
	}
	article := newsletter.Article{Title: read.Title, Text: read.Text, Language: read.Language, Labels: read.Labels}
	if pub != nil {
		out.Topics = append(out.Topics, selection.Topics(pub, article)...)
	}
	made := summary.Summarize([]newsletter.Article{article}, o)
	out.Title, out.Language = read.Title, made.Language
	if !plain {
		out.Text = read.Text
	}
	from := 0
	for _, q := range made.Quotes {
		s := SentenceOffsets{Text: q.Text, Start: q.Start, End: q.End}
		if plain {
			if start, end, ok := locate(data, q.Text, from); ok {
				s.Start, s.End, from = start, end, end
			}
		}
		out.Sentences = append(out.Sentences, s)
	}
	for _, p := range read.Dropped {
		out.Dropped = append(out.Dropped, DroppedParagraph{p.Text, p.Why})
	}
	for _, p := range made.Passed {
		if p.Why == summary.WhyTooLong {
			out.Dropped = append(out.Dropped, DroppedParagraph{beginning(p.Text), p.Why})
		}
	}
	return out, nil
}

// beginning is enough of a wall of text to find it.
func beginning(text string) string {
	const enough = 200 // bytes
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "") + "…"
	}
	return text
}

func labelsOf(pub *newsletter.Publication) []string {
	var labels []string
	for _, t := range pub.Topics {
		labels = append(append(labels, t.Title, t.ID), t.Aliases...)
	}
	return labels
}

// locate finds a sentence in a file from an offset on, whatever white space
// stands between its words there.
func locate(data []byte, sentence string, from int) (start, end int, ok bool) {
	words := strings.Fields(sentence)
	if len(words) == 0 {
		return 0, 0, false
	}
	text := string(data)
	for at := from; at <= len(text); {
		i := strings.Index(text[at:], words[0])
		if i < 0 {
			return 0, 0, false
		}
		start = at + i
		if end, ok := match(text, start, words); ok {
			return start, end, true
		}
		at = start + len(words[0])
	}
	return 0, 0, false
}

func match(text string, at int, words []string) (end int, ok bool) {
	for i, w := range words {
		if i > 0 {
			before := at
			for at < len(text) {
				r, size := utf8.DecodeRuneInString(text[at:])
				if !unicode.IsSpace(r) {
					break
				}
				at += size
			}
			if at == before {
				return 0, false
			}
		}
		if !strings.HasPrefix(text[at:], w) {
			return 0, false
		}
		at += len(w)
	}
	return at, true
}
