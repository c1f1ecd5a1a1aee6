// Package selection decides which articles an issue takes up: it applies the
// window of time, names each article's topics, joins articles about the same
// thing into stories, ranks the stories and fills the sections up to their
// quotas.
//
// Everything is values in, values out. The result depends on what is known of
// the articles, never on the order in which they come, and is the same on
// every platform. Every candidate is either chosen or left with a reason in
// plain words.
package selection

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"broadsheet/internal/newsletter"
)

// Options say for which issue articles are selected.
type Options struct {
	Now time.Time
	// Since narrows or widens the window; 0 is the publication's own.
	Since time.Duration
	// Issue is the key of the draft. Articles reserved by it take part whatever
	// their age and stand before new ones.
	Issue string
	// First says that no issue was delivered yet: then only what was published
	// within seven days, or Since, takes part. An undated article counts from
	// the time it was first seen.
	First bool
}

// A Selection is what an issue takes up and what it does not.
type Selection struct {
	Stories    []newsletter.Story   // by section in the order of the topics, the section More last; then by rank
	Expired    []newsletter.Article // newly too old for any issue: State and Why are set; by id
	Candidates int                  // articles that took part: those of Stories and those of Left
	Left       []Left               // candidates that did not make it
	Joins      []Join               // why articles belong together: for each article that does not lead its story, or stays out for another's sake
}

// Left is a candidate that did not make it.
type Left struct {
	Article newsletter.Article
	Why     string // in plain words
}

// Select chooses among all articles of the store. Candidates are new ones and
// those that o.Issue reserves; with o.Since also expired ones inside it.
// Spent and dropped articles, and those of other drafts, keep their duplicates
// from coming back.
//
// A pinned article does not grow too old: the editor asked for it.
func Select(pub *newsletter.Publication, articles []newsletter.Article, o Options) Selection {
	var out Selection
	var pool []entry
	w := newWindow(pub, o)
	for _, a := range byID(articles) {
		switch fate, why := w.judge(a); fate {
		case takesPart, standsElsewhere:
			pool = append(pool, newEntry(a, why))
		case tooOld:
			a.State, a.Why = newsletter.Expired, why
			out.Expired = append(out.Expired, a)
		case noCandidate:
		case waits:
			out.Left = append(out.Left, Left{a, why})
		}
	}
	stories, left, joins := tell(pub, pool)
	out.Left, out.Joins = append(out.Left, left...), joins
	rank(pub, stories, o.Now)
	out.Stories, left = place(pub, stories)
	out.Left = append(out.Left, left...)
	out.Candidates = len(out.Left)
	for _, s := range out.Stories {
		out.Candidates += 1 + len(s.Others)
	}
	return out
}

// byID is a copy in an order that the caller cannot influence.
func byID(articles []newsletter.Article) []newsletter.Article {
	articles = slices.Clone(articles)
	slices.SortStableFunc(articles, func(a, b newsletter.Article) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Key, b.Key))
	})
	return articles
}

// tell makes stories of the pool and leaves what other issues carry already.
func tell(pub *newsletter.Publication, pool []entry) (stories []newsletter.Story, left []Left, joins []Join) {
	topics, weights := newTopicIndex(pub), newWeights(pub)
	for _, g := range groups(pool) {
		group := g.entries
		elsewhere, dropped := whereElse(group)
		var members []entry
		for _, e := range group {
			stays := e.article.State == newsletter.Reserved
			if dropped {
				stays = e.article.Pinned
			}
			switch {
			case e.elsewhere != "":
			case elsewhere != "" && !stays:
				left = append(left, Left{e.article, elsewhere})
			default:
				members = append(members, e)
			}
		}
		if len(members) > 0 {
			story := newStory(members, topics, weights)
			stories = append(stories, story)
			joins = append(joins, g.joins(story.Lead.ID)...)
		}
	}
	return stories, left, joins
}

// whereElse tells where else an article of the group stands, and whether the
// editor dropped one of it, and with it the story. A delivered issue says more
// than a draft.
func whereElse(group []entry) (why string, dropped bool) {
	for _, e := range group {
		if e.elsewhere != "" && (why == "" || e.article.State == newsletter.Spent) {
			why = e.elsewhere
		}
		dropped = dropped || e.article.State == newsletter.Dropped
	}
	return why, dropped
}

// newStory lets the best of its articles lead.
func newStory(members []entry, topics *topicIndex, weights weights) newsletter.Story {
	slices.SortStableFunc(members, func(a, b entry) int { return compareLeads(a, b, weights) })
	story := newsletter.Story{Lead: members[0].article}
	for _, e := range members[1:] {
		story.Others = append(story.Others, e.article)
	}
	story.Topics = storyTopics(members, topics)
	return story
}

// storyTopics unites the articles' topics, the lead's first. Where an editor
// set topics, only those count.
func storyTopics(members []entry, topics *topicIndex) []string {
	bySet := slices.ContainsFunc(members, func(e entry) bool { return len(e.article.Topics) > 0 })
	var all []string
	for _, e := range members {
		if !bySet || len(e.article.Topics) > 0 {
			all = append(all, topics.of(e.article, e.text)...)
		}
	}
	return unique(all)
}

// unique keeps the first of equal strings.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// compareLeads puts the article first that should lead a story: pinned, in the
// draft already, longer, from the weightier source, published earlier.
func compareLeads(a, b entry, weights weights) int {
	return cmp.Or(
		trueFirst(a.article.Pinned, b.article.Pinned),
		trueFirst(a.article.State == newsletter.Reserved, b.article.State == newsletter.Reserved),
		cmp.Compare(len(b.text), len(a.text)),
		cmp.Compare(weights.of(b.article.Source), weights.of(a.article.Source)),
		trueFirst(!a.article.Published.IsZero(), !b.article.Published.IsZero()),
		a.article.Published.Compare(b.article.Published),
		cmp.Compare(a.article.ID, b.article.ID),
	)
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// elsewhere says in which other issue an article stands, or that it has no
// place in any.
func elsewhere(a newsletter.Article) string {
	switch a.State {
	case newsletter.Dropped:
		return "its twin " + a.ID + " was dropped"
	case newsletter.Spent:
		return fmt.Sprintf("already delivered in %s", cmp.Or(a.Issue, "an earlier issue"))
	default:
		return fmt.Sprintf("already in the draft %s", a.Issue)
	}
}
