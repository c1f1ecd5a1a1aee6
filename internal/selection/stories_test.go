package selection

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// prose makes sentences of eight words each that stand nowhere else.
func prose(seed uint64, sentences int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	list := make([]string, sentences)
	for i := range list {
		words := make([]string, 8)
		for j := range words {
			words[j] = fmt.Sprintf("%s%s%c", syllables[r.IntN(len(syllables))], syllables[r.IntN(len(syllables))], 'a'+rune(r.IntN(26)))
		}
		list[i] = strings.ToUpper(words[0][:1]) + strings.Join(words, " ")[1:] + "."
	}
	return list
}

var syllables = strings.Fields("bar tel mon kir sul vand ost perg lin dro quem hask fiv zol ruth nab wex jor tam ilk")

func passage(parts ...[]string) change { return text(strings.Join(slices.Concat(parts...), " ")) }
func title(s string) change            { return func(a *newsletter.Article) { a.Title = s } }

// Two reports of one event in words of their own, and a later chapter.
const (
	strike = "Tram drivers in Larvenport ended their strike on Tuesday after nine days, when the operator Velomar agreed to raise wages by 4.5 percent. " +
		"The union's leader Ada Quillfeather said that all 312 drivers would be back at work on Wednesday morning. " +
		"Velomar had first offered 2 percent. Mayor Jonas Brack, who brought both sides to one table, called the night of talks in the town hall a long one."
	strikeElsewhere = "Trams will run again in Larvenport from Wednesday morning. Velomar, the operator, and the union of Ada Quillfeather settled their quarrel on Tuesday: " +
		"wages rise by 4.5 percent, and 312 drivers end a strike of nine days. Jonas Brack, the mayor, had brought both to a table in the town hall, " +
		"where the talks lasted all night. The first offer of Velomar was 2 percent."
	strikeLater = "Larvenport's trams stood still again on Friday. Ada Quillfeather, who leads the drivers' union, accuses the operator Velomar of breaking its word: " +
		"new rosters cut the breaks from thirty to twenty minutes, and the pay slips of November showed nothing of the rise. " +
		"A court hears the complaint next week. Passengers waited in the rain at Market Square, where buses came every hour."
)

