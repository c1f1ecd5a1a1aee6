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
	Score     *selection.Score        `json:"score,omitempty"`
	Words     string                  `json:"words,omitempty"` // where the summary's words come from
	Sentences []newsletter.Quote      `json:"sentences,omitempty"`
	Segments  []SegmentReaders        `json:"segments,omitempty"`
	Readers   int                     `json:"readers"`
}

// SegmentReaders names a segment and the number of its readers.
type SegmentReaders struct {
	Segment string `json:"segment"`
	Readers int    `json:"readers"`
}

// A ReaderExplanation says what a reader gets, and why.
type ReaderExplanation struct {
	Email      string           `json:"email"`
	Name       string           `json:"name,omitempty"`
	Lists      []string         `json:"lists"`
	Topics     []string         `json:"topics"`
	Language   string           `json:"language,omitempty"`
	Suppressed string           `json:"suppressed,omitempty"` // why
	Issue      string           `json:"issue"`
	Segment    string           `json:"segment,omitempty"`
	Subject    string           `json:"subject,omitempty"`
	Items      []string         `json:"items"`
	Delivery   newsletter.State `json:"delivery,omitempty"`
	Reply      string           `json:"reply,omitempty"`
	Verdict    string           `json:"verdict"`
}

// ExplainArticle explains the article with that id, beginning of an id, link,
// or words of its title.
func (d *Desk) ExplainArticle(ctx context.Context, key, what string) (ArticleExplanation, error) {
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return ArticleExplanation{}, err
	}
	a, err := findByWords(articles, what)
	if err != nil {
		return ArticleExplanation{}, err
	}
	records, err := d.Store.Issues(ctx)
	if err != nil {
		return ArticleExplanation{}, err
	}
	record := d.explained(records, key, a)
	guess, err := d.guess()
	if err != nil {
		return ArticleExplanation{}, err
	}
	e := ArticleExplanation{
		Article: a, ID: a.ID, Title: a.Title, State: a.State, Issue: record.Key,
		Topics: selection.TopicReasons(d.Publication, a, guess),
	}
	chosen, err := d.choose(articles, records, CompileOptions{Key: record.Key})
	if err != nil {
		return e, err
	}
	e.place(a, chosen)
	if p, ok := record.Summaries[cmp.Or(e.Lead, a.ID)]; ok {
		e.Sentences, e.Words = p.Quotes, words(p)
	}
	return e, d.explainReaders(ctx, record, &e)
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
	var found []newsletter.Article
	for _, a := range articles {
		if link != "" && a.Link == link || strings.Contains(strings.ToLower(a.Title), words) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return a, err
	case 1:
		return found[0], nil
	}
	return a, newsletter.Faultf(newsletter.Misuse, "write more of it, or an id", "%d articles have %q in their titles", len(found), what)
}

