// Package render draws an issue with a theme: once for each interface language,
// as a master page whose pieces every segment's letter is put together from.
//
// A page cut from the master for a segment is byte for byte the page of an
// issue that holds just what the segment gets. That is why a theme's style
// sheets may not select by what stands beside an element, why each of its
// definitions is complete in itself, and why what depends on neighbours
// (counts, the preheader) is a slot. Slots and cut marks carry a nonce and are
// turned into offsets before anybody else sees the page, so that no content can
// pass for one.
//
// HTML is escaped by html/template; editors' and sources' Markdown is sanitised
// by package markup. The text part has lines of 72 columns (RFC 3676), but for
// addresses and the values of slots.
package render

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/stylesheet"
)

// A Page is an issue rendered in one interface language. It may be used from
// several goroutines.
type Page struct {
	Master   newsletter.Master
	Warnings []newsletter.Problem // of the theme

	publication        *newsletter.Publication
	subject, preheader string
	words              *words
	layout             layout
	outline            outline
	edition            string   // where the whole issue can be read, or ""
	budget             int      // bytes of a page
	weights            []weight // of the fragments
}

// An outline holds the numbers of the fragments that frame the sections.
type outline struct {
	head, intro, contentsOpen, contentsClose, foot int // intro: none where it is empty
	introNotes, notesOpen                          int // a blank line before notes
}

// New renders the master of an issue in an interface language; "" is the
// publication's own, and a language without words of its own speaks the
// publication's or else English. The page's lang attribute is the
// publication's language, because the articles are in it. The nonce must be 8
// to 64 unguessable letters and digits of [a-z0-9]; the same nonce gives the
// same bytes. What is wrong with a theme is a *newsletter.Problem with file and
// line; of several, joined, the first is found by errors.As.
func New(pub *newsletter.Publication, theme newsletter.Theme, is *newsletter.Issue, language, nonce string) (*Page, error) {
	return newPage(pub, theme, is, language, nonce, newsletter.PageBudget)
}

func newPage(pub *newsletter.Publication, theme newsletter.Theme, is *newsletter.Issue, language, nonce string, budget int) (*Page, error) {
	theme, options, err := resolve(theme, pub.Theme.Styles)
	if err := errors.Join(err, checkStyles(theme), checkWords(theme.Words)); err != nil {
		return nil, err
	}
	words, err := wordsFor(theme.Words, cmp.Or(language, pub.Language), pub.Language)
	if err != nil {
		return nil, err
	}
	p := &Page{
		Warnings:    options.faint(theme.Style.Name),
		edition:     pub.EditionURL(is.Key),
		budget:      budget,
		publication: pub,
		subject:     is.Subject,
		preheader:   is.Preheader,
		words:       words,
		layout:      arrange(pub, is),
	}
	p.Master.Language = cmp.Or(language, pub.Language)
	if p.Master.HTML, p.Master.Text, err = p.press(theme, options, is, nonce, p.print); err != nil {
		return nil, err
	}
	if p.weighAll(); p.mayBeTooLarge() {
		if err := p.addShorter(theme, options, is, nonce); err != nil {
			return nil, err
		}
	}
	return p, p.checkDuties(theme)
}

// press prints fragments and inlines their style sheets.
func (p *Page) press(theme newsletter.Theme, o options, is *newsletter.Issue, nonce string, print func(*press, *newsletter.Issue)) (page, text []newsletter.Fragment, err error) {
	press, err := newPress(theme, o, nonce)
	if err != nil {
		return nil, nil, err
	}
	press.common = data{Words: p.words, Foreign: p.foreign(), Letter: p.letter(press, is)}
	print(press, is)
	return press.divide()
}

// addShorter adds the shorter variants of the items before the foot.
func (p *Page) addShorter(theme newsletter.Theme, o options, is *newsletter.Issue, nonce string) error {
	page, text, err := p.press(theme, o, is, nonce, p.printShorter)
	if err != nil {
		return err
	}
	foot, last := p.outline.foot, len(page)-1 // head and foot are there already
	p.Master.HTML = slices.Insert(p.Master.HTML, foot, page[1:last]...)
	p.Master.Text = slices.Insert(p.Master.Text, foot, text[1:last]...)
	p.outline.foot = len(p.Master.HTML) - 1
	p.weighAll()
	return nil
}