func TestJoins(t *testing.T) {
	common, notice := prose(1, 20), prose(2, 6)
	tests := []struct {
		name     string
		articles []newsletter.Article
		want     []string
	}{
		{
			"same link, same text",
			[]newsletter.Article{
				article("a", text(long), link("https://x.example/1")), article("b", link("https://x.example/1#top")), article("c", text(long)),
			},
			[]string{"b with a: same link", "c with a: same text"},
		},
		{
			"through a third",
			[]newsletter.Article{
				article("a", text(long+" And more was said than done.")), article("b", link("https://example.org/a"), text(long)), article("c", text(long)),
			},
			[]string{"b with a: same link", "c with b: same text"},
		},
		{
			"cut",
			[]newsletter.Article{article("a", passage(common)), article("b", passage(common[:12]))},
			[]string{"b with a: near-duplicate: 100 % of the words in common runs"},
		},
		{
			"in another order, some of it edited",
			[]newsletter.Article{article("a", passage(common)), article("b", passage(common[10:], common[:8], prose(9, 1)))},
			[]string{"b with a: near-duplicate: 94 % of the words in common runs"},
		},
		{
			"notices around, which others have too",
			[]newsletter.Article{
				article("a", passage(common[:12])), article("b", passage(notice[:3], common[:12], notice[3:])),
				article("c", passage(notice[:3], prose(3, 12), notice[3:])), article("d", passage(notice[:3], prose(4, 12), notice[3:])),
			},
			[]string{"a with b: near-duplicate: 100 % of the words in common runs"},
		},
		{
			"one event in other words",
			[]newsletter.Article{
				article("a", text(strike), title("Larvenport tram strike ends after nine days"), source("agency")),
				article("b", text(strikeElsewhere), title("Nine days of strike are over: trams run again in Larvenport")),
			},
			[]string{"b with a: same event: title and beginning share 312, Larvenport, Quillfeather, Tuesday, within an hour"},
		},
		{
			"its next chapter is another story",
			[]newsletter.Article{
				article("a", text(strike), title("Larvenport tram strike ends after nine days")),
				article("b", text(strikeLater), title("Larvenport trams stand still again")),
			},
			nil,
		},
		{
			"the same words, days apart, are of another event",
			[]newsletter.Article{
				article("a", text(strike), title("Larvenport tram strike ends after nine days")),
				article("b", text(strikeElsewhere), title("Nine days of strike are over: trams run again in Larvenport"), published(3*day)),
			},
			nil,
		},
		{
			"a digest does not tie its items together",
			[]newsletter.Article{
				article("a", passage(prose(5, 6))), article("b", passage(prose(6, 6))), article("c", passage(prose(7, 6))),
				article("d", title("The morning in three minutes"), passage(prose(5, 6), prose(6, 6), prose(7, 6))),
			},
			nil,
		},
		{
			"a programme's episodes",
			[]newsletter.Article{
				article("a", title("The week on air, 12 March"), passage(prose(5, 8), common)), article("b", title("The week on air, 19 March"), passage(prose(6, 8), common)),
				article("c", title("The week on air, 26 March"), passage(prose(7, 8), common)),
			},
			nil,
		},
		{
			"teasers under one notice",
			[]newsletter.Article{
				article("a", title("Ferry runs aground"), passage(prose(5, 2), common)), article("b", title("Wheat is dearer"), passage(prose(6, 2), common)),
				article("c", title("Museum opens"), passage(prose(7, 2), common)),
			},
			nil,
		},
		{
			"a report filled in day by day",
			[]newsletter.Article{
				article("a", title("Markets close higher"), text(market("4,512", "Orlen Foods", "1.2"))),
				article("b", title("Markets close lower"), text(market("4,398", "Brightwater Steel", "2.5"))),
			},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Select(&newsletter.Publication{}, tt.articles, Options{Now: now})
			var lines []string
			for _, j := range got.Joins {
				lines = append(lines, fmt.Sprintf("%s with %s: %s", j.Article, j.With, j.Why))
			}
			if diff := cmp.Diff(tt.want, lines); diff != "" {
				t.Errorf("joins (-want +got):\n%s", diff)
			}
		})
	}
}

// market is a report that a machine fills in.
func market(index, share, percent string) string {
	return "The index of the exchange closed at " + index + " points on the day. The best share was that of " + share +
		", which rose by " + percent + " percent. Traders spoke of a quiet session. Oil at " + index + " cents a litre and gold at " +
		percent + " marks an ounce moved little. Analysts of " + share + " expect no change before the " + percent + " percent mark."
}

