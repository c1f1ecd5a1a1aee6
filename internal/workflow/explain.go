package workflow

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// An ArticleExplanation says why an article is in the issue or out of it.
type ArticleExplanation struct {
	Article   newsletter.Article      `json:"-"`
	ID        string                  `json:"id"`
	Title     string                  `json:"title"`
	State     newsletter.ArticleState `json:"state"`
	Issue     string                  `json:"issue"` // that the explanation is about
	Verdict   string                  `json:"verdict"`
	Topics    []selection.TopicReason `json:"topics"`
	Lead      string                  `json:"lead,omitempty"` // id of the article that leads its story
	Joined    []selection.Join        `json:"joined,omitempty"`
	Updates   string                  `json:"updates,omitempty"` // the issue that carried an earlier text
	Score     *selection.Score        `json:"score,omitempty"`
	Item      *ItemPlace              `json:"item,omitempty"`
	Words     string                  `json:"words,omitempty"` // where the summary's words come from
	Sentences []SourcedQuote          `json:"sentences,omitempty"`
	Segments  []SegmentReaders        `json:"segments,omitempty"`
	Readers   int                     `json:"readers"`
}

// A SourcedQuote is a sentence of a summary with the source of its article.
type SourcedQuote struct {
	newsletter.Quote
	Source string `json:"source"` // "": the article is gone
}

// An ItemPlace is how an item stands in the issue's file.
type ItemPlace struct {
	Title   string   `json:"title"`
	Section string   `json:"section"` // heading
	Topics  []string `json:"topics"`
}

// editorsWords are no generated summary.
const editorsWords = "the editor's own words"

// SegmentReaders names a segment and the number of its readers.
type SegmentReaders struct {
	Segment string `json:"segment"`
	Readers int    `json:"readers"`
}

// ExplainArticle explains the article with that id, beginning of an id, link,
// or words of its title; or what the issue's file has under a headline with the
// words, the editor's own items and sections among it.
func (d *Desk) ExplainArticle(ctx context.Context, key, what string) (ArticleExplanation, error) {
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return ArticleExplanation{}, err
	}
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return ArticleExplanation{}, err
	}
	a, err := findByWords(articles, what)
	if err == nil {
		return d.explainArticle(ctx, key, a, articles, records)
	}
	record, unissued := d.FindIssue(ctx, key)
	if unissued != nil {
		return ArticleExplanation{}, err
	}
	edition, broken := d.Edition(ctx, record)
	if broken != nil {
		return ArticleExplanation{}, broken
	}
	e := ArticleExplanation{Issue: record.Key, Topics: []selection.TopicReason{}}
	if item, ok := findItem(edition.Issue, what); ok {
		if a, err := findArticle(articles, item.ID); err == nil && item.ID != "" {
			return d.explainArticle(ctx, record.Key, a, articles, records)
		}
		e.Title, e.Words = item.Title, editorsWords
		e.stand(d.Publication, edition, item)
		return e, nil
	}
	if section, ok := findSection(edition.Issue, what); ok {
		e.Title, e.Verdict = section.Title, "in the issue, words of the editor's own under "+section.Title
		e.Item = &ItemPlace{Title: section.Title, Section: section.Title, Topics: section.Topics}
		e.count(edition, func(s newsletter.Segment) bool { return s.Wants(section.Topics) })
		return e, nil
	}
	return ArticleExplanation{}, err
}

func (d *Desk) explainArticle(ctx context.Context, key string, a newsletter.Article, articles []newsletter.Article, records []newsletter.IssueRecord) (ArticleExplanation, error) {
	record := d.explained(records, key, a)
	guess, err := d.guess()
	if err != nil {
		return ArticleExplanation{}, err
	}
	reasons := selection.TopicReasons(d.Publication, guess)
	e := ArticleExplanation{
		Article: a, ID: a.ID, Title: a.Title, State: a.State, Issue: record.Key,
		Topics: append([]selection.TopicReason{}, reasons(a)...),
	}
	chosen, err := d.choose(articles, records, CompileOptions{Key: record.Key})
	if err != nil {
		return e, err
	}
	e.place(a, chosen, reasons)
	return e, d.explainItem(ctx, record, articles, &e)
}