func checkStyles(theme newsletter.Theme) error {
	var all []error
	for _, problem := range stylesheet.Check(theme.Style, theme.Head) {
		all = append(all, &problem)
	}
	return errors.Join(all...)
}

// print prints every fragment, in the order of the whole issue.
func (p *Page) print(press *press, is *newsletter.Issue) {
	p.outline.head = press.print("head", data{})
	p.outline.intro = press.prose("intro", is.Intro)
	p.outline.introNotes = press.notes()
	p.outline.notesOpen = press.add(sheet{definition: "notes", text: []byte("\n")})
	p.outline.contentsOpen = press.print("contents-open", data{})
	for i := range p.layout.sections {
		s := &p.layout.sections[i]
		press.section = i
		s.entry = press.print("contents-entry", data{Title: oneLine(s.Title)})
	}
	p.outline.contentsClose = press.print("contents-close", data{})
	for i := range p.layout.sections {
		s := &p.layout.sections[i]
		press.section = i
		s.heading = press.print("section", data{Title: oneLine(s.Title)})
		s.note = press.prose("note", s.Note)
		s.notes = press.notes()
	}
	for i := range p.layout.items {
		it := &p.layout.items[i]
		p.printItem(press, it, it.Item, whole)
	}
	p.outline.foot = press.print("foot", data{})
}

// printShorter prints what makes a page shorter, between the head and the foot
// that every page needs. Where an item has nothing to be shortened, a variant is
// the one before it.
func (p *Page) printShorter(press *press, _ *newsletter.Issue) {
	press.from = p.outline.foot - 1
	press.print("head", data{})
	for i := range p.layout.sections {
		if p.edition != "" {
			press.section = i
			p.layout.sections[i].more = press.print("more", data{Title: oneLine(p.layout.sections[i].Title)})
		}
	}
	for i := range p.layout.items {
		it := &p.layout.items[i]
		shown := it.Item
		if shown.Short != "" {
			shown.Summary = shown.Short
			p.printItem(press, it, shown, short)
		}
		if shown.Image.URL != "" {
			shown.Image = newsletter.Image{}
			p.printItem(press, it, shown, bare)
		}
	}
	press.print("foot", data{})
}

// printItem prints an item as it is shown in a variant and, until they are
// printed, in those after it.
func (p *Page) printItem(press *press, it *item, shown newsletter.Item, v variant) {
	d := data{Item: newStory(shown, p.words, p.location())}
	fragment := press.print("item", d)
	notes, lead := press.notes(), press.printIfDefined("lead", d)
	words := countWords(it.Title + " " + d.Item.Summary.Text())
	for ; v < variants; v++ {
		it.fragments[v], it.leads[v], it.notes[v], it.words[v] = fragment, lead, notes, words
	}
}

func (p *Page) location() *time.Location { return cmp.Or(p.publication.Location, time.UTC) }

func (p *Page) letter(press *press, is *newsletter.Issue) letter {
	pub := p.publication
	l := letter{
		Name:        oneLine(pub.Name),
		Tagline:     oneLine(pub.Tagline),
		Address:     oneLine(pub.PostalAddress),
		Key:         is.Key,
		Issue:       p.words.issue(is.Key),
		Language:    pub.Language,
		Direction:   direction(pub.Language),
		Preferences: link(pub.PreferencesURL, "http", "https", "mailto"),
		Archive:     pub.EditionURL(is.Key),
		Logo:        pub.Theme.Logo,
		Styles:      styles(press.theme),
	}
	if !is.Date.IsZero() {
		l.Date = p.words.date(p.words.Dateline, is.Date.In(p.location()))
	}
	return l
}

// foreign are the attributes of the letter's own words where they are in another
// language than the page; where one of the two runs from right to left, they
// also keep the words apart from what stands beside them.
func (p *Page) foreign() template.HTMLAttr {
	if p.words.Language == p.publication.Language && p.words.Direction == "ltr" {
		return ""
	}
	return template.HTMLAttr(fmt.Sprintf("lang=%q dir=%q", p.words.Language, p.words.Direction)) // tags have no quotation marks
}

// styles are the page's style sheets; the second stays in the head as it is.
func styles(theme newsletter.Theme) template.HTML {
	return template.HTML("<style>\n" + theme.Style.Content + "</style>\n" +
		"<style data-premailer=\"ignore\">\n" + strings.TrimSpace(theme.Head.Content) + "\n</style>")
}
