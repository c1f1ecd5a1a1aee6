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
	// TopicWeights make the stories of a topic worth more or less, by topic id.
	// A topic that is not there weighs 1, as usual.
	TopicWeights map[string]float64
	// Guess finds topics for articles that carry none by any rule; nil: nobody
	// guesses.
	Guess Guess
}

// A Guess reads an article's topics out of its words, the most certain first,
// and says why.
type Guess func(newsletter.Article) []TopicReason

// A Selection is what an issue takes up and what it does not.
type Selection struct {
	Stories    []newsletter.Story   // by section in the order of the topics, the section More last; then by rank
	Expired    []newsletter.Article // newly too old for any issue: State and Why are set; by id
	Candidates int                  // articles that took part: those of Stories and those of Left
	Left       []Left               // candidates that did not make it
	// Joins say why articles belong together: one for each candidate that does
	// not lead its story, and for each that stays out for another's sake.
	Joins []Join
	// Updates are the stories that were delivered before and were updated
	// substantially since: by the lead's id the issue that carried them.
	Updates map[string]string
	Scores  map[string]Score // of Stories, and of stories for which there was no room, by the lead's id
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
	out := Selection{Updates: map[string]string{}}
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
	stories := out.tell(pub, pool, o.Guess)
	out.Scores = rank(pub, stories, o)
	var left []Left
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
// set topics, only those count; where a rule gave one, nobody guesses.
func storyTopics(members []entry, topics *topicIndex) []string {
	bySet := slices.ContainsFunc(members, func(e entry) bool { return len(e.article.Topics) > 0 })
	var all []string
	for _, e := range members {
		if !bySet || len(e.article.Topics) > 0 {
			all = append(all, ids(topics.byRule(e.article, e.text))...)
		}
	}
	if len(all) == 0 && !bySet {
		all = ids(topics.guessed(members[0].article))
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
