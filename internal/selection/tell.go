package selection

import (
	"cmp"
	"fmt"
	"strings"

	"broadsheet/internal/newsletter"
)

// tell makes stories of the pool and leaves what other issues carry already.
func (s *Selection) tell(pub *newsletter.Publication, pool []entry, guess Guess) (stories []newsletter.Story) {
	topics, weights := newTopicIndex(pub, guess), newWeights(pub)
	list, c := groups(pool)
	for _, g := range list {
		stand := g.standing()
		var members []entry
		for _, e := range g.entries {
			switch {
			case e.elsewhere != "":
			case stand.keepsOut(e) && (!stand.allowsUpdates() || !c.updates(e, stand.delivered)):
				s.Left = append(s.Left, Left{e.article, stand.whyNot(e)})
			default:
				members = append(members, e)
			}
		}
		if len(members) == 0 {
			s.Joins = append(s.Joins, g.joins(stand.first)...)
			continue
		}
		story := newStory(members, topics, weights)
		stories = append(stories, story)
		s.Joins = append(s.Joins, g.joins(story.Lead.ID)...)
		if c.updates(newEntry(story.Lead, ""), stand.delivered) {
			s.Updates[story.Lead.ID] = stand.issue()
		}
	}
	return stories
}

// A standing is what is known elsewhere of a group's story.
type standing struct {
	why       string // it stays out; "": nothing is known
	first     string // the article that why is about
	dropped   bool   // the editor dropped one of its articles, and with it the story
	drafted   bool   // another draft has it
	delivered []entry
}

// standing looks at the articles of the group that have a place elsewhere. A
// delivered issue says more than a draft.
func (g group) standing() standing {
	var s standing
	for _, e := range g.entries {
		if e.elsewhere == "" {
			continue
		}
		state := e.article.State
		if s.why == "" || state == newsletter.Spent && len(s.delivered) == 0 {
			s.why, s.first = e.elsewhere, e.article.ID
		}
		switch state {
		case newsletter.Dropped:
			s.dropped = true
		case newsletter.Spent:
			s.delivered = append(s.delivered, e)
		default:
			s.drafted = true
		}
	}
	return s
}

// whyNot says why a candidate is kept out.
func (s standing) whyNot(e entry) string {
	if e.article.Revision > 0 && s.allowsUpdates() {
		return s.why + "; too little of its text is new"
	}
	return s.why
}

// keepsOut tells whether a candidate stays out unless it is an update. Those
// of the draft itself stay in, but for revisions that were taken back, unless
// the editor dropped the story; then only pinned ones do.
func (s standing) keepsOut(e entry) bool {
	switch {
	case s.why == "":
		return false
	case s.dropped:
		return !e.article.Pinned
	default:
		return e.article.State != newsletter.Reserved || e.article.Revision > 0
	}
}

// allowsUpdates tells whether the story may come again when it has news.
func (s standing) allowsUpdates() bool { return !s.dropped && !s.drafted }

// issue is the one that carried the story last, or "" where that is unknown.
func (s standing) issue() string {
	var last newsletter.Article
	for _, e := range s.delivered {
		if a := e.article; last.ID == "" || cmp.Or(a.FirstSeen.Compare(last.FirstSeen), strings.Compare(a.ID, last.ID)) > 0 {
			last = a
		}
	}
	return last.Issue
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