func TestUpdates(t *testing.T) {
	old := prose(1, 10)
	delivered := article("old", passage(old), title("Bridge closed"), seen(5*day), published(5*day), state(newsletter.Spent, "2026-W46"))
	newer := func(id string, parts ...[]string) newsletter.Article {
		return article(id, title("Bridge closed"), passage(parts...), published(4*day), seen(3*day))
	}
	tests := []struct {
		name     string
		articles []newsletter.Article
		want     outcome
		updates  map[string]string
	}{
		{
			"many new sentences",
			[]newsletter.Article{delivered, newer("new", prose(2, 8), old)},
			outcome{Stories: []string{": new"}},
			map[string]string{"new": "2026-W46"},
		},
		{
			"few new sentences",
			[]newsletter.Article{delivered, newer("new", prose(2, 3), old)},
			outcome{Left: []string{"new: already delivered in 2026-W46"}},
			nil,
		},
		{
			"an older version that came late",
			[]newsletter.Article{delivered, article("new", passage(prose(2, 8), old), published(6*day))},
			outcome{Left: []string{"new: already delivered in 2026-W46"}},
			nil,
		},
		{
			"the same link with another text",
			[]newsletter.Article{delivered, article("new", link(delivered.Link), passage(prose(2, 8)))},
			outcome{Stories: []string{": new"}},
			map[string]string{"new": "2026-W46"},
		},
		{
			"an update and a copy of the old: only the update is news",
			[]newsletter.Article{delivered, newer("copy", old), newer("new", prose(2, 8), old)},
			outcome{Stories: []string{": new"}, Left: []string{"copy: already delivered in 2026-W46"}},
			map[string]string{"new": "2026-W46"},
		},
		{
			"an update of the update",
			[]newsletter.Article{
				delivered,
				article("second", passage(prose(2, 8), old), seen(4*day), published(4*day), state(newsletter.Spent, "2026-W47")),
				newer("third", prose(2, 8), old), newer("fourth", prose(3, 14), prose(2, 8), old),
			},
			outcome{Stories: []string{": fourth"}, Left: []string{"third: already delivered in 2026-W46"}},
			map[string]string{"fourth": "2026-W47"},
		},
		{
			"in the draft already",
			[]newsletter.Article{delivered, reserved(newer("new", prose(2, 8), old))},
			outcome{Stories: []string{": new"}},
			map[string]string{"new": "2026-W46"},
		},
		{
			"the editor dropped the story",
			[]newsletter.Article{delivered, article("no", link(delivered.Link), state(newsletter.Dropped, "")), newer("new", prose(2, 8), old)},
			outcome{Left: []string{"new: already delivered in 2026-W46"}},
			nil,
		},
		{
			"another report of the event",
			[]newsletter.Article{
				article("old", text(strike), title("Larvenport tram strike ends after nine days"), state(newsletter.Spent, "2026-W46"), seen(6*time.Hour), published(6*time.Hour)),
				article("new", text(strikeElsewhere), title("Nine days of strike are over: trams run again in Larvenport")),
			},
			outcome{Left: []string{"new: already delivered in 2026-W46"}},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Select(&newsletter.Publication{}, tt.articles, Options{Now: now, Issue: "2026-W48"})
			if diff := cmp.Diff(tt.want, describe(got)); diff != "" {
				t.Errorf("selection (-want +got):\n%s", diff)
			}
			if len(tt.updates) != len(got.Updates) || len(tt.updates) > 0 && !cmp.Equal(tt.updates, got.Updates) {
				t.Errorf("updates %v, want %v", got.Updates, tt.updates)
			}
			for _, l := range got.Left {
				if !slices.ContainsFunc(got.Joins, func(j Join) bool { return j.Article == l.Article.ID }) {
					t.Errorf("nothing says to what %s was joined", l.Article.ID)
				}
			}
		})
	}
}

func reserved(a newsletter.Article) newsletter.Article {
	a.State, a.Issue = newsletter.Reserved, "2026-W48"
	return a
}

func TestScores(t *testing.T) {
	got := Select(publication(), []newsletter.Article{
		article("a", text(long), topics("europe"), published(30*time.Hour), pinned), article("b", text(long), source("agency")),
		article("c"),
	}, Options{Now: now, TopicWeights: map[string]float64{"europe": 2, "ukraine": 3}})
	want := map[string]Score{
		"a": {Value: 3.295, Before: []string{"pinned by the editor"}, Factors: []Factor{
			{1.5, "source agency"}, {2, "topic europe"}, {1.5, "2 sources"}, {0.732, "30 h old"},
		}},
		"c": {Value: 0.991, Factors: []Factor{{1, "source desk"}, {1, "no topic"}, {1, "1 source"}, {0.991, "1 h old"}}},
	}
	for id, s := range got.Scores {
		s.Value = math.Round(s.Value*1000) / 1000
		for i, f := range s.Factors {
			s.Factors[i].Value = math.Round(f.Value*1000) / 1000
		}
		got.Scores[id] = s
	}
	if diff := cmp.Diff(want, got.Scores); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
}