// findItem finds the one item whose headline has the words, or whose link it is.
func findItem(is newsletter.Issue, what string) (item newsletter.Item, ok bool) {
	link, words, n := selection.Canonical(what), strings.ToLower(what), 0
	for _, s := range is.Sections {
		for _, it := range s.Items {
			if strings.Contains(strings.ToLower(it.Title), words) || link != "" && selection.Canonical(it.Link) == link {
				item, n = it, n+1
			}
		}
	}
	return item, n == 1
}

// findSection finds the one section that has the words in its heading, or in
// what the editor wrote below it.
func findSection(is newsletter.Issue, what string) (section newsletter.Section, ok bool) {
	words, n := strings.ToLower(what), 0
	for _, s := range is.Sections {
		text := s.Note
		if len(s.Items) == 0 {
			text = s.Title + "\n" + text
		}
		if strings.Contains(strings.ToLower(text), words) {
			section, n = s, n+1
		}
	}
	return section, n == 1
}

// explained is the issue that an explanation is about: the one named, the one
// that has the article, or the one of this period.
func (d *Desk) explained(records []newsletter.IssueRecord, key string, a newsletter.Article) newsletter.IssueRecord {
	key = cmp.Or(key, a.Issue, d.periodKey(records, d.Clock.Now()))
	if r, ok := withKey(records, key); ok {
		return r
	}
	return newsletter.IssueRecord{Key: key}
}

// findByWords finds an article by what a person would call it.
func findByWords(articles []newsletter.Article, what string) (newsletter.Article, error) {
	a, err := findArticle(articles, what)
	if err == nil {
		return a, nil
	}
	link, words := selection.Canonical(what), strings.ToLower(what)
	var found, exact []newsletter.Article
	for _, a := range articles {
		title := strings.ToLower(a.Title)
		if link != "" && a.Link == link || strings.Contains(title, words) {
			found = append(found, a)
		}
		if title == words {
			exact = append(exact, a)
		}
	}
	if len(exact) > 0 {
		found = exact
	}
	switch len(found) {
	case 0:
		return a, err
	case 1:
		return found[0], nil
	}
	const shown = 5
	hints := []string{"write more of it, or an id:"}
	for _, a := range found[:min(shown, len(found))] {
		hints = append(hints, a.ID+"  "+a.Title)
	}
	return a, newsletter.Faultf(newsletter.Misuse, strings.Join(hints, "\n"), "%d articles have %q in their titles", len(found), what)
}

// place says where in the selection the article is.
func (e *ArticleExplanation) place(a newsletter.Article, chosen selection.Selection, reasons func(newsletter.Article) []selection.TopicReason) {
	is := func(other newsletter.Article) bool { return other.ID == a.ID }
	for _, j := range chosen.Joins {
		if j.Article == a.ID || j.With == a.ID {
			e.Joined = append(e.Joined, j)
		}
	}
	if i := slices.IndexFunc(chosen.Stories, func(s newsletter.Story) bool { return is(s.Lead) || slices.ContainsFunc(s.Others, is) }); i >= 0 {
		e.tell(chosen.Stories[i], reasons)
		e.Updates = chosen.Updates[chosen.Stories[i].Lead.ID]
	} else if i := slices.IndexFunc(chosen.Left, func(l selection.Left) bool { return is(l.Article) }); i >= 0 {
		e.Verdict = "left out: " + chosen.Left[i].Why
	} else {
		e.Verdict = string(a.State)
		if a.Issue != "" {
			e.Verdict += " in " + a.Issue
		}
		if a.Why != "" {
			e.Verdict += ": " + a.Why
		}
	}
	if score, ok := chosen.Scores[cmp.Or(e.Lead, a.ID)]; ok {
		e.Score = &score
	}
}

// tell says what the article is to its story, and what the others bring.
func (e *ArticleExplanation) tell(s newsletter.Story, reasons func(newsletter.Article) []selection.TopicReason) {
	if s.Lead.ID != e.ID {
		e.Lead = s.Lead.ID
		e.Verdict = alsoCoveredBy(s.Lead.Title)
		return
	}
	e.Verdict = "in the issue, under " + cmp.Or(s.Section, "More")
	for _, other := range s.Others {
		for _, r := range reasons(other) {
			if slices.Contains(s.Topics, r.Topic) && !slices.ContainsFunc(e.Topics, func(t selection.TopicReason) bool { return t.Topic == r.Topic }) {
				r.Why = "from " + other.ID + ": " + r.Why
				e.Topics = append(e.Topics, r)
			}
		}
	}
}

