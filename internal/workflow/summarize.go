package workflow

import (
	"strings"
	"time"

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

// SummarizeFile reads a text, Markdown or HTML file and summarizes it. pub lends
// its topics; it may be nil.
func SummarizeFile(pub *newsletter.Publication, name string, data []byte, o summary.Options) (FileSummary, error) {
	labels, location := []string{}, time.UTC
	if pub != nil {
		labels, location = labelsOf(pub), pub.Location
	}
	out := FileSummary{File: name, Topics: []string{}, Sentences: []SentenceOffsets{}, Dropped: []DroppedParagraph{}}
	read, err := markup.FromFile(name, data, labels, location)
	if err != nil {
		return out, err
	}
	article := newsletter.Article{Title: read.Title, Text: read.Text, Language: read.Language, Labels: read.Labels}
	if pub != nil {
		out.Topics = append(out.Topics, selection.Topics(pub, article)...)
	}
	made := summary.Summarize([]newsletter.Article{article}, o)
	out.Title, out.Language = read.Title, made.Language
	out.point(made.Quotes, data, read.Text)
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

// point says where the quotes stand: in the file or, where it is marked up or
// broken, in the text read out of it.
func (out *FileSummary) point(quotes []newsletter.Quote, file []byte, text string) {
	words := make([]string, len(quotes))
	for i, q := range quotes {
		words[i] = q.Text
		out.Sentences = append(out.Sentences, SentenceOffsets{Text: q.Text, Start: q.Start, End: q.End})
	}
	if markup.FormatOf(out.File, file) == markup.PlainText {
		if spans, ok := markup.Locate(file, words); ok {
			for i, s := range spans {
				out.Sentences[i].Start, out.Sentences[i].End = s.Start, s.End
			}
			return
		}
	}
	out.Text = text
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
