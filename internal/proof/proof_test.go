package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

const (
	first  = "Bread rises\n\nBread rose by a\n tenth on Monday. Bakers blamed\u00a0the price of gas.\n"
	second = "Mills close. Flour costs twice as much."
)

func library(article string) (string, bool) {
	text, ok := map[string]string{"one": first, "two": second}[article]
	return text, ok
}

func quote(article, sentence string) newsletter.Quote {
	text, _ := library(article)
	start := strings.Index(text, sentence)
	sum := sha256.Sum256([]byte(text))
	return newsletter.Quote{
		Article: article, Hash: hex.EncodeToString(sum[:]), Start: start, End: start + len(sentence),
		Text: strings.Join(strings.Fields(sentence), " "),
	}
}

// sound is a summary that is what it claims.
func sound() (string, []newsletter.Quote) {
	return "Bread rose by a tenth on Monday. Bakers blamed the price of gas. Flour costs twice as much.", []newsletter.Quote{
		quote("one", "Bread rose by a\n tenth on Monday."),
		quote("one", "Bakers blamed\u00a0the price of gas."),
		quote("two", "Flour costs twice as much."),
	}
}

func TestVerifyASoundSummary(t *testing.T) {
	summary, quotes := sound()
	for _, s := range []string{summary, " " + strings.ReplaceAll(summary, " ", "\n\t ") + "\n"} {
		if err := Verify(s, quotes, library); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	if err := Verify(" \n", nil, library); err != nil {
		t.Errorf("an empty summary of nothing: %v", err)
	}
}

func TestVerifyFindsEachFault(t *testing.T) {
	tests := []struct {
		name  string
		plant func(summary *string, quotes []newsletter.Quote) []newsletter.Quote
		want  string
	}{
		{"a changed word in the summary", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s = strings.Replace(*s, "blamed", "praised", 1)
			return q
		}, `sentence 2, "Bakers blamed the price of gas.": the summary has "praised" where the quote has "blamed"`},
		{"a changed word in both", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s = strings.Replace(*s, "blamed", "praised", 1)
			q[1].Text = strings.Replace(q[1].Text, "blamed", "praised", 1)
			return q
		}, `sentence 2, "Bakers praised the price of gas.": article "one" has other words`},
		{"words before", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s = "Really: " + *s
			return q
		}, `sentence 1, "Bread rose by a tenth on Monday.": the summary has "Really:"`},
		{"words after", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s += " Sad."
			return q
		}, `after sentence 3 with words that are no quote: "Sad."`},
		{"an end that is missing", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s = strings.TrimSuffix(*s, " twice as much.")
			return q
		}, "sentence 3, \"Flour costs twice as much.\": the summary ends before it"},
		{"glued sentences", func(s *string, q []newsletter.Quote) []newsletter.Quote {
			*s = strings.Replace(*s, ". Bakers", ".Bakers", 1)
			return q
		}, `the summary has "Monday.Bakers" where the quote has "Monday."`},
		{"another order", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[0], q[1] = q[1], q[0]
			return q
		}, `sentence 1, "Bakers blamed the price of gas."`},
		{"a quote too few", func(_ *string, q []newsletter.Quote) []newsletter.Quote { return q[:2] }, `after sentence 2 with words that are no quote: "Flour`},
		{"no quotes", func(_ *string, _ []newsletter.Quote) []newsletter.Quote { return nil }, `after sentence 0`},
		{"an empty quote", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[1].Text = " "
			return q
		}, "sentence 2"},
		{"an article that is gone", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[2].Article = "three"
			return q
		}, `sentence 3, "Flour costs twice as much.": there is no article "three"`},
		{"an article that has changed", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[0].Hash = strings.Repeat("0", 64)
			return q
		}, `article "one" has changed since`},
		{"no hash", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[0].Hash = ""
			return q
		}, "has changed since"},
		{"another place", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[1].Start++
			return q
		}, `article "one" has other words at bytes`},
		{"a place before the text", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[1].Start = -1
			return q
		}, `are not in article "one"`},
		{"a place behind the text", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[1].End = 1000
			return q
		}, `to 1000 are not in article "one"`},
		{"an empty place", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[1].End = q[1].Start
			return q
		}, `are not in article "one"`},
		{"a quote that is not folded", func(_ *string, q []newsletter.Quote) []newsletter.Quote {
			q[0].Text = "Bread rose by a\n tenth on Monday."
			return q
		}, "has other words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			summary, quotes := sound()
			quotes = tt.plant(&summary, quotes)
			err := Verify(summary, quotes, library)
			if err == nil {
				t.Fatal("the fault passed")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestVerifyNamesEveryFault(t *testing.T) {
	summary, quotes := sound()
	quotes[0].Hash, quotes[2].Article = "", "three"
	err := Verify(summary, quotes, library)
	if err == nil || !strings.Contains(err.Error(), "sentence 1") || !strings.Contains(err.Error(), "sentence 3") || strings.Contains(err.Error(), "sentence 2") {
		t.Errorf("got %v", err)
	}
}

// Whatever passes is what it claims, and nothing panics.
func FuzzVerify(f *testing.F) {
	f.Add("a b. c", "a\n b. c", 0, 5, 5, 7)
	f.Add("", "", -1, 0, 3, 2)
	f.Fuzz(func(t *testing.T, summary, text string, start, end, start2, end2 int) {
		sum := sha256.Sum256([]byte(text))
		var quotes []newsletter.Quote
		for _, place := range [][2]int{{start, end}, {start2, end2}} {
			q := newsletter.Quote{Article: "a", Hash: hex.EncodeToString(sum[:]), Start: place[0], End: place[1], Text: summary}
			if q.Start >= 0 && q.End <= len(text) && q.Start < q.End {
				q.Text = strings.Join(strings.Fields(text[q.Start:q.End]), " ")
			}
			quotes = append(quotes, q)
		}
		if Verify(summary, quotes, func(string) (string, bool) { return text, true }) != nil {
			return
		}
		if want := strings.Join(strings.Fields(quotes[0].Text+" "+quotes[1].Text), " "); strings.Join(strings.Fields(summary), " ") != want {
			t.Errorf("%q passed for %q", summary, want)
		}
	})
}