func alsoCoveredBy(title string) string { return "in the issue, as “also covered by” of " + title }

// explainItem says how the article's item stands in the issue's file.
func (d *Desk) explainItem(ctx context.Context, record newsletter.IssueRecord, articles []newsletter.Article, e *ArticleExplanation) error {
	if record.Generated == nil || e.State != newsletter.Reserved && e.State != newsletter.Spent {
		return nil
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return err
	}
	for _, s := range edition.Issue.Sections {
		for _, item := range s.Items {
			covers := func(l newsletter.Link) bool { return l.URL != "" && l.URL == e.Article.Link }
			switch {
			case item.ID == cmp.Or(e.Lead, e.ID):
			case e.Lead == "" && item.ID != "" && slices.ContainsFunc(item.Credit.Also, covers):
				e.Lead, e.Verdict = item.ID, alsoCoveredBy(item.Title)
			default:
				continue
			}
			if p, ok := record.Summaries[item.ID]; ok && generated(item, p) {
				e.Sentences, e.Words = sourced(p.Quotes, articles), words(p)
			} else {
				e.Words = editorsWords
			}
			e.stand(d.Publication, edition, item)
			return nil
		}
	}
	return nil
}

func sourced(quotes []newsletter.Quote, articles []newsletter.Article) []SourcedQuote {
	all := make([]SourcedQuote, len(quotes))
	for i, q := range quotes {
		all[i].Quote = q
		if at := slices.IndexFunc(articles, func(a newsletter.Article) bool { return a.ID == q.Article }); at >= 0 {
			all[i].Source = articles[at].Source
		}
	}
	return all
}

// stand describes an item of an edition, and names the segments whose readers
// get it.
func (e *ArticleExplanation) stand(pub *newsletter.Publication, edition *Edition, item newsletter.Item) {
	for _, s := range edition.Issue.Sections {
		if !slices.ContainsFunc(s.Items, func(it newsletter.Item) bool { return it.ID == item.ID && it.Title == item.Title }) {
			continue
		}
		e.Item = &ItemPlace{Title: item.Title, Section: s.Title, Topics: item.Topics}
		switch {
		case e.ID == "":
			e.Verdict = "in the issue, an item of the editor's own under " + s.Title
		case e.Lead == "":
			e.Verdict = "in the issue, under " + s.Title
		}
		e.count(edition, func(segment newsletter.Segment) bool {
			_, gets := readUnder(pub, edition.Issue, segment, s, item)
			return gets
		})
		return
	}
}

// count names the segments that get it, and their readers.
func (e *ArticleExplanation) count(edition *Edition, gets func(newsletter.Segment) bool) {
	for _, portion := range edition.Segments {
		if segment := portion.Recipe.Segment; portion.Readers > 0 && gets(segment) {
			e.Segments = append(e.Segments, SegmentReaders{segment.Name(), portion.Readers})
			e.Readers += portion.Readers
		}
	}
}

func words(p newsletter.Provenance) string {
	switch {
	case p.Written != "":
		return "written by " + p.Model + ", checked against the article"
	case p.Why != "":
		return "verbatim: " + p.Why
	default:
		return "verbatim"
	}
}

// readUnder is the heading under which a segment reads an item that stands in
// section: there or, without its topics, in the first of the segment's own
// sections that the item also carries. false: it does not get the item.
func readUnder(pub *newsletter.Publication, is newsletter.Issue, segment newsletter.Segment, section newsletter.Section, item newsletter.Item) (heading string, ok bool) {
	if segment.Wants(section.Topics) {
		return section.Title, true
	}
	both := func(t string) bool { return slices.Contains(item.Topics, t) && slices.Contains(segment.Topics, t) }
	for _, s := range is.Sections {
		if slices.ContainsFunc(s.Topics, both) {
			return s.Title, true
		}
	}
	for _, t := range pub.Topics { // a section that is made for those who read no other
		if both(t.ID) {
			return t.Title, true
		}
	}
	return "", false
}