func TestStories(t *testing.T) {
	got := Stories([]newsletter.Article{
		article("c"), article("b", text(long)), article("a", text(long), state(newsletter.Spent, "2026-W46")),
	})
	if diff := cmp.Diff([][]string{{"a", "b"}, {"c"}}, got); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
}

func TestSentenceLengths(t *testing.T) {
	tests := []struct {
		text string
		want []int
	}{
		{"", []int{0}},
		{"one two. three", []int{2, 1}},
		{"3.5 percent. “no!” she said", []int{3, 1, 2}},
		{"在乌克兰。战争", []int{4, 2}},
		{"broken \xff. \xff", []int{1, 0}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, sentenceLengths(tt.text)); diff != "" {
			t.Errorf("sentenceLengths(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// FuzzFingerprints: a passage of twelve words that two texts have in common
// gives them a fingerprint in common, and covered finds it.
func FuzzFingerprints(f *testing.F) {
	f.Add("a b c d e", "x y z", "1 2 3 4 5 6 7 8 9 10 11 12")
	f.Add("", "", "a a a a a a a a a a a a a a a")
	f.Fuzz(func(t *testing.T, one, other, common string) {
		x := newLexicon()
		parts := x.add(fold(one), fold(other), fold(common))
		passage := parts[2]
		a, b := slices.Concat(parts[0], passage), slices.Concat(passage, parts[1])
		seen := map[uint64]bool{}
		fingerprints(a, func(h uint64, _ int) { seen[h] = true })
		shared := false
		fingerprints(b, func(h uint64, _ int) { shared = shared || seen[h] })
		if len(passage) >= runLength+fingerprintWindow-1 && !shared {
			t.Errorf("no fingerprint in common: %q | %q | %q", one, common, other)
		}
		if n := count(covered(b, runsOf(a))); len(passage) >= runLength && n < len(passage) {
			t.Errorf("%d of %d words covered", n, len(passage))
		}
	})
}

// FuzzSelect: whatever the texts are, each article has one fate, and the order
// of the articles changes nothing.
func FuzzSelect(f *testing.F) {
	f.Add(strike, strikeElsewhere, strikeLater)
	f.Add(strings.Repeat("在", 60), "\xff\xfe\x00", strings.Repeat("a ", 100))
	f.Fuzz(func(t *testing.T, a, b, c string) {
		articles := []newsletter.Article{
			article("a", text(a), title(b)), article("b", text(b), title(c)), article("c", text(c), title(a)), article("d", text(a+b+c)),
			article("e", text(b+". "+a), state(newsletter.Spent, "2026-W46"), seen(2*day), published(2*day)),
		}
		got := Select(publication(), articles, Options{Now: now})
		n := len(got.Left)
		for _, s := range got.Stories {
			n += 1 + len(s.Others)
		}
		if n != 4 {
			t.Errorf("%d of 4 candidates have a fate", n)
		}
		slices.Reverse(articles)
		if diff := cmp.Diff(got, Select(publication(), articles, Options{Now: now})); diff != "" {
			t.Errorf("the order changes the result:\n%s", diff)
		}
	})
}

func TestTopicsOwnQuota(t *testing.T) {
	pub := publication()
	pub.Topics[1].MaxItems = 1
	got := Select(pub, []newsletter.Article{
		article("a", topics("europe")), article("b", topics("europe")),
		article("c", topics("ukraine")), article("d", topics("ukraine")),
	}, Options{Now: now})
	want := []Left{{got.Left[0].Article, "the topic ukraine has its one item already"}}
	if diff := cmp.Diff(want, got.Left); diff != "" || got.Left[0].Article.ID != "d" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}
