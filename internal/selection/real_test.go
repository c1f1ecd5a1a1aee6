package selection

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

// A report is an article of the collections that lie beside the project, as
// far as these tests use it.
type report struct {
	ID, Title, Text, Topic string
	Summary                []string
}

// reports reads collections of articles, or skips the test where they are not
// at hand.
func reports(t *testing.T, names ...string) (list []report) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("%s is not at hand: real articles are not part of the project", path)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var r report
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			r.Summary = strings.Split(strings.Join(r.Summary, "\n"), "\n")
			r.Title = cmp.Or(r.Title, r.Summary[0])
			list = append(list, r)
		}
	}
	return list
}

func news(t *testing.T) []report {
	return reports(t, "summaries/cnn-dev507.jsonl", "summaries/dailymail-dev200.jsonl", "topics/bbc-dev.jsonl")
}

// sameEvents are groups of articles that were read and found to report one
// event, by the beginning of their ids. Those whose texts are equal are not
// listed.
var sameEvents = []string{
	"bbc/sport/181 bbc/sport/182", "bbc/sport/432 bbc/sport/438", "bbc/sport/289 bbc/sport/406",
	"bbc/sport/425 bbc/sport/433", "bbc/tech/064 bbc/tech/338", "bbc/tech/095 bbc/tech/311",
	"bbc/sport/444 bbc/sport/458", "bbc/politics/111 bbc/politics/293", "bbc/tech/043 bbc/tech/326",
	"bbc/politics/175 bbc/politics/349", "bbc/tech/101 bbc/tech/123", "bbc/business/074 bbc/business/092",
	"bbc/politics/122 bbc/politics/382", "bbc/sport/331 bbc/sport/339", "bbc/politics/081 bbc/politics/141",
	"bbc/politics/218 bbc/politics/252", "bbc/business/065 bbc/business/075",
	"a1bc1f5f5c206185 a3f31379d5352337", "f066da190fe6e01c 9e3370f6f787eb19", "219c198858e62278 2cd984b2fa48faf5",
	"3fb1eacf81fb9847 07d4f94c79db2293", "eab5d58a023bda80 a4e6b5d80eaa9e21",
}

// eitherWay are groups that report one course of events at different points:
// an editor may well join them or not. They count neither way.
var eitherWay = []string{
	"a3455fb9c4a614cf a46f84f32b5b1384", "75c7f75d1804f64b 8d36bc459169d1ec", "62e1b6b42dac5f68 313c3692b8565e85",
	"bbc/entertainment/152 bbc/entertainment/163", "d3dfa70806d8ea6e 7fb9b49349234e7d", "6370b2e70a914c72 d9e5ffa1a7882281",
	"bbc/sport/050 bbc/sport/051", "bbc/politics/154 bbc/politics/186",
}

// A labelled article says which event it reports and how it was made.
type labelled struct {
	article newsletter.Article
	event   string
	kind    string
	course  string // of events that count neither way
}

// naturals are the reports as they are, each from another source and all of
// one day: no date tells the chapters of a long story apart.
func naturals(list []report) []labelled {
	var out []labelled
	texts := map[string]string{}
	for i, r := range list {
		text := fold(r.Text)
		if texts[text] == "" {
			texts[text] = eventOf(sameEvents, r.ID)
		}
		event := texts[text]
		out = append(out, labelled{
			article: newsletter.Article{
				ID: r.ID, Source: fmt.Sprint("source", i%7), Title: r.Title, Text: r.Text, State: newsletter.New,
				Published: now.Add(-time.Duration(i%24) * time.Hour), FirstSeen: now.Add(-time.Hour),
			},
			event: event, kind: "as it is", course: eventOf(eitherWay, r.ID),
		})
	}
	return out
}

func eventOf(groups []string, id string) string {
	for _, group := range groups {
		for _, member := range strings.Fields(group) {
			if strings.HasPrefix(id, member) {
				first, _, _ := strings.Cut(group, " ")
				return first
			}
		}
	}
	return id
}

var sentenceEnd = regexp.MustCompile(`([.!?]["”’]?)\s+`)

func sentencesIn(text string) []string {
	return strings.Split(sentenceEnd.ReplaceAllString(text, "$1\x00"), "\x00")
}

