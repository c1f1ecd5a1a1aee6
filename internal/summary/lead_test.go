package summary

import (
	"os"
	"strings"
	"testing"
)

func TestLead(t *testing.T) {
	const first, second, third = "Bread rose by a tenth on Monday.", "Bakers blamed the price of gas.", "The minister promised to look into it."
	tests := []struct {
		name, language, text string
		words                int
		want                 string
	}{
		{"nothing", "en", "\n \n", 20, ""},
		{"fits exactly", "en", first + " " + second + " " + third, 13, first + " " + second},
		{"one word short", "en", first + " " + second, 12, first},
		{"a gap is never jumped", "en", first + " " + third + " It rained hard.", 11, first},
		{"the first exceeds the budget", "en", first + " " + second, 3, first},
		{"no budget", "en", first, 0, first},
		{"white space is folded", "en", "Bread rose\n  by a\ttenth on Monday.\n\n" + second, 20, first + " " + second},
		{"heading, topics, byline", "en", "Stay Informed\n\nEurope Ukraine\n\nBy Jane Doe.\n\n" + first, 20, first},
		{"date line", "en", "PUBLISHED: 14:11 CET, 25 October 2025.\n\n" + first, 20, first},
		{"repetition", "en", first + "\n\nEurope\n\n" + first + "\n\n" + second, 30, first + " " + second},
		{"caption inside", "en", first + "\n\nBakers in front of a mill, Jan. 8, 2024\n\n" + second, 30, first + " " + second},
		{"question as opener", "en", "Who pays for bread these days? " + first, 20, first},
		{"question later", "en", first + " Who pays for that now?", 20, first + " Who pays for that now?"},
		{"quotation as opener", "en", "“It is a scandal, all of it.” " + first, 20, first},
		{"quotation with its speaker", "en", "“It is a scandal,” said a baker. " + first, 20, "“It is a scandal,” said a baker. " + first},
		{"two quotations in the opener", "en", `"Scandal," said one, "and worse to come." ` + first, 20, `"Scandal," said one, "and worse to come." ` + first},
		{"nothing but questions", "en", "Who pays for bread? And why do they?", 20, "Who pays for bread? And why do they?"},
		{"nothing but a heading", "en", "Bread rises", 20, "Bread rises"},
		{"scripts without spaces", "ja", "昨日は雨が降りました。今日は晴れています。", 6, "昨日は雨が降りました。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Text(Lead(tt.text, tt.language, tt.words)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestLeadOfARealArticle(t *testing.T) {
	const file = "../../../shared/data/seed/000_57b6f2f7c177d487.txt"
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		t.Skip("the article is not here: " + file)
	}
	text := Text(Lead(string(data), "en", 60))
	if n := countWords(text); n > 60 || n < 40 {
		t.Errorf("the lead has %d words: %q", n, text)
	}
	if !strings.HasPrefix(text, "The partnership between") || strings.Count(text, "The partnership between") != 1 {
		t.Errorf("the lead repeats itself or begins with the tagline: %q", text)
	}
}

func BenchmarkLead(b *testing.B) {
	paragraph := "Ministers of the U.S. and the E.U. met on Monday, Jan. 8, to talk about the price of bread. “It rose by 7.5 percent. " +
		"That is a lot,” said Dr. Jane E. Smith of Mills & Co. Nobody disagreed. They will meet again at 5 p.m. on Friday.\n\n"
	text := strings.Repeat(paragraph, 12)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Lead(text, "en", 60)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}
