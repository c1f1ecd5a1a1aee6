package main

import (
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
)

// deal makes two articles of one, as if two sources had told the story: both
// have its first sentence, and the others go to them in turn.
func deal(text string) []newsletter.Article {
	var tellings [2][]string
	for i, s := range summary.Split(text, "en") {
		tellings[i%2] = append(tellings[i%2], s.Text)
		if i == 0 {
			tellings[1] = append(tellings[1], s.Text)
		}
	}
	return []newsletter.Article{{ID: "one", Text: strings.Join(tellings[0], "\n\n")}, {ID: "two", Text: strings.Join(tellings[1], "\n\n")}}
}

// storyMethods are the leads of a story's first article, what the weights make
// of that alone, and what they make of both.
func storyMethods(w *summary.Weights) []method {
	of := func(m method) method {
		return method{m.name, func(text string, o summary.Options) string { return m.summarize(deal(text)[0].Text, o) }}
	}
	return []method{
		of(method{"lead", lead}), of(method{"clean lead", cleanLead}), of(with("first alone", w)),
		{"broadsheet", func(text string, o summary.Options) string { return summary.SummarizeWith(deal(text), o, w).Text() }},
	}
}
