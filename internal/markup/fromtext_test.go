package markup

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testLabels are the topics that the tests' publication knows.
var testLabels = []string{"Europe", "europe", "Ukraine", "War in Ukraine", "Regions", "Transport", "World", "Arts & Culture", "EU"}

// report shows what was extracted, for golden files.
func report(x Extracted) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("title", x.Title)
	line("author", x.Author)
	line("link", x.Link)
	line("language", x.Language)
	line("image", strings.TrimSpace(x.Image.URL+" "+x.Image.Alt))
	line("labels", strings.Join(x.Labels, "; "))
	if !x.Published.IsZero() {
		line("published", x.Published.Format(time.RFC3339))
	}
	if x.Hold {
		line("hold", "true")
	}
	for _, d := range x.Dropped {
		line("dropped", d.Why+": "+d.Text)
	}
	fmt.Fprintf(&b, "\n%s\n", x.Text)
	return b.String()
}

func TestFromText(t *testing.T) {
	for _, file := range inputs(t, "pasted/*.txt") {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			x := FromText(string(data), testLabels)
			golden(t, strings.TrimSuffix(file, ".txt")+".golden", report(x))
			checkNothingLost(t, string(data))
		})
	}
}

// checkNothingLost wants every paragraph of the input to be the title, a line
// that told something, in the text, or dropped with a reason.
func checkNothingLost(t *testing.T, input string) {
	t.Helper()
	r := reading{labels: newLabelBook(testLabels)}
	r.split(input)
	var all []string
	for _, p := range r.paragraphs {
		all = append(all, p.text)
	}
	if got, want := words(strings.Join(all, " ")), words(clip(input)); !slices.Equal(got, want) {
		t.Errorf("splitting changed the words:\n%q\n%q", want, got)
	}
	x := r.apply(pastedRules)
	body := strings.Split(x.Text, "\n\n")
	var out []string
	for _, d := range x.Dropped {
		if d.Why == "" {
			t.Errorf("%q was dropped without a reason", d.Text)
		}
		out = append(out, d.Text)
	}
	for _, text := range all {
		switch {
		case slices.Contains(body, text), slices.Contains(out, text), finishTitle(text) == x.Title, r.isMeta(text):
		case slices.ContainsFunc(out, func(d string) bool { return slices.Contains(body, strings.TrimSpace(strings.TrimPrefix(text, d))) }):
		default:
			t.Errorf("%q is lost; %s", text, report(x))
		}
	}
}

func FuzzFromText(f *testing.F) {
	f.Add("Tagline\n\nA headline about rivers\nEurope Ukraine\n\nA headline about rivers\n\nBERLIN (x) — The river rose again.")
	f.Add("A.\nB\nC\n\nBy Ann Ash\n12 March 2024\nhttps://example.org/")
	f.Add("Workers stand in Oberlenn, Lennland, Jan. 8, 2024")
	f.Fuzz(func(t *testing.T, s string) { checkNothingLost(t, s) })
}

func TestCategoryLine(t *testing.T) {
	tests := []struct {
		name, line string
		want       []string
	}{
		{"words", "Europe Ukraine", []string{"Europe", "Ukraine"}},
		{"case", "EUROPE ukraine", []string{"EUROPE", "ukraine"}},
		{"separators", "Europe, Ukraine / World | EU · Regions • Transport", []string{"Europe", "Ukraine", "World", "EU", "Regions", "Transport"}},
		{"longest first", "War in Ukraine Europe", []string{"War in Ukraine", "Europe"}},
		{"label with a sign", "Arts & Culture | EU", []string{"Arts & Culture", "EU"}},
		{"twice", "Europe | Europe", []string{"Europe"}},
		{"hash tags", "#Europe #Ukraine", []string{"Europe", "Ukraine"}},
		{"said to be topics", "Topics: Bridges, Europe", []string{"Bridges", "Europe"}},
		{"one unknown word", "Europe Ukraine today", nil},
		{"a sentence", "Europe and Ukraine agree", nil},
		{"nothing", " | ", nil},
	}
	book := newLabelBook(testLabels)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := book.line(tt.line)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestByline(t *testing.T) {
	tests := []struct{ line, want string }{
		{"By Jane Doe", "Jane Doe"},
		{"by Jane Doe", "Jane Doe"},
		{"By JANE DOE, Reuters", "JANE DOE"},
		{"By Jane Doe and John Roe", "Jane Doe and John Roe"},
		{"By Jane Doe, John Roe and Ann Poe", "Jane Doe, John Roe and Ann Poe"},
		{"By Jane Doe for The Ledger", "Jane Doe"},
		{"By Jonas van der Berg", "Jonas van der Berg"},
		{"By Jane Doe, 12 March 2024", "Jane Doe"},
		{"Von Änne Öhler", "Änne Öhler"},
		{"By J. R. Smith-O’Neill", "J. R. Smith-O’Neill"},
		{"By: Jane Doe", "Jane Doe"},
		{"Door Anna de Vries", "Anna de Vries"},
		{"di Mario Rossi", "Mario Rossi"},
		{"Di Maria Scores Twice", ""},
		{"By Monday, the talks had failed.", ""},
		{"By the time they arrived", ""},
		{"By 2030", ""},
		{"Jane Doe", ""},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			if m, _ := byline(tt.line); m.author != tt.want {
				t.Errorf("got %q, want %q", m.author, tt.want)
			}
		})
	}
}

