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
}

// An outline holds the numbers of the fragments that frame the sections.
type outline struct {
	head, intro, contentsOpen, contentsClose, foot int // intro: none where it is empty
}

// New renders the master of an issue in an interface language; "" is the
// publication's own, and a language without words of its own speaks the
// publication's or else English. The page's lang attribute is the
// publication's language, because the articles are in it. The nonce must be 8
// to 64 unguessable letters and digits of [a-z0-9]; the same nonce gives the
// same bytes. What is wrong with a theme is a *newsletter.Problem with file and
// line; of several, joined, the first is found by errors.As.
func New(pub *newsletter.Publication, theme newsletter.Theme, is *newsletter.Issue, language, nonce string) (*Page, error) {
	theme, options, err := resolve(theme, pub.Theme.Styles)
	if err := errors.Join(err, checkStyles(theme), checkWords(theme.Words)); err != nil {
		return nil, err
	}
	words, err := wordsFor(theme.Words, cmp.Or(language, pub.Language), pub.Language)
	if err != nil {
		return nil, err
	}
	press, err := newPress(theme, options, nonce)
	if err != nil {
		return nil, err
	}
	p := &Page{
		Warnings:    options.faint(theme.Style.Name),
		publication: pub,
		subject:     is.Subject,
		preheader:   is.Preheader,
		words:       words,
		layout:      arrange(pub, is),
	}
	p.Master.Language = cmp.Or(language, pub.Language)
	p.print(press, is)
	if p.Master.HTML, p.Master.Text, err = press.divide(); err != nil {
		return nil, err
	}
	return p, p.checkDuties(theme)
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
	loc := cmp.Or(p.publication.Location, time.UTC)
	press.common = data{Words: p.words, Foreign: p.foreign(), Letter: p.letter(press, is, loc)}
	p.outline.head = press.print("head", data{})
	p.outline.intro = press.prose("intro", is.Intro)
	p.outline.contentsOpen = press.print("contents-open", data{})
	for i := range p.layout.sections {
		s := &p.layout.sections[i]
		press.section = i
		s.entry = press.print("contents-entry", data{Title: oneLine(s.Title)})
	}
	press.section = none
	p.outline.contentsClose = press.print("contents-close", data{})
	for i := range p.layout.sections {
		s := &p.layout.sections[i]
		s.heading = press.print("section", data{Title: oneLine(s.Title)})
		s.note = press.prose("note", s.Note)
	}
	for i := range p.layout.items {
		it := &p.layout.items[i]
		d := data{Item: newStory(it.Item, p.words, loc)}
		it.fragment = press.print("item", d)
		it.lead = press.printIfDefined("lead", d)
		it.words = countWords(it.Title + " " + d.Item.Summary.Text())
	}
	p.outline.foot = press.print("foot", data{})
}

func (p *Page) letter(press *press, is *newsletter.Issue, loc *time.Location) letter {
	pub := p.publication
	l := letter{
		Name:        oneLine(pub.Name),
		Tagline:     oneLine(pub.Tagline),
		Address:     oneLine(pub.PostalAddress),
		Key:         is.Key,
		Issue:       strings.ReplaceAll(p.words.Issue, "{key}", is.Key),
		Language:    pub.Language,
		Direction:   direction(pub.Language),
		Preferences: link(pub.PreferencesURL, "http", "https", "mailto"),
		Archive:     pub.EditionURL(is.Key),
		Logo:        pub.Theme.Logo,
		Styles:      styles(press.theme),
	}
	if !is.Date.IsZero() {
		l.Date = p.words.date(p.words.Dateline, is.Date.In(loc))
	}
	return l
}

// foreign are the attributes of the letter's own words where they are in another
// language than the page.
func (p *Page) foreign() template.HTMLAttr {
	if p.words.Language == p.publication.Language {
		return ""
	}
	return template.HTMLAttr(fmt.Sprintf("lang=%q dir=%q", p.words.Language, p.words.Direction)) // tags have no quotation marks
}

// styles are the page's style sheets; the second stays in the head as it is.
func styles(theme newsletter.Theme) template.HTML {
	return template.HTML("<style>\n" + theme.Style.Content + "</style>\n" +
		"<style data-premailer=\"ignore\">\n" + strings.TrimSpace(theme.Head.Content) + "\n</style>")
}