// synonyms stand for an editor's other words.
var synonyms = strings.NewReplacer(
	" said ", " stated ", " says ", " claims ", " has been ", " was ", " will be ", " is to be ", " also ", " as well ", " after ", " following ",
	" because ", " since ", " but ", " yet ", " about ", " around ", " first ", " initial ", " people ", " persons ", " told ", " informed ",
	" would ", " might ", " more than ", " over ", " year ", " twelvemonth ", " big ", " large ", " began ", " started ", " the ", " that ",
)

// reworded says a sentence in other words: hardly five of them stay in a row.
func reworded(sentence string) string {
	if head, tail, ok := strings.Cut(sentence, ", "); ok && len(tail) > 20 {
		sentence = strings.TrimRight(tail, ".") + ", " + head + "."
	}
	words := strings.Fields(synonyms.Replace(sentence))
	for i := 3; i < len(words); i += 4 {
		if w := words[i]; strings.ToLower(w) == w && !strings.ContainsAny(w, "0123456789") {
			words[i] = []string{"quite", "some", "then", "even"}[i/4%4]
		}
	}
	return strings.Join(words, " ")
}

// notices are what sources set around their articles.
var notices = []string{
	"Follow us for breaking news, sign up for our morning briefing and listen to the daily podcast. All rights reserved; no part may be used again without written consent of the publisher.",
	"You are reading the free edition. Support independent reporting by becoming a member today, from three coins a month, and cancel whenever you like.",
	"This story was supplied by a news agency and has not been edited by our staff. Send corrections to the desk. Terms of use and privacy policy apply to every page of this site.",
	"Advertisement. Share this article with your friends. Read more from this section. Comments are open for registered readers until midnight and are moderated.",
}

// variants are other sources' versions of one report.
func variants(r report, r7 *rand.Rand) []labelled {
	s := sentencesIn(r.Text)
	join := func(s []string) string { return strings.Join(s, " ") }
	around := func(text string) string {
		n := r7.IntN(len(notices))
		return notices[n] + "\n\n" + text + "\n\n" + notices[n]
	}
	rewrite := func(every int) []string {
		out := slices.Clone(s)
		for i := range out {
			if i%every == 0 {
				out[i] = reworded(out[i])
			}
		}
		return out
	}
	half := len(s) / 2
	texts := []struct{ kind, text string }{
		{"cut", join(s[:max(4, len(s)*11/20)])},
		{"reordered", join(slices.Concat(s[half:], s[:half]))},
		{"notices around", around(r.Text)},
		{"cut, notices around", around(join(s[:max(4, len(s)*7/10)]))},
		{"a third reworded", join(rewrite(3))},
		{"all reworded", join(rewrite(1))},
	}
	if len(r.Summary) > 2 {
		texts = append(texts, struct{ kind, text string }{"brief", join(r.Summary)})
	}
	title := join(strings.Fields(s[0])[:min(9, len(strings.Fields(s[0])))])
	if len(r.Summary) > 1 {
		title = r.Summary[1]
	}
	var out []labelled
	for i, v := range texts {
		a := newsletter.Article{
			ID: fmt.Sprint(r.ID, "+", i), Source: fmt.Sprint("source", i%4), Title: r.Title, Text: v.text, State: newsletter.New,
			Published: now.Add(-time.Duration(r7.IntN(30)) * time.Hour), FirstSeen: now.Add(-time.Hour),
		}
		if i%2 == 1 {
			a.Title = title
		}
		out = append(out, labelled{article: a, event: r.ID, kind: v.kind})
	}
	return out
}

// A tally counts pairs of articles that were joined, should have been, or both.
type tally struct{ right, wrong, missed int }

func (t tally) precision() float64 { return float64(t.right) / float64(max(1, t.right+t.wrong)) }
func (t tally) recall() float64    { return float64(t.right) / float64(max(1, t.right+t.missed)) }
func (t tally) String() string {
	return fmt.Sprintf("precision %.4f, recall %.3f (%d right, %d wrong, %d missed)", t.precision(), t.recall(), t.right, t.wrong, t.missed)
}

func (t tally) atLeast(test *testing.T, precision, recall float64) {
	test.Helper()
	if t.precision() < precision || t.recall() < recall {
		test.Errorf("%v, want at least %.3f and %.3f", t, precision, recall)
	}
}

func (t tally) plus(u tally) tally {
	return tally{t.right + u.right, t.wrong + u.wrong, t.missed + u.missed}
}

