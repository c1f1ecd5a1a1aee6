package workflow

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/guard"
	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
	"broadsheet/internal/proof"
	"broadsheet/internal/summary"
)

// Writer asks a language model for a summary of an article in so many words.
type Writer func(ctx context.Context, title, text, language string, words int) (string, error)

// A Silence is a Writer's error that says in a few words, fit for the issue's
// file, why there is no summary; its Error says it at length.
type Silence interface {
	error
	Brief() string
}

// modelsAtOnce bounds how many articles a language model is asked about side
// by side.
const modelsAtOnce = 4

// summarize makes the summaries of the stories, by the lead's id: sentences of
// the articles and, where the publication has a language model, its words, as
// far as the articles bear them out. known holds what an earlier compile made,
// so that a model is asked once about a text. The problems are the model's.
func (d *Desk) summarize(ctx context.Context, stories []newsletter.Story, known map[string]newsletter.Provenance) (map[string]newsletter.Provenance, []newsletter.Problem, error) {
	made := make([]newsletter.Provenance, len(stories))
	silent := make([]error, len(stories))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(modelsAtOnce)
	for i, s := range stories {
		made[i].Quotes = d.quotes(s)
		if d.Write == nil {
			continue
		}
		group.Go(func() error {
			made[i], silent[i] = d.written(ctx, s.Lead, made[i], known[s.Lead.ID])
			return ctx.Err()
		})
	}
	err := group.Wait()
	byID := make(map[string]newsletter.Provenance, len(stories))
	for i, s := range stories {
		byID[s.Lead.ID] = made[i]
	}
	return byID, d.silences(silent), err
}

// silences tells each reason for which the model wrote nothing once, at length.
func (d *Desk) silences(errs []error) (problems []newsletter.Problem) {
	var reasons []string
	first, times := make(map[string]error), make(map[string]int)
	for _, err := range errs {
		if err == nil {
			continue
		}
		reason := brief(err)
		if times[reason]++; times[reason] == 1 {
			reasons, first[reason] = append(reasons, reason), err
		}
	}
	for _, reason := range reasons {
		n := times[reason]
		problems = append(problems, newsletter.Problem{
			File:    "model " + d.Publication.Model.Name,
			Message: fmt.Sprintf("no words for %d %s: %v", n, plural(n, "article"), first[reason]),
		})
	}
	return problems
}

func brief(err error) string {
	if silence := Silence(nil); errors.As(err, &silence) {
		return silence.Brief()
	}
	return err.Error()
}

// quotes are the sentences that tell a story best.
func (d *Desk) quotes(s newsletter.Story) []newsletter.Quote {
	articles := append([]newsletter.Article{s.Lead}, s.Others...)
	return summary.Summarize(articles, summary.Options{Words: d.Publication.Rules.SummaryWords}).Quotes
}

// written lets the model write. Words that the article does not bear out, like
// no words at all, leave the quotes; Why says so, and the error is the model's.
func (d *Desk) written(ctx context.Context, a newsletter.Article, p, before newsletter.Provenance) (newsletter.Provenance, error) {
	p.Model, p.Source = d.Publication.Model.Name, textHash(a.Text)
	if before.Model == p.Model && before.Source == p.Source && before.Written != "" {
		p.Written = before.Written
		return p, nil
	}
	words, err := d.Write(ctx, a.Title, a.Text, a.Language, d.Publication.Rules.SummaryWords)
	if err != nil {
		p.Why = brief(err)
		return p, err
	}
	if verdict := guard.Check(a.Title+".\n\n"+a.Text, words, a.Language); !verdict.OK {
		p.Why = "the model's words are not in the article: " + describeFaults(verdict.Faults)
		return p, nil
	}
	p.Written = words
	return p, nil
}

func describeFaults(faults []guard.Fault) string {
	parts := make([]string, len(faults))
	for i, f := range faults {
		parts[i] = strings.TrimSpace(string(f.Kind) + " " + cmp.Or(f.Value, f.Why))
	}
	return strings.Join(parts, ", ")
}