// place says where in the selection the article is.
func (e *ArticleExplanation) place(a newsletter.Article, chosen selection.Selection) {
	for _, s := range chosen.Stories {
		is := func(other newsletter.Article) bool { return other.ID == a.ID }
		if s.Lead.ID != a.ID && !slices.ContainsFunc(s.Others, is) {
			continue
		}
		e.Verdict = "in the issue, under " + cmp.Or(s.Section, "More")
		if s.Lead.ID != a.ID {
			e.Lead = s.Lead.ID
			e.Verdict = "in the issue, as “also covered by” of " + s.Lead.Title
		}
		for _, j := range chosen.Joins {
			if j.Article == a.ID || s.Lead.ID == a.ID && j.With == a.ID {
				e.Joined = append(e.Joined, j)
			}
		}
		if score, ok := chosen.Scores[s.Lead.ID]; ok {
			e.Score = &score
		}
		return
	}
	for _, j := range chosen.Joins {
		if j.Article == a.ID {
			e.Joined = append(e.Joined, j)
		}
	}
	for _, l := range chosen.Left {
		if l.Article.ID == a.ID {
			e.Verdict = "left out: " + l.Why
			return
		}
	}
	e.Verdict = string(a.State)
	if a.Issue != "" {
		e.Verdict += " in " + a.Issue
	}
	if a.Why != "" {
		e.Verdict += ": " + a.Why
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

// explainReaders names the segments whose readers get the article's item.
func (d *Desk) explainReaders(ctx context.Context, record newsletter.IssueRecord, e *ArticleExplanation) error {
	if record.Generated == nil || e.State != newsletter.Reserved && e.State != newsletter.Spent {
		return nil
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return err
	}
	for _, s := range edition.Segments {
		if s.Readers == 0 || !shows(edition.Issue, s.Recipe.Segment, cmp.Or(e.Lead, e.ID)) {
			continue
		}
		e.Segments = append(e.Segments, SegmentReaders{s.Recipe.Segment.Name(), s.Readers})
		e.Readers += s.Readers
	}
	return nil
}

// shows tells whether a segment's readers get an item.
func shows(is newsletter.Issue, segment newsletter.Segment, id string) bool {
	for _, s := range is.Sections {
		for _, item := range s.Items {
			if item.ID == id {
				return segment.Wants(s.Topics) || len(item.Topics) > 0 && segment.Wants(item.Topics)
			}
		}
	}
	return false
}

// ExplainReader explains what the reader with that address gets of an issue.
func (d *Desk) ExplainReader(ctx context.Context, key string, who newsletter.Address) (ReaderExplanation, error) {
	reader, err := d.findReader(ctx, who)
	if err != nil {
		return ReaderExplanation{}, err
	}
	e := ReaderExplanation{
		Email: reader.Address.Spelled, Name: reader.Name, Lists: reader.Lists, Topics: reader.Topics,
		Language: reader.Language, Items: []string{},
	}
	suppressions, err := d.Store.Suppressions(ctx)
	if err != nil {
		return e, err
	}
	for _, s := range suppressions {
		if s.Identity == reader.Address.Identity {
			e.Suppressed = cmp.Or(s.Reason, "suppressed")
		}
	}
	record, err := d.FindIssue(ctx, key)
	if err != nil {
		return e, err
	}
	e.Issue = record.Key
	return e, d.explainLetter(ctx, record, reader, &e)
}

func (d *Desk) explainLetter(ctx context.Context, record newsletter.IssueRecord, reader newsletter.Subscriber, e *ReaderExplanation) error {
	if len(reader.Topics) == 0 {
		e.Verdict = "gets no mail: no topic was asked for"
		return nil
	}
	edition, err := d.Edition(ctx, record)
	if err != nil {
		return err
	}
	segment := d.segmentOf(reader)
	e.Segment = segment.Name()
	if portion, err := edition.Portion(segment); err == nil && portion.Recipe.Items > 0 {
		e.Subject = portion.Recipe.Subject
		for _, s := range edition.Issue.Sections {
			for _, item := range s.Items {
				if segment.Wants(s.Topics) || len(item.Topics) > 0 && segment.Wants(item.Topics) {
					e.Items = append(e.Items, item.Title)
				}
			}
		}
	}
	if frozen(record) {
		if err := d.explainDelivery(ctx, record.Key, reader, e); err != nil {
			return err
		}
	}
	switch {
	case e.Suppressed != "":
		e.Verdict = "gets no mail: suppressed, " + e.Suppressed
	case e.Delivery != "":
		e.Verdict = "the letter is " + string(e.Delivery)
	case len(e.Items) == 0:
		e.Verdict = "gets no mail: the topics have no item in this issue"
	case frozen(record):
		e.Verdict = "gets no mail: was not a reader when the issue was frozen"
	default:
		e.Verdict = "gets the letter"
	}
	return nil
}

func (d *Desk) explainDelivery(ctx context.Context, mailing string, reader newsletter.Subscriber, e *ReaderExplanation) error {
	for delivery, err := range d.Store.Deliveries(ctx, mailing) {
		if err != nil {
			return err
		}
		if delivery.Address.Identity == reader.Address.Identity {
			e.Delivery, e.Reply = delivery.State, delivery.Reply
			return nil
		}
	}
	return nil
}
