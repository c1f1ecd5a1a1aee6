package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

// conformance is what every store has to pass. open makes a new, empty one
// that was created at now.
func conformance(t *testing.T, open func(t *testing.T) workflow.Store) {
	for name, test := range map[string]func(*testing.T, workflow.Store){
		"identity":           testIdentity,
		"articles":           testArticles,
		"articles again":     testArticlesAgain,
		"article states":     testArticleStates,
		"hostile words":      testHostileWords,
		"sources":            testSources,
		"revisions":          testRevisions,
		"revision of frozen": testRevisionOfFrozen,
		"articles of one":    testArticlesOf,
		"drafts":             testDrafts,
		"subscribers":        testSubscribers,
		"suppressions":       testSuppressions,
		"history":            testHistory,
		"many readers":       testManyReaders,
		"forget":             testForget,
		"mailing":            testMailing,
		"claims of the day":  testClaimsOfTheDay,
		"further mailings":   testFurtherMailings,
		"published":          testPublished,
		"freeze refuses":     testFreezeRefuses,
		"places":             testPlaces,
		"counter":            testCounter,
		"thaw":               testThaw,
		"claims":             testClaims,
		"moves twice":        testMovesTwice,
		"claimed once":       testClaimedOnce,
		"unclaimed outcomes": testUnclaimed,
		"outcomes":           testOutcomes,
		"illegal outcomes":   testIllegalOutcomes,
		"deferred":           testDeferred,
		"canary":             testCanary,
		"doubt":              testDoubt,
		"call off":           testCallOff,
		"suppressed by now":  testSuppressedByNow,
		"spending":           testSpending,
		"recover":            testRecover,
		"resolve":            testResolve,
		"resolve only":       testResolveOnly,
		"deliveries":         testDeliveries,
		"callers together":   testCallersTogether,
		"a refusal is alone": testRefusalIsAlone,
		"cancelled callers":  testCancelledCallers,
		"fingerprint":        testFingerprint,
		"locks":              testLocks,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// must returns a value that came without an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func testIdentity(t *testing.T, s workflow.Store) {
	if len(s.ID()) != 32 {
		t.Errorf("id %q does not have 32 digits", s.ID())
	}
	equal(t, "created", s.Created(), now)
}

// article makes an article with every field set.
func article(id string) newsletter.Article {
	return newsletter.Article{
		ID: id, Source: "desk", Key: "key of " + id, Link: "https://example.org/" + id,
		Title: "Title", Author: "Author", Text: "One.\n\nTwo.",
		Image: newsletter.Image{URL: "https://example.org/i.png", Alt: "An image"}, Language: "en",
		Labels: []string{"Europe", "EU, and more"}, Topics: []string{"europe"},
		Published: now.Add(-time.Hour), FirstSeen: now, State: newsletter.New,
		Issue: "2026-W47", Pinned: true, Why: "because",
	}
}

func putArticles(t *testing.T, s workflow.Store, articles ...newsletter.Article) (added, changed int) {
	t.Helper()
	added, changed, err := s.PutArticles(t.Context(), articles)
	if err != nil {
		t.Fatal(err)
	}
	return added, changed
}

func testArticles(t *testing.T, s workflow.Store) {
	late, held, bare := article("b"), article("c"), newsletter.Article{ID: "a", Source: "x", State: newsletter.New}
	late.FirstSeen = now.Add(time.Microsecond)
	held.State = newsletter.Held
	bare.FirstSeen = now
	added, changed := putArticles(t, s, late, held, bare)
	if added != 3 || changed != 0 {
		t.Errorf("%d added, %d changed", added, changed)
	}
	equal(t, "all", must[[]newsletter.Article](t)(s.Articles(t.Context())), []newsletter.Article{bare, held, late})
	equal(t, "held", must[[]newsletter.Article](t)(s.Articles(t.Context(), newsletter.Held)), []newsletter.Article{held})
	equal(t, "two states", must[[]newsletter.Article](t)(s.Articles(t.Context(), newsletter.New, newsletter.Spent)),
		[]newsletter.Article{bare, late})

	stateless := newsletter.Article{ID: "d", Source: "x", Key: "d"}
	if _, _, err := s.PutArticles(t.Context(), []newsletter.Article{article("e"), stateless}); err == nil {
		t.Error("an article without a state was taken")
	}
	if all := must[[]newsletter.Article](t)(s.Articles(t.Context())); len(all) != 3 {
		t.Errorf("after an error there are %d articles", len(all))
	}
}

func testArticlesAgain(t *testing.T, s workflow.Store) {
	known := article("a")
	known.State = newsletter.Dropped
	putArticles(t, s, known)

	same := known
	same.FirstSeen, same.State, same.Topics, same.Pinned, same.Why = now.Add(time.Hour), newsletter.New, nil, false, ""
	same.Published = same.Published.Add(time.Nanosecond) // finer than what is kept
	if added, changed := putArticles(t, s, same); added != 0 || changed != 0 {
		t.Errorf("the same words: %d added, %d changed", added, changed)
	}

	for name, change := range map[string]func(*newsletter.Article){
		"link":      func(a *newsletter.Article) { a.Link = "https://example.org/new" },
		"title":     func(a *newsletter.Article) { a.Title = "New" },
		"author":    func(a *newsletter.Article) { a.Author = "New" },
		"text":      func(a *newsletter.Article) { a.Text = "New." },
		"image":     func(a *newsletter.Article) { a.Image.Alt = "New" },
		"language":  func(a *newsletter.Article) { a.Language = "de" },
		"labels":    func(a *newsletter.Article) { a.Labels = nil },
		"published": func(a *newsletter.Article) { a.Published = time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			other, want := same, known
			change(&other)
			change(&want)
			if added, changed := putArticles(t, s, other); added != 0 || changed != 1 {
				t.Errorf("%d added, %d changed", added, changed)
			}
			equal(t, "stored", must[[]newsletter.Article](t)(s.Articles(t.Context())), []newsletter.Article{want})
			putArticles(t, s, same)
		})
	}
}