func TestDateLine(t *testing.T) {
	tests := []struct{ line, want string }{
		{"2024-03-12", "2024-03-12T00:00:00Z"},
		{"2024-03-12T18:30:00+01:00", "2024-03-12T17:30:00Z"},
		{"12 March 2024", "2024-03-12T00:00:00Z"},
		{"March 12, 2024", "2024-03-12T00:00:00Z"},
		{"Sept. 1st, 2024", "2024-09-01T00:00:00Z"},
		{"Monday, 12 March 2024 at 10:15 GMT", "2024-03-12T10:15:00Z"},
		{"Published: Mar 12, 2024, 12:05 a.m.", "2024-03-12T00:05:00Z"},
		{"March 12, 2024 7:15 PM EST", "2024-03-12T00:00:00Z"},
		{"Last updated on 12 March 2024", "2024-03-12T00:00:00Z"},
		{"12.3.2024", "2024-03-12T00:00:00Z"},
		{"25/12/2024", "2024-12-25T00:00:00Z"},
		{"12/25/2024", "2024-12-25T00:00:00Z"},
		{"11/12/2024", "ambiguous"},
		{"Published 10:15, 12 March 2024", "2024-03-12T10:15:00Z"},
		{"Updated 10:15 pm GMT, Tuesday, March 12, 2024", "2024-03-12T22:15:00Z"},
		{"Updated on: March 12, 2024 / 10:07 AM", "2024-03-12T10:07:00Z"},
		{"2024/03/12 10:15", "2024-03-12T10:15:00Z"},
		{"Veröffentlicht am 12. März 2024, 10:15 Uhr", "2024-03-12T10:15:00Z"},
		{"Stand: Dienstag, 12. März 2024", "2024-03-12T00:00:00Z"},
		{"Publié le mardi 12 mars 2024 à 10h15", "2024-03-12T10:15:00Z"},
		{"Mis à jour le 1er août 2024", "2024-08-01T00:00:00Z"},
		{"12 de marzo de 2024 a las 10:15", "2024-03-12T10:15:00Z"},
		{"Pubblicato il 12 marzo 2024 alle ore 10:15", "2024-03-12T10:15:00Z"},
		{"Gepubliceerd op dinsdag 12 maart 2024 om 10:15 uur", "2024-03-12T10:15:00Z"},
		{"Published 2 hours ago", "ambiguous"},
		{"2 hours ago", ""},
		{"12 Leute 2024", ""},
		{"Le 12 mars 2024, le port a rouvert", ""},
		{"31 February 2024", ""},
		{"March 12, 2024, in Vienna", ""},
		{"12 March", ""},
		{"In March 2024", ""},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			at, _, ok := dateLine(tt.line)
			got := ""
			switch {
			case ok && at.IsZero():
				got = "ambiguous"
			case ok:
				got = at.UTC().Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDateline(t *testing.T) {
	tests := []struct{ text, want string }{
		{"VIENNA, 12 March — The talks go on for another day.", "VIENNA, 12 March — "},
		{"BERLIN (Agency) — The talks go on for another day.", "BERLIN (Agency) — "},
		{"KYIV, Ukraine (AP) -- “The talks go on for another day.”", "KYIV, Ukraine (AP) -- "},
		{"Berlin (dpa) - The talks go on for another day.", "Berlin (dpa) - "},
		{"LONDON, March 5 - The talks go on for another day.", "LONDON, March 5 - "},
		{"NATO — the alliance — said so on Monday.", ""},
		{"Smith (Labour) — who lost — said so on Monday.", ""},
		{"USA - China talks go on for another day.", ""},
		{"The talks — so they say — go on.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := tt.text[:datelineLength(tt.text)]; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNotices(t *testing.T) {
	tests := []struct{ line, want string }{
		{"Advertisement", "is an advertisement"},
		{"ADVERTISEMENT:", "is an advertisement"},
		{"Story continues below advertisement", "is an advertisement"},
		{"Read more: Another story.", "points to another article"},
		{"Related articles", "points to another article"},
		{"Share this article", "is an invitation to share"},
		{"Facebook Twitter Email", "is an invitation to share"},
		{"12 comments", "is an invitation to share"},
		{"© 2024 The Ledger", "is a copyright notice"},
		{"Copyright 2024 The Ledger. All rights reserved.", "is a copyright notice"},
		{"Skip to main content", "belongs to the web page"},
		{"5 min read", "belongs to the web page"},
		{"– Anzeige –", "is an advertisement"},
		{"Lesen Sie auch: Was nun?", "points to another article"},
		{"À lire aussi : Le port rouvre", "points to another article"},
		{"Te puede interesar: El puerto", "points to another article"},
		{"Leggi anche il nostro speciale", "points to another article"},
		{"Lees ook dit stuk over de haven.", "points to another article"},
		{"▶ Five things to know", "points to another article"},
		{"View this post on Instagram", "comes from another site"},
		{"pic.twitter.com/a1b2c3", "comes from another site"},
		{"Home > News > World", "leads through the site"},
		{"Tous droits réservés", "is a copyright notice"},
		{"Artikel teilen", "is an invitation to share"},
		{"23 Kommentare", "is an invitation to share"},
		{"Tiempo de lectura: 4 minutos", "belongs to the web page"},
		{"Wir verwenden Cookies.", "belongs to the web page"},
		{"Mit Material von dpa", "credits editors and agencies"},
		{"This article was originally published by The Ledger.", "credits editors and agencies"},
		{"Share prices fell on Monday.", ""},
		{"“You must write to our newsroom,” it read.", ""},
		{"Follow the money, the prosecutor told the jury.", ""},
		{"Get the story right and nobody thanks you.", ""},
		{"Lesen Kinder weniger als früher?", ""},
		{"Leggi e decreti sono stati approvati dal Senato.", ""},
		{"Más de mil personas perdieron sus casas.", ""},
		{"Facebook said that it would appeal.", ""},
		{"Readers asked for more.", ""},
		{"Read more into it than there is, and you are lost.", ""},
		{"Copyright law was changed on Monday.", ""},
		{"Home is where they stayed.", ""},
		{"Comments like these hurt, she said.", ""},
		{"Related parties must be named.", ""},
		{"Subscribers left in droves.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			r := reading{}
			r.split(tt.line)
			dropNotices(&r)
			if got := r.paragraphs[0].why; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHeadline(t *testing.T) {
	const body = "\n\nThe river has risen by two metres since Monday, the water authority said.\n\nIt expects no floods."
	tests := []struct{ name, top, want string }{
		{"first line", "River rises by two metres", "River rises by two metres"},
		{"full stop goes", "River rises.\nEurope", "River rises"},
		{"ellipsis stays", "River rises and rises...", "River rises and rises..."},
		{"question", "Will the river rise?", "Will the river rise?"},
		{"slogan before", "Stay dry, stay bold\n\nRiver rises by two metres", "River rises by two metres"},
		{"deck after", "River rises by two metres\n\nAuthority expects a quiet week", "River rises by two metres"},
		{"twice, other quotes", "Slogan of the site\n\n‘River’ rises by two metres\n\n\"River\" rises by two metres", "‘River’ rises by two metres"},
		{"with the site's name", "River rises | The Ledger\n\nRiver rises", "River rises"},
		{"almost twice", "The river has risen by two metres since Monday morning\n\nRiver has risen by two metres since Monday morning", "The river has risen by two metres since Monday morning"},
		{"caption is none", "River rises by two metres\n\nThe river in Lennland, Europe, on May 3, 2024", "River rises by two metres"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FromText(tt.top+body, testLabels).Title; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	const body = "\n\nThe river has risen by two metres since Monday, the water authority said.\n\nIt expects no floods, for the rain has stopped.\n\nThe bridge at the mill stays closed until Friday."
	tests := []struct{ name, top string }{
		{"line below the headline", "River rises by two metres\n\nWhat it means for ferries and their owners"},
		{"line that trails off", "River rises by two metres\n\nGetting the player ready..."},
		{"kicker with a colon", "Lennland ferries:\n\nRiver rises by two metres"},
		{"place and day", "River rises by two metres\n\nOberlenn, 12 March 2024"},
		{"path of the site", "Home > News > World\n\nRiver rises by two metres"},
		{"slogan in common words", "All the rivers, every day\n\nRiver rises by two metres"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := FromText(tt.top+body, testLabels)
			if x.Title != "River rises by two metres" || !strings.HasPrefix(x.Text, "The river has risen") || !strings.HasSuffix(x.Text, "Friday.") {
				t.Errorf("%s", report(x))
			}
		})
	}
}

func TestListBelowPointer(t *testing.T) {
	const body = "River rises\n\nThe river has risen by two metres.\n\n"
	x := FromText(body+"Related articles\n\n1. Harbour reopens\n\nMuseum returns bells\n\nThe bridge stays closed until Friday.", nil)
	if want := "The river has risen by two metres.\n\nThe bridge stays closed until Friday."; x.Text != want {
		t.Errorf("%s", report(x))
	}
	x = FromText(body+"Three measures\n\n1. More trees\n\n2. Less asphalt\n\nThe bridge stays closed until Friday.", nil)
	if !strings.Contains(x.Text, "1. More trees") {
		t.Errorf("a list of the article's own is gone: %s", report(x))
	}
}

func BenchmarkFromText(b *testing.B) {
	data, err := os.ReadFile("testdata/pasted/tagline-and-captions.txt")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		FromText(string(data), testLabels)
	}
}
