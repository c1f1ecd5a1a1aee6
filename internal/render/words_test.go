package render

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestWords(t *testing.T) {
	first, later := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		language                          string
		dateline, date                    string
		none, one, many, minutes, because string
	}{
		{"en", "Sunday, 1 November 2026", "20 March 2026", "0 stories", "1 story", "12 stories", "3 min read", "You receive The Post because you asked for these topics: Art."},
		{"de", "Sonntag, 1. November 2026", "20. März 2026", "0 Beiträge", "1 Beitrag", "12 Beiträge", "3 Min. Lesezeit", "Sie erhalten The Post, weil Sie diese Themen gewählt haben: Art."},
		{"fr", "dimanche 1er novembre 2026", "20 mars 2026", "0 article", "1 article", "12 articles", "3 min de lecture", "Vous recevez The Post parce que vous avez choisi ces thèmes : Art."},
		{"es", "domingo, 1 de noviembre de 2026", "20 de marzo de 2026", "0 artículos", "1 artículo", "12 artículos", "3 min de lectura", "Recibes The Post porque elegiste estos temas: Art."},
		{"it", "domenica 1º novembre 2026", "20 marzo 2026", "0 articoli", "1 articolo", "12 articoli", "3 min di lettura", "Ricevi The Post perché hai scelto questi argomenti: Art."},
		{"nl", "zondag 1 november 2026", "20 maart 2026", "0 artikelen", "1 artikel", "12 artikelen", "3 min leestijd", "Je ontvangt The Post omdat je deze onderwerpen hebt gekozen: Art."},
	} {
		t.Run(test.language, func(t *testing.T) {
			w, err := wordsFor(plain(t).Words, test.language)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{
				w.date(w.Dateline, first), w.date(w.Date, later), w.count(w.Stories, 0), w.count(w.Stories, 1), w.count(w.Stories, 12),
				w.count(w.Minutes, 3), strings.ReplaceAll(w.because("The Post", "Art"), "\u00a0", " "),
			}
			want := []string{test.dateline, test.date, test.none, test.one, test.many, test.minutes, test.because}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOwnWords: a publication changes single words, speaks a dialect, or adds a
// language with plural forms that English has not.
func TestOwnWords(t *testing.T) {
	theme := plain(t)
	english := theme.Words[1].Content
	add := func(name, content string) {
		theme.Words = append(theme.Words, newsletter.ThemeFile{Name: "templates/words/" + name, Content: content})
	}
	add("de.yaml", "unsubscribe: Tschüss")
	add("de-AT.yaml", "unsubscribe: Baba\nmonths: [Jänner, Feber, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember]")
	add("pl.yaml", strings.Replace(english, `stories: {one: "{n} story", other: "{n} stories"}`, `stories: {one: "{n} tekst", few: "{n} teksty", many: "{n} tekstów", other: "{n} tekstu"}`, 1))
	for language, want := range map[string]string{
		"de": "Tschüss Januar", "de-CH": "Tschüss Januar", "de-AT": "Baba Jänner", "en-GB": "Unsubscribe January", "ja": "Unsubscribe January",
	} {
		w, err := wordsFor(theme.Words, language)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Unsubscribe + " " + w.Months[0]; got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	w, err := wordsFor(theme.Words, "pl")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{w.count(w.Stories, 1), w.count(w.Stories, 3), w.count(w.Stories, 5), w.count(w.Stories, 22)}
	if diff := cmp.Diff([]string{"1 tekst", "3 teksty", "5 tekstów", "22 teksty"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWordErrors(t *testing.T) {
	for _, test := range []struct{ name, file, content, want string }{
		{"a new language with half of the words", "da.yaml", "unsubscribe: Afmeld", `da.yaml: words are missing: "issue, in_this_issue, `},
		{"an unknown word", "de.yaml", "unsubscribe: Weg\nunsubscribed: Weg", `de.yaml:2: unknown field "unsubscribed"`},
		{"no YAML", "de.yaml", "unsubscribe: [", `de.yaml:1: `},
		{"a list for a word", "de.yaml", "\nunsubscribe: [a]", `de.yaml:2: `},
		{"too few months", "de.yaml", "first: 1.\nmonths: [Jan]", `de.yaml:2: there are 1 entries where 12 are due: "months"`},
		{"a place is missing", "de.yaml", "date: heute", `de.yaml:1: {day} is missing: "date"`},
		{"an unknown form", "de.yaml", "stories: {single: a, other: \"{n}\"}", `de.yaml:1: "single" is no plural form; there are zero, one, two, few, many, other: "stories"`},
		{"no form for all else", "de.yaml", "stories: {one: eins}", `de.yaml:1: the form "other" is missing, or {n} in it: "stories"`},
		{"two lines", "de.yaml", "issue: |\n  {key}\n  x", `de.yaml:1: the words are not on one line: "issue"`},
		{"no language", "klingonisch.yaml", "", `klingonisch.yaml: the file is not named after a language: "klingonisch"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			theme := plain(t)
			for file, content := range map[string]string{test.file: test.content, "de-AT.yaml": "unsubscribe: Baba"} {
				theme.Words = append(theme.Words, newsletter.ThemeFile{Name: "templates/words/" + file, Content: content})
			}
			_, err := New(publication(), theme, issue(), "", nonce) // in English: every language is checked
			var problem *newsletter.Problem
			if !errors.As(err, &problem) || problem.Mend == "" || !strings.HasPrefix(err.Error(), "templates/words/"+test.want) {
				t.Errorf("got  %v\nwant templates/words/%s…", err, test.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %v", err)
			}
		})
	}
}

func TestDirection(t *testing.T) {
	for language, want := range map[string]string{
		"en": "ltr", "ar": "rtl", "ar-Latn": "ltr", "he-IL": "rtl", "fa": "rtl", "ur": "rtl", "az": "ltr", "az-Arab": "rtl", "dv": "rtl", "uk": "ltr", "": "ltr",
	} {
		if got := direction(language); got != want {
			t.Errorf("%s: %s, want %s", language, got, want)
		}
	}
}

func TestReadingTime(t *testing.T) {
	for _, test := range []struct {
		text string
		want float64
	}{
		{"", 0},
		{"one two — three", 3},
		{"it's a well-known 3.5", 5},
		{"\u65e5\u672c\u8a9e\u306e\u65b0", 3},
	} {
		if got := countWords(test.text); got != test.want {
			t.Errorf("%q: %g words, want %g", test.text, got, test.want)
		}
	}
	if got := []int{minutes(0), minutes(300), minutes(1200)}; !cmp.Equal(got, []int{1, 1, 5}) {
		t.Errorf("got %d minutes", got)
	}
}
