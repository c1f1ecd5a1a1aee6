package workflow

import (
	"sync"

	"broadsheet/internal/message"
	"broadsheet/internal/newsletter"
)

// forms makes each segment's message once, of pages that it proves to be the
// ones that were frozen. Safe for concurrent use.
type forms struct {
	mailing  *newsletter.Mailing
	composer *message.Composer
	mu       sync.Mutex
	made     map[int]*madeForm
	uses     int
}

type madeForm struct {
	once sync.Once
	form *message.Form
	err  error
	used int // when, in uses of any form
}

// mostForms bounds how many are kept, each as large as a letter. The letters of
// so many segments come one after another; see deliveries.
const mostForms = 100

// of returns the message of the mailing's segment with the given number. A
// page whose hash is not the frozen one stops the run.
func (f *forms) of(number int) (*message.Form, error) {
	m := f.entry(number)
	m.once.Do(func() { m.form, m.err = f.make(number) })
	return m.form, m.err
}

func (f *forms) entry(number int) *madeForm {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uses++
	m := f.made[number]
	if m == nil {
		if f.made == nil {
			f.made = make(map[int]*madeForm)
		}
		if len(f.made) == mostForms {
			f.forget()
		}
		m = &madeForm{}
		f.made[number] = m
	}
	m.used = f.uses
	return m
}

// forget drops the form that was not used for the longest time.
func (f *forms) forget() {
	oldest := -1
	for number, m := range f.made {
		if oldest < 0 || m.used < f.made[oldest].used {
			oldest = number
		}
	}
	delete(f.made, oldest)
}

func (f *forms) make(number int) (*message.Form, error) {
	html, text, err := frozenPages(f.mailing, number)
	if err != nil {
		return nil, err
	}
	return f.composer.Form(f.mailing.ID, f.mailing.Recipes[number].Subject, html, text, false)
}

// frozenPages cuts a segment's pages, reader slots open.
func frozenPages(m *newsletter.Mailing, number int) (html, text newsletter.Fragment, err error) {
	const hint = "restore the database from a backup"
	if number < 0 || number >= len(m.Recipes) {
		return html, text, newsletter.Faultf(newsletter.Failure, hint, "the ledger of %s names segment %d of %d", m.ID, number, len(m.Recipes))
	}
	recipe := &m.Recipes[number]
	master := newsletter.MasterFor(m.Masters, recipe.Segment.Language)
	if master == nil {
		return html, text, newsletter.Faultf(newsletter.Failure, hint, "the ledger of %s has no page for segment %s", m.ID, recipe.Segment.Name())
	}
	if html, text, err = master.Cut(recipe); err != nil {
		return html, text, err
	}
	if html.Sum() != recipe.HTMLSum || text.Sum() != recipe.TextSum {
		return html, text, newsletter.Faultf(newsletter.Failure, hint+"; it was changed after the freeze",
			"the pages of segment %s are not the ones that were frozen for %s", recipe.Segment.Name(), m.ID)
	}
	return html, text, nil
}