func testRevisions(t *testing.T, s workflow.Store) {
	known := article("a")
	putArticles(t, s, known)
	stored := func(what string, want ...newsletter.Article) {
		t.Helper()
		equal(t, what, must[[]newsletter.Article](t)(s.Articles(t.Context())), want)
	}
	put := func(a newsletter.Article, wantChanged int) {
		t.Helper()
		if added, changed := putArticles(t, s, a); added != 0 || changed != wantChanged {
			t.Errorf("%d added, %d changed, want %d", added, changed, wantChanged)
		}
	}
	came := func(text string, later time.Duration) newsletter.Article {
		a := article("a")
		a.Text, a.FirstSeen, a.Topics, a.Issue, a.Pinned, a.Why = text, now.Add(later), nil, "", false, ""
		return a
	}

	spent := known
	spent.State, spent.Topics = newsletter.Spent, []string{"science"}
	if err := s.UpdateArticles(t.Context(), []newsletter.Article{spent}); err != nil {
		t.Fatal(err)
	}
	retitled := came(known.Text, time.Hour)
	retitled.Title = "New"
	put(retitled, 0)
	stored("a spent one of the same text", spent)

	second := came("Another text.", time.Hour)
	put(second, 1)
	second.ID, second.Revision, second.Topics, second.Why = "a-2", 1, spent.Topics, "changed since 2026-W47"
	stored("a revision beside the spent one", spent, second)
	equal(t, "as read last", must[[]newsletter.Article](t)(s.ArticlesOf(t.Context(), "desk")), []newsletter.Article{second})

	put(came("A third text.", 2*time.Hour), 1)
	second.Text, second.FirstSeen = "A third text.", now.Add(2*time.Hour)
	stored("a revision that nobody has is as new as its text", spent, second)

	second.State, second.Why = newsletter.Expired, "old"
	if err := s.UpdateArticles(t.Context(), []newsletter.Article{second}); err != nil {
		t.Fatal(err)
	}
	put(came("A fourth text.", 3*time.Hour), 1)
	second.Text, second.FirstSeen, second.State = "A fourth text.", now.Add(3*time.Hour), newsletter.New
	stored("an expired revision is new again", spent, second)

	second.State = newsletter.Spent
	if err := s.UpdateArticles(t.Context(), []newsletter.Article{second}); err != nil {
		t.Fatal(err)
	}
	put(came("A fifth text.", 4*time.Hour), 1)
	if third := must[[]newsletter.Article](t)(s.ArticlesOf(t.Context(), "desk")); len(third) != 1 || third[0].ID != "a-3" || third[0].Revision != 2 {
		t.Errorf("the revision of a revision is %v", third)
	}
}

// What an issue was frozen with must not change before its letters leave.
func testRevisionOfFrozen(t *testing.T, s workflow.Store) {
	a := article("a")
	a.State = newsletter.Reserved
	putArticles(t, s, a)
	if err := s.SaveDraft(t.Context(), newsletter.IssueRecord{Key: a.Issue, Created: now}, nil); err != nil {
		t.Fatal(err)
	}
	came := a
	came.Text, came.State, came.Issue, came.Why = "A draft takes it over.", newsletter.New, "", ""
	if _, changed := putArticles(t, s, came); changed != 1 {
		t.Error("a draft's article did not change")
	}
	freeze(t, s, a.Issue, 1)
	came.Text = "A frozen issue does not."
	if _, changed := putArticles(t, s, came); changed != 1 {
		t.Error("no revision")
	}
	all := must[[]newsletter.Article](t)(s.Articles(t.Context()))
	if len(all) != 2 || all[0].Text != "A draft takes it over." || all[1].Text != came.Text || all[1].State != newsletter.New {
		t.Errorf("stored are %v", all)
	}
}