// judge selects among the articles and counts pairs, those of equal texts
// apart, and by its kind each join that was made.
func judge(t *testing.T, list []labelled, joins map[string]tally) (pairs tally) {
	t.Helper()
	byID := map[string]labelled{}
	var articles []newsletter.Article
	for _, l := range list {
		byID[l.article.ID] = l
		articles = append(articles, l.article)
	}
	story := map[string]int{}
	why := map[string]string{}
	got := Select(&newsletter.Publication{}, articles, Options{Now: now})
	for n, s := range got.Stories {
		for _, a := range append([]newsletter.Article{s.Lead}, s.Others...) {
			story[a.ID] = n
		}
	}
	for _, j := range got.Joins {
		why[j.Article+j.With], why[j.With+j.Article] = j.Why, j.Why
		kind, _, _ := strings.Cut(j.Why, ":")
		switch a, b := byID[j.Article], byID[j.With]; {
		case a.event == b.event:
			joins[kind] = joins[kind].plus(tally{right: 1})
		case a.course == "" || a.course != b.course:
			joins[kind] = joins[kind].plus(tally{wrong: 1})
		}
	}
	for i, a := range list {
		for _, b := range list[:i] {
			joined, same := story[a.article.ID] == story[b.article.ID], a.event == b.event
			if !joined && !same || a.course == b.course && a.course != "" && !same || fold(a.article.Text) == fold(b.article.Text) {
				continue
			}
			switch {
			case joined && same:
				pairs.right++
			case joined:
				pairs.wrong++
				t.Logf("wrong: %s with %s: %.60q %.60q: %s", a.article.ID, b.article.ID, a.article.Title, b.article.Title, why[a.article.ID+b.article.ID])
			default:
				pairs.missed++
				if a.kind == "as it is" && b.kind == a.kind {
					t.Logf("missed: %s with %s: %.60q %.60q", a.article.ID, b.article.ID, a.article.Title, b.article.Title)
				}
			}
		}
	}
	return pairs
}

func TestStoriesOfRealArticles(t *testing.T) {
	joins := map[string]tally{}
	got := judge(t, naturals(news(t)), joins)
	t.Logf("pairs: %v", got)
	logJoins(t, joins)
	got.atLeast(t, 0.98, 0.5)
}

// TestStoriesOfVariants sets each report among all others and one version of
// itself, kind by kind, so that no version leads to another.
func TestStoriesOfVariants(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	list := news(t)
	base := naturals(list)
	kinds := map[string][]labelled{}
	for i, report := range list {
		if i%3 == 0 && len(sentencesIn(report.Text)) > 7 && !strings.HasPrefix(report.Title, "This page includes") {
			for _, v := range variants(report, r) {
				v.event, v.course = base[i].event, base[i].course
				kinds[v.kind] = append(kinds[v.kind], v)
			}
		}
	}
	var all tally
	joins := map[string]tally{}
	for _, kind := range sortedKeys(kinds) {
		got := judge(t, slices.Concat(base, kinds[kind]), joins)
		t.Logf("%-20s %v", kind, got)
		all = all.plus(got)
	}
	t.Logf("%-20s %v", "all", all)
	logJoins(t, joins)
	all.atLeast(t, 0.995, 0.95)
}

// TestStoriesOfSmallPublications draws pools in which no word can prove how
// rare it is: neighbours in the collection, of one topic, and versions of two.
func TestStoriesOfSmallPublications(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	list := news(t)
	base := naturals(list)
	for _, size := range []int{6, 12, 25, 60} {
		var all tally
		for range 60 {
			at := r.IntN(len(base) - size)
			pool := slices.Clone(base[at : at+size])
			for _, n := range r.Perm(size)[:2] {
				for _, v := range variants(list[at+n], r) {
					v.event, v.course = base[at+n].event, base[at+n].course
					pool = append(pool, v)
				}
			}
			all = all.plus(judge(t, pool, map[string]tally{}))
		}
		t.Logf("%d articles: %v", size, all)
		all.atLeast(t, 0.98, 0.8)
	}
}

func logJoins(t *testing.T, joins map[string]tally) {
	t.Helper()
	for _, kind := range sortedKeys(joins) {
		j := joins[kind]
		t.Logf("joined for %q: %d right, %d wrong", kind, j.right, j.wrong)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
