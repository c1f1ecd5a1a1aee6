package workflow

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/selection"
)

// sourcesAtOnce bounds how many sources are read side by side.
const sourcesAtOnce = 32

// A SourceReport says how the reading of one source went.
type SourceReport struct {
	Source     string               `json:"source"`
	Articles   int                  `json:"articles"`
	Added      int                  `json:"added"`
	Changed    int                  `json:"changed"`
	Unchanged  bool                 `json:"unchanged"`
	Redirected string               `json:"redirected,omitempty"`
	Problems   []newsletter.Problem `json:"problems,omitempty"`
	Error      string               `json:"error,omitempty"`
	Seconds    float64              `json:"seconds"`
}

// A FetchReport says how the reading of all sources went, in their order.
type FetchReport struct {
	Sources []SourceReport `json:"sources"`
	Added   int            `json:"added"`
	Changed int            `json:"changed"`
	Failed  int            `json:"failed"`
}

// FetchOptions are an editor's wishes for one reading of the sources.
type FetchOptions struct {
	Force bool               // ask also those that are to be left alone for now
	Done  func(SourceReport) // hears of each source as its reading ends; may be nil
}

// Fetch reads every source into the store, side by side. One source failing
// never stops the others. The error is a Fault only where every source failed.
func (d *Desk) Fetch(ctx context.Context, o FetchOptions) (FetchReport, error) {
	states, err := d.Store.SourceStates(ctx)
	if err != nil {
		return FetchReport{}, err
	}
	sources, now := d.Publication.Sources, d.Clock.Now()
	report := FetchReport{Sources: make([]SourceReport, len(sources))}
	heard := make(chan SourceReport)
	listened := make(chan struct{})
	go func() {
		defer close(listened)
		for r := range heard {
			if o.Done != nil {
				o.Done(r)
			}
		}
	}()
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sourcesAtOnce)
	for i, src := range sources {
		group.Go(func() error {
			r, err := d.fetchSource(gctx, src, states[src.ID], now, o.Force)
			report.Sources[i] = r
			heard <- r
			return err
		})
	}
	err = group.Wait()
	close(heard)
	<-listened
	if err != nil {
		return report, err
	}
	return report, report.tally()
}

// fetchSource reads one source and stores what it brought. The error is the
// store's; the source's own is in the report.
func (d *Desk) fetchSource(ctx context.Context, src newsletter.Source, state newsletter.SourceState, now time.Time, force bool) (SourceReport, error) {
	start := time.Now()
	if state.Feed != src.Feed {
		state = newsletter.SourceState{} // another server's validators would hide what is new
	}
	harvest, failed := d.Read(ctx, src, state, now, force)
	if ctx.Err() != nil {
		return SourceReport{Source: src.ID}, ctx.Err()
	}
	for i := range harvest.Articles {
		harvest.Articles[i].Link = selection.Canonical(harvest.Articles[i].Link)
	}
	r := SourceReport{
		Source: src.ID, Articles: len(harvest.Articles), Unchanged: harvest.Unchanged,
		Redirected: harvest.Redirected, Problems: harvest.Problems,
	}
	known, err := d.Store.ArticlesOf(ctx, src.ID)
	if err != nil {
		return r, err
	}
	r.Problems = append(r.Problems, holdRewritten(src, known, harvest.Articles)...)
	r.Added, r.Changed, err = d.Store.PutArticles(ctx, harvest.Articles)
	harvest.State.Source, harvest.State.Feed = src.ID, src.Feed
	err = errors.Join(err, d.Store.PutSourceState(ctx, harvest.State))
	if failed != nil {
		r.Error = failed.Error()
	} else if src.Folder != "" && len(harvest.Problems) == 0 { // a file that cannot be read is there
		err = errors.Join(err, d.retract(ctx, src.ID, harvest.Articles))
	}
	r.Seconds = time.Since(start).Seconds()
	return r, err
}

func (r *FetchReport) tally() error {
	for _, s := range r.Sources {
		r.Added += s.Added
		r.Changed += s.Changed
		if s.Error != "" {
			r.Failed++
		}
	}
	if r.Failed > 0 && r.Failed == len(r.Sources) {
		return newsletter.Faultf(newsletter.Failure, "look at the errors above, one for each source",
			"every source failed, the first one: %s", r.Sources[0].Error)
	}
	return nil
}
