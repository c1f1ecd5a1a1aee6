package markup

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func vienna(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestFromMarkdown(t *testing.T) {
	loc := vienna(t)
	tests := []struct {
		name, file string
		want       Extracted
	}{
		{"nothing", "", Extracted{}},
		{
			"everything", `---
title: "A title: with a colon."
url: https://example.org/a
date: 2024-03-12 18:30
topics: [europe, War in Ukraine]
author: Ann Ash
image: {url: "https://example.org/p.jpg", alt: A picture}
hold: true
language: en
layout: post
tags: {a: [b]}
---

First *paragraph* with a [link](https://example.org/).

- One
- Two
`,
			Extracted{
				Title: "A title: with a colon", Link: "https://example.org/a", Author: "Ann Ash", Language: "en", Hold: true,
				Published: time.Date(2024, 3, 12, 17, 30, 0, 0, time.UTC), Labels: []string{"europe", "War in Ukraine"},
				Image: newsletter.Image{URL: "https://example.org/p.jpg", Alt: "A picture"},
				Text:  "First paragraph with a link.\n\nOne\n\nTwo",
			},
		},
		{
			"other spellings", "---\r\ntopics: europe, War in Ukraine\r\nimage: https://example.org/p.jpg\r\nimage_alt: A picture\r\ndate: 2024-03-12T10:00:00Z\r\ntitle: >\r\n  Folded\r\n  title\r\n...\r\nText.\r\n",
			Extracted{
				Title: "Folded title", Labels: []string{"europe", "War in Ukraine"}, Text: "Text.",
				Image: newsletter.Image{URL: "https://example.org/p.jpg", Alt: "A picture"}, Published: time.Date(2024, 3, 12, 10, 0, 0, 0, time.UTC),
			},
		},
		{
			"block list, paths and empty values", "---\ntopics:\n  - europe\n  - 2024\nurl: /posts/a\nimage: cover.jpg\ndate:\nhold: no\ntitle: T\n---\nText.\n",
			Extracted{Title: "T", Labels: []string{"europe", "2024"}, Text: "Text."},
		},
		{"heading is the title", "Before.\n\n## The *title*.\n\nText.\n\n### Later\n\nMore.", Extracted{Title: "The title", Text: "Before.\n\nText.\n\nLater\n\nMore."}},
		{"no heading", "First sentence of all. Second.", Extracted{Title: "First sentence of all", Text: "First sentence of all. Second."}},
		{
			"heading repeats the title", "---\ntitle: Rivers\n---\n# Rivers\n\nText.",
			Extracted{Title: "Rivers", Text: "Text.", Dropped: []Dropped{{"Rivers", "repeats the headline"}}},
		},
		{
			"header lines below the heading", "# Rivers\n\n*By Ann Ash*\n\n12 March 2024\n\nEurope | Ukraine\n\nText.",
			Extracted{Title: "Rivers", Author: "Ann Ash", Labels: []string{"Europe", "Ukraine"}, Published: time.Date(2024, 3, 12, 0, 0, 0, 0, time.UTC), Text: "Text."},
		},
		{"two rules are no front matter", "---\nJust text\n---\n", Extracted{Title: "Just text"}},
		{"one rule is no front matter", "---\n\n# Rivers\n\nText.", Extracted{Title: "Rivers", Text: "Text."}},
		{"empty front matter", "---\n---\n# Rivers\n", Extracted{Title: "Rivers"}},
		{"script", "# A\n\n<script>x</script>\n\nText <b>b</b>.", Extracted{Title: "A", Text: "Text b."}},
		{"windows-1252", "# Gr\xf6\xdfe\n\nText.", Extracted{Title: "Größe", Text: "Text."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromMarkdown("a.md", []byte(tt.file), testLabels, loc)
			if err != nil {
				t.Fatal(err)
			}
			got.Published = got.Published.UTC()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFromMarkdownProblems(t *testing.T) {
	tests := []struct {
		name, file  string
		line        int
		value, says string
	}{
		{"bad YAML", "---\ntitle: A\nauthor: [B\n---\n", 3, "[", "the front matter is not valid YAML: sequence end token ']' not found"},
		{"colon in a value", "---\ntitle: A: b\n---\n", 2, "A", "the front matter is not valid YAML: mapping value is not allowed in this context"},
		{"bad date", "---\ntitle: A\ndate: 12th of March\n---\n", 3, "12th of March", "date is not a date"},
		{"no such day", "---\ndate: 2024-02-31\n---\n", 2, "2024-02-31", "date is not a date"},
		{"bad link", "---\nurl: javascript:alert(1)\n---\n", 2, "javascript:alert(1)", "url is not a web address"},
		{"link without scheme", "---\nurl: example.org/a\n---\n", 2, "example.org/a", "url is not a web address"},
		{"list as a title", "---\ntitle: [a, b]\n---\n", 2, "[a, b]", "title is not one text"},
		{"mapping as topics", "---\ntopics: {a: b}\n---\n", 2, "{a: b}", "topics is not a list of words"},
		{"list in topics", "---\ntopics: [[a]]\n---\n", 2, "[a]", "topics is not a list of words"},
		{"hold", "---\nhold: perhaps\n---\n", 2, "perhaps", "hold is not true or false"},
		{"image", "---\nimage: [a]\n---\n", 2, "[a]", "image is not an address"},
		{"alias", "---\na: &x y\ntitle: *x\n---\n", 3, "*x", "title is not one text"},
		{"not closed", "---\ntitle: A\n\nText.\n", 1, "---", "the front matter has no end"},
		{"TOML", "+++\ntitle = 'A'\n+++\n", 1, "+++", "front matter in TOML is not understood"},
		{"binary", "\x00\x01\x02", 0, "", "decoding text: the data is binary, or in an encoding that it does not name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := FromMarkdown("articles/a.md", []byte(tt.file), nil, nil)
			var p *newsletter.Problem
			if !errors.As(err, &p) {
				t.Fatalf("error = %v", err)
			}
			if p.File != "articles/a.md" || p.Line != tt.line || p.Value != tt.value || p.Message != tt.says || p.Mend == "" {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func FuzzFromMarkdown(f *testing.F) {
	f.Add([]byte("---\ntitle: a\ntopics: [b]\n---\n# c\n\nd"))
	f.Add([]byte("---\n&a b: *a\n? c\n---\n"))
	f.Add([]byte("---\n- a\n---\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		x, err := FromMarkdown("a.md", file, testLabels, nil)
		var p *newsletter.Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("error %v is no problem", err)
		}
		if x.Title != oneLine(x.Title) {
			t.Errorf("title %q", x.Title)
		}
	})
}
