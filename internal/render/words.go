package render

import (
	"strconv"
	"strings"
	"time"
)

// words are what a letter says by itself, in one interface language.
type words struct {
	Language    string // BCP 47
	Direction   string // ltr or rtl
	InThisIssue string
	Issue       string // stands before the issue's key
	AlsoBy      string // stands before the names of other sources
	Because     string // why somebody gets the letter: {name} and {topics} are put in
	Everything  string // the topics of a reader of all
	Unsubscribe string
	Preferences string
	Date        string // {day}, {month} and {year} are put in
	Months      [12]string
}

// date writes the day of t.
func (w *words) date(t time.Time) string {
	return strings.NewReplacer(
		"{day}", strconv.Itoa(t.Day()),
		"{month}", w.Months[t.Month()-1],
		"{year}", strconv.Itoa(t.Year()),
	).Replace(w.Date)
}

// wordsFor returns the words of the first language that has some, "de-AT"
// taking those of "de"; English has.
func wordsFor(languages ...string) *words {
	for _, language := range languages {
		base, _, _ := strings.Cut(strings.ToLower(language), "-")
		for _, w := range interfaceWords() {
			if w.Language == base {
				return &w
			}
		}
	}
	return &interfaceWords()[0]
}

// interfaceWords is the table of languages, English first.
func interfaceWords() []words {
	return []words{{
		Language:    "en",
		Direction:   "ltr",
		InThisIssue: "In this issue",
		Issue:       "Issue",
		AlsoBy:      "Also covered by",
		Because:     "You receive {name} because you asked for: {topics}.",
		Everything:  "everything",
		Unsubscribe: "Unsubscribe",
		Preferences: "Change your topics",
		Date:        "{day} {month} {year}",
		Months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	}}
}

// direction is the writing direction of a language (RFC 5646 tag).
func direction(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch base {
	case "ar", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi":
		return "rtl"
	default:
		return "ltr"
	}
}
