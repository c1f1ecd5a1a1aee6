package guard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/summary"
)

// extracts are summaries made of a text's own sentences: the best, every
// third, all of them from the last to the first.
func extracts(text, language string) []string {
	sentences := summary.Split(text, language)
	var third, back []string
	for i := range sentences {
		if i%3 == 0 {
			third = append(third, sentences[i].Text)
		}
		back = append(back, sentences[len(sentences)-1-i].Text)
	}
	return []string{
		summary.Summarize([]newsletter.Article{{Text: text}}, summary.Options{Words: 60, Language: language}).Text(),
		strings.Join(third, " "),
		strings.Join(back, "\n"),
	}
}

func mustPass(t *testing.T, text, language string) {
	t.Helper()
	for _, extract := range extracts(text, language) {
		if v := Check(text, extract, language); strings.TrimSpace(extract) != "" && !v.OK {
			t.Fatalf("the source's own sentences are faulted\nsource  %q\nsummary %q\n%+v", text, extract, v.Faults)
		}
	}
}

func TestOwnSentencesPass(t *testing.T) {
	for _, text := range []string{
		bread,
		"Heading\n\nBy Jane Doe.\n\nIt rained. It did not snow. It rained.",
		"The end came late.The crowd left. “Stay. Please!” (He left.) 'Tis so.",
		"Mr. Smith did not go to the U.S. How are you? Dr. No stayed.",
		"We need:\n• leeks\n• salt\n1. Wash them. 2. Cut them.",
		"eBay did not grow. iPhone sales fell by 3.5 percent. e. e. cummings never wrote.",
		"昨日は雨が降りました。今日は晴れています。",
		strings.Repeat("Not a word. Not, a word! ", 50),
	} {
		for _, language := range []string{"en", "de", "fr", ""} {
			mustPass(t, text, language)
		}
	}
}

func TestOwnSentencesOfRealArticlesPass(t *testing.T) {
	seen := make(map[string]bool) // an article has several summaries
	for _, l := range readCliff(t) {
		if !seen[l.ID] {
			mustPass(t, l.Text, "en")
		}
		seen[l.ID] = true
	}
	files, err := filepath.Glob("../../../shared/data/seed/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mustPass(t, string(text), "en")
	}
}

// Only whole sentences are verbatim: cut in the middle they may say something
// else.
func TestCoversWholeSentencesOnly(t *testing.T) {
	v := newVerbatim("It is not true that bread rose. Critics deny that Mr. Smith stole bread. It rained.")
	for text, want := range map[string]bool{
		"It rained.":            true,
		"It rained. It rained.": true,
		"bread rose.":           false,
		"It is not true":        false,
		"Smith stole bread.":    false,
		"It rained. It is":      false,
		"It rained.It is not true that bread rose.": true,
	} {
		if got := v.covers(text); got != want {
			t.Errorf("covers(%q) = %v", text, got)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(bread, "Bread costs 1,300 euros, said “Anna”.", "en")
	f.Add("A. B\n\nC! d.E “F.” G", "A. C!", "de")
	f.Add("1.2.3 20.11.2026 5 % $3bn l’eau U.S. 1 200", "3,4 2026-11-20", "fr")
	f.Add("Mr. X did not. No 1.", "\u0301 \xff two trillion trillion trillion", "")
	f.Add("。。「あ。」", "«x» ‘y’ 'z' \"", "it")
	f.Fuzz(func(t *testing.T, source, other, language string) {
		v := Check(source, other, language)
		if v.OK != (len(v.Faults) == 0) {
			t.Fatalf("OK is %v with faults %+v", v.OK, v.Faults)
		}
		for _, fault := range v.Faults {
			if fault.Kind == "" || fault.Why == "" {
				t.Fatalf("a fault without a reason: %+v", fault)
			}
		}
		mustPass(t, source, language)
	})
}

// A hostile text must not cost more than its length.
func TestCheckTakesBoundedTime(t *testing.T) {
	for _, unit := range []string{"a", "a. ", "A ", "\"", "'a' ", "1.", "1 ", "not ", "May 1 ", "A. b ", "l'", "。", "twenty ", "Ab\n"} {
		source := strings.Repeat(unit, 20_000/len(unit))
		start := time.Now()
		Check(source, source[:len(source)/4]+"x", "en")
		Check(source, source[:len(source)/4], "fr")
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q repeated took %v", unit, took)
		}
	}
}
