package workflow

import (
	"sync"

	"broadsheet/internal/newsletter"
)

// pageCache cuts each segment's pages once and proves that they are the ones
// that were frozen. Safe for concurrent use.
type pageCache struct {
	mailing *newsletter.Mailing
	mu      sync.Mutex
	cut     map[int]*cutPage
}

type cutPage struct {
	once       sync.Once
	html, text newsletter.Fragment
	err        error
}

// of returns the pages of the mailing's recipe with the given number. A page
// whose hash is not the frozen one stops the run.
func (c *pageCache) of(number int) (*cutPage, error) {
	c.mu.Lock()
	if c.cut == nil {
		c.cut = make(map[int]*cutPage)
	}
	page := c.cut[number]
	if page == nil {
		page = &cutPage{}
		c.cut[number] = page
	}
	c.mu.Unlock()
	page.once.Do(func() { page.err = page.make(c.mailing, number) })
	return page, page.err
}

func (p *cutPage) make(m *newsletter.Mailing, number int) (err error) {
	if number < 0 || number >= len(m.Recipes) {
		return newsletter.Faultf(newsletter.Failure, "restore the database from a backup", "the ledger of %s names segment %d of %d", m.ID, number, len(m.Recipes))
	}
	recipe := &m.Recipes[number]
	master := newsletter.MasterFor(m.Masters, recipe.Segment.Language)
	if master == nil {
		return newsletter.Faultf(newsletter.Failure, "restore the database from a backup", "the ledger of %s has no page for segment %s", m.ID, recipe.Segment.Name())
	}
	if p.html, p.text, err = master.Cut(recipe); err != nil {
		return err
	}
	if p.html.Sum() != recipe.HTMLSum || p.text.Sum() != recipe.TextSum {
		return newsletter.Faultf(newsletter.Failure, "restore the database from a backup; it was changed after the freeze",
			"the pages of segment %s are not the ones that were frozen for %s", recipe.Segment.Name(), m.ID)
	}
	return nil
}
