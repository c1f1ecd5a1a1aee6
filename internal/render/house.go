package render

import (
	"maps"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

// A HouseStyle is what a theme lends to pages other than letters: its words and
// its options.
type HouseStyle struct {
	Options   map[string]string // custom properties by their names without dashes
	Direction string            // of the publication's language: ltr or rtl

	words    *words
	location *time.Location
}

// NewHouseStyle returns the style of a publication, in its own language.
func NewHouseStyle(pub *newsletter.Publication, theme newsletter.Theme) (HouseStyle, error) {
	_, options, err := resolve(theme, pub.Theme.Styles)
	if err != nil {
		return HouseStyle{}, err
	}
	words, err := wordsFor(theme.Words, pub.Language)
	return HouseStyle{Options: maps.Clone(options), Direction: direction(pub.Language), words: words, location: pub.Location}, err
}

// Contents stands above a table of contents.
func (h HouseStyle) Contents() string { return h.words.InThisIssue }

// AlsoBy stands before the names of other sources.
func (h HouseStyle) AlsoBy() string { return h.words.AlsoBy }

// AllIssues is the link to the list of issues.
func (h HouseStyle) AllIssues() string { return h.words.AllIssues }

// NoIssues says that nothing has appeared yet.
func (h HouseStyle) NoIssues() string { return h.words.NoIssues }

// Topics stands above a list of topics.
func (h HouseStyle) Topics() string { return h.words.Topics }

// Correction is the subject of a correction of the issue with the given one.
func (h HouseStyle) Correction(subject string) string {
	return strings.ReplaceAll(h.words.Correction, "{subject}", subject)
}

// Draft says that an issue has not been sent.
func (h HouseStyle) Draft() string { return h.words.Draft }

// Issue names an issue by its key.
func (h HouseStyle) Issue(key string) string { return strings.ReplaceAll(h.words.Issue, "{key}", key) }

// Stories counts stories.
func (h HouseStyle) Stories(n int) string { return h.words.count(h.words.Stories, n) }

// Day writes the day of t.
func (h HouseStyle) Day(t time.Time) string { return h.words.date(h.words.Date, h.in(t)) }

// Dateline writes the day of t with its day of the week.
func (h HouseStyle) Dateline(t time.Time) string { return h.words.date(h.words.Dateline, h.in(t)) }

func (h HouseStyle) in(t time.Time) time.Time {
	if h.location == nil {
		return t.UTC()
	}
	return t.In(h.location)
}