func testArticleStates(t *testing.T, s workflow.Store) {
	a, b := article("a"), article("b")
	putArticles(t, s, a, b)
	b.State, b.Issue, b.Topics, b.Pinned, b.Why = newsletter.Held, "", nil, false, "later"
	changed := b
	changed.Title, changed.Source = "not the editor's", "nor this"
	if err := s.UpdateArticles(t.Context(), []newsletter.Article{changed}); err != nil {
		t.Fatal(err)
	}
	want := []newsletter.Article{a, b}
	equal(t, "updated", must[[]newsletter.Article](t)(s.Articles(t.Context())), want)

	a.Why = "never stored"
	if err := s.UpdateArticles(t.Context(), []newsletter.Article{a, {ID: "unknown", State: newsletter.New}}); err == nil {
		t.Error("an unknown article was updated")
	}
	equal(t, "after an error", must[[]newsletter.Article](t)(s.Articles(t.Context())), want)
}

func testHostileWords(t *testing.T, s workflow.Store) {
	a := article("a")
	a.Title = "'); DROP TABLE articles; --"
	a.Text = "\r\n line, ünïcödé 🦆, quotes \"', a mark? and $1 "
	a.Labels = []string{"", "a,b", `"]`, "\x00"}
	putArticles(t, s, a)
	equal(t, "stored", must[[]newsletter.Article](t)(s.Articles(t.Context())), []newsletter.Article{a})

	a.Title, a.Text, a.Labels = "broken \xff", "zero \x00 byte", []string{"broken \xff"}
	putArticles(t, s, a)
	if _, changed := putArticles(t, s, a); changed != 0 {
		t.Error("words that are not UTF-8 change every time")
	}
	stored := must[[]newsletter.Article](t)(s.Articles(t.Context()))[0]
	equal(t, "as is kept", []string{stored.Title, stored.Text}, []string{"broken \uFFFD", "zero \uFFFD byte"})
}

func testSources(t *testing.T, s workflow.Store) {
	first := newsletter.SourceState{Source: "a", Feed: "https://a.example/rss", ETag: `W/"1"`, LastModified: "yesterday", CheckedAt: now}
	second := newsletter.SourceState{Source: "b", Failures: 3, LastError: "no route", NotBefore: now.Add(time.Hour)}
	for _, state := range []newsletter.SourceState{{Source: "a", ETag: "old", Failures: 2}, first, second} {
		if err := s.PutSourceState(t.Context(), state); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "states", must[map[string]newsletter.SourceState](t)(s.SourceStates(t.Context())),
		map[string]newsletter.SourceState{"a": first, "b": second})
}

func testArticlesOf(t *testing.T, s workflow.Store) {
	a, b := article("a"), article("b")
	b.Source = "elsewhere"
	putArticles(t, s, a, b)
	of, err := s.ArticlesOf(t.Context(), "elsewhere")
	if err != nil || len(of) != 1 || of[0].ID != b.ID {
		t.Errorf("articles of elsewhere: %v, %v", of, err)
	}
	if of, err = s.ArticlesOf(t.Context(), "nowhere"); err != nil || len(of) != 0 {
		t.Errorf("articles of nowhere: %v, %v", of, err)
	}
}

func testDrafts(t *testing.T, s workflow.Store) {
	a := article("a")
	putArticles(t, s, a)
	older := newsletter.IssueRecord{Key: "2026-W47", Created: now, Period: now.Add(-time.Hour), Generated: []byte("# \x00\xff"), Items: []string{"a"}, Summaries: map[string]newsletter.Provenance{
		"a": {Quotes: []newsletter.Quote{{Article: "a", Hash: "00ff", Start: 3, End: 9, Text: "It is.", Score: 0.25}}, Why: "no answer"},
	}}
	newer := newsletter.IssueRecord{Key: "2026-W46", Created: now.Add(time.Second), Abandoned: true}
	a.State, a.Issue = newsletter.Reserved, older.Key
	if err := s.SaveDraft(t.Context(), newer, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.SaveDraft(t.Context(), older, []newsletter.Article{a}); err != nil {
			t.Fatal(err)
		}
		equal(t, "issues", must[[]newsletter.IssueRecord](t)(s.Issues(t.Context())),
			[]newsletter.IssueRecord{older, newer})
		older.Generated = []byte("again")
	}
	equal(t, "articles", must[[]newsletter.Article](t)(s.Articles(t.Context())), []newsletter.Article{a})

	older.Generated = []byte("never stored")
	if err := s.SaveDraft(t.Context(), older, []newsletter.Article{{ID: "unknown", State: newsletter.New}}); err == nil {
		t.Error("an unknown article was reserved")
	}
	freeze(t, s, older.Key, 3)
	if err := s.SaveDraft(t.Context(), older, nil); err == nil {
		t.Error("a frozen issue was changed")
	}
	older.Generated, older.FrozenAt = []byte("again"), now
	older.States = map[newsletter.State]int{newsletter.Queued: 3}
	equal(t, "frozen", must[[]newsletter.IssueRecord](t)(s.Issues(t.Context())),
		[]newsletter.IssueRecord{older, newer})
}
