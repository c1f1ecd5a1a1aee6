package workflow

import (
	"context"

	"broadsheet/internal/newsletter"
)

// gone is why an article waits whose file was taken out of its folder. In a
// draft it is only flagged: the editor decides.
const gone = "its file is gone from the folder"

// retract holds the articles of a folder whose files are not there any more,
// and lets them go when the files come back. Feeds drop what is old by
// themselves, which says nothing.
func (d *Desk) retract(ctx context.Context, source string, there []newsletter.Article) error {
	present := make(map[string]bool, len(there))
	for _, a := range there {
		present[a.Key] = true
	}
	known, err := d.Store.ArticlesOf(ctx, source)
	if err != nil {
		return err
	}
	var changed []newsletter.Article
	for _, a := range known {
		before := a
		switch {
		case present[a.Key] && a.Why == gone:
			a.Why = ""
			if a.State == newsletter.Held {
				a.State = newsletter.New
			}
		case present[a.Key]:
		case a.State == newsletter.New:
			a.State, a.Why = newsletter.Held, gone
		case a.State == newsletter.Reserved:
			a.Why = gone
		}
		if a.State != before.State || a.Why != before.Why {
			changed = append(changed, a)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return d.Store.UpdateArticles(ctx, changed)
}
