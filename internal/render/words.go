package render

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// words are what a letter says by itself, in one interface language. A theme's
// words/LANGUAGE.yaml has them under the names of the tags.
type words struct {
	Language  string `yaml:"-"` // BCP 47
	Direction string `yaml:"-"` // ltr or rtl

	tag language.Tag `yaml:"-"` // is Language

	Issue       string   `yaml:"issue" needs:"{key}"`
	InThisIssue string   `yaml:"in_this_issue"`
	Stories     counted  `yaml:"stories"`
	Minutes     counted  `yaml:"minutes"` // to read the letter
	AlsoBy      string   `yaml:"also_by"` // stands before the names of other sources
	Archive     string   `yaml:"archive"` // the link to the web edition
	More        counted  `yaml:"more"`    // stories that only the web edition has
	AllIssues   string   `yaml:"all_issues"`
	NoIssues    string   `yaml:"no_issues"`
	Topics      string   `yaml:"topics"`
	Draft       string   `yaml:"draft"`
	Because     string   `yaml:"because" needs:"{topics}"`
	BecauseAll  string   `yaml:"because_all"`
	Preferences string   `yaml:"preferences"`
	Unsubscribe string   `yaml:"unsubscribe"`
	Correction  string   `yaml:"correction" needs:"{subject}"` // the subject that a correction begins with
	Dateline    string   `yaml:"dateline" needs:"{day} {month} {year}"`
	Date        string   `yaml:"date" needs:"{day} {month} {year}"`
	First       string   `yaml:"first"` // the first day of a month
	Months      []string `yaml:"months" length:"12"`
	Weekdays    []string `yaml:"weekdays" length:"7"` // from Sunday
}

// counted are the forms of what is counted, by the names of Unicode's plural
// rules (UTS 35, part 3, section 5); "other" is always there. {n} stands for
// the number.
type counted map[string]string

// count writes n of something.
func (w *words) count(forms counted, n int) string {
	names := [...]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}
	form, ok := forms[names[plural.Cardinal.MatchPlural(w.tag, n, 0, 0, 0, 0)]]
	if !ok {
		form = forms["other"]
	}
	return strings.ReplaceAll(form, "{n}", strconv.Itoa(n))
}

// date writes the day of t in a pattern of the words.
func (w *words) date(pattern string, t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = w.First
	}
	return strings.NewReplacer(
		"{weekday}", w.Weekdays[t.Weekday()], "{day}", day,
		"{month}", w.Months[t.Month()-1], "{year}", strconv.Itoa(t.Year()),
	).Replace(pattern)
}

// issue names an issue. Among words from right to left the key is isolated
// (Unicode Standard Annex 9, section 2.4.2), or its parts would change places.
func (w *words) issue(key string) string {
	if w.Direction == "rtl" {
		key = "\u2066" + key + "\u2069"
	}
	return strings.ReplaceAll(w.Issue, "{key}", key)
}

// because says why somebody gets the letter; no topics are all of them.
func (w *words) because(name, topics string) string {
	pattern := w.Because
	if topics == "" {
		pattern = w.BecauseAll
	}
	return strings.NewReplacer("{name}", name, "{topics}", topics).Replace(pattern)
}

// missing names the words that are not there.
func (w *words) missing() []string {
	var names []string
	v := reflect.ValueOf(*w)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("yaml"); name != "-" && v.Field(i).IsZero() {
			names = append(names, name)
		}
	}
	return names
}

// direction is the writing direction of a language (BCP 47), by its script.
func direction(tag string) string {
	script, _ := language.Make(tag).Script()
	switch script.String() {
	case "Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi":
		return "rtl"
	default:
		return "ltr"
	}
}