func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// texts are the summaries as the issue's file has them.
func texts(summaries map[string]newsletter.Provenance) map[string]string {
	out := make(map[string]string, len(summaries))
	for id, p := range summaries {
		out[id] = p.Text()
	}
	return out
}

// writtenFlags say in the issue's file which summaries a model wrote, and where
// its words were not good enough.
func writtenFlags(summaries map[string]newsletter.Provenance, flags map[string]string) {
	for id, p := range summaries {
		var flag string
		switch {
		case p.Written != "":
			flag = "written by " + p.Model
		case p.Why != "":
			flag = "verbatim: " + p.Why
		default:
			continue
		}
		if flags[id] != "" {
			flag = flags[id] + ", " + flag
		}
		flags[id] = flag
	}
}

// A WordCount says where the words of an issue's items come from.
type WordCount struct {
	Verbatim int `json:"verbatim"` // proved sentence by sentence
	Written  int `json:"written"`  // by a language model, and guarded
	Edited   int `json:"edited"`   // the editor's own words
}

func countWords(record newsletter.IssueRecord, is newsletter.Issue) (n WordCount) {
	for _, s := range is.Sections {
		for _, item := range s.Items {
			p, ok := record.Summaries[item.ID]
			switch {
			case !ok || !generated(item, p):
				n.Edited++
			case p.Written != "":
				n.Written++
			default:
				n.Verbatim++
			}
		}
	}
	return n
}

// prove shows that every generated summary of a draft stands in its articles
// as they are now. The editor's own words need no proof.
func (d *Desk) prove(ctx context.Context, record newsletter.IssueRecord, is newsletter.Issue) (faults []preflight.Fault, err error) {
	articles, err := d.Store.Articles(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]newsletter.Article, len(articles))
	for _, a := range articles {
		byID[a.ID] = a
	}
	for _, s := range is.Sections {
		for _, item := range s.Items {
			p, ok := record.Summaries[item.ID]
			if !ok || !generated(item, p) {
				continue
			}
			if err := proveItem(p, byID, item.ID); err != nil {
				faults = append(faults, preflight.Fault{Rule: preflight.RuleProof, Where: preflight.ItemLabel(item.Title), Message: err.Error()})
			}
		}
	}
	return faults, nil
}

// generated tells a summary as it was made from one that the editor changed.
func generated(item newsletter.Item, p newsletter.Provenance) bool {
	return slices.Equal(strings.Fields(markup.Text(item.Summary, 0)), strings.Fields(p.Text()))
}

// shorten gives the items with a generated summary a shorter one, should their
// page get too large: its first sentence. The editor's own words stay whole.
func shorten(is *newsletter.Issue, summaries map[string]newsletter.Provenance) {
	for s := range is.Sections {
		items := is.Sections[s].Items
		for i := range items {
			p, ok := summaries[items[i].ID]
			if !ok || !generated(items[i], p) {
				continue
			}
			if first := firstSentence(p); first != p.Text() {
				items[i].Short = markup.Escape(first)
			}
		}
	}
}

func firstSentence(p newsletter.Provenance) string {
	if p.Written == "" && len(p.Quotes) > 0 {
		return p.Quotes[0].Text
	}
	for _, s := range summary.Split(p.Written, summary.Language(p.Written)) {
		return s.Text
	}
	return ""
}

func proveItem(p newsletter.Provenance, articles map[string]newsletter.Article, id string) error {
	if p.Written == "" {
		return proof.Verify(p.Text(), p.Quotes, func(id string) (string, bool) {
			a, ok := articles[id]
			return a.Text, ok
		})
	}
	a := articles[id]
	if textHash(a.Text) != p.Source {
		return fmt.Errorf("the article's text is not the one that the model's words were checked against")
	}
	if verdict := guard.Check(a.Title+".\n\n"+a.Text, p.Written, a.Language); !verdict.OK {
		return fmt.Errorf("the model's words are not in the article: %s", describeFaults(verdict.Faults))
	}
	return nil
}
