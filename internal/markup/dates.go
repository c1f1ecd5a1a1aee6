package markup

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateLine reads a line that is nothing but a date, with or without a time of
// day: "Published on Monday, 12 March 2024 at 10:15 GMT". Without a zone it is
// UTC. Numbers that could be month and day either way tell the line's purpose,
// but no date: the time is then zero.
func dateLine(s string) (at time.Time, updated, ok bool) {
	if len(s) > 80 {
		return time.Time{}, false, false
	}
	rest := datePrefix.ReplaceAllString(s, "")
	updated = rest != s && strings.Contains(strings.ToLower(s), "updated")
	for _, form := range dateForms {
		found := form.pattern.FindStringSubmatch(rest)
		if found == nil {
			continue
		}
		clock := clockTime.FindStringSubmatch(rest[len(found[0]):])
		if clock == nil {
			continue
		}
		at, ok = form.date(found)
		if ok && !at.IsZero() {
			at = withClock(at, clock)
		}
		return at, updated, ok
	}
	return time.Time{}, false, false
}

const monthPattern = `(January|February|March|April|May|June|July|August|September|October|November|December|` +
	`Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)`

var (
	datePrefix = regexp.MustCompile(`(?i)^(?:(?:first |last )?(?:published|posted|updated|created|modified|date|dated)(?: on| at)?\s*:?\s+)?` +
		`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?`)
	clockTime = regexp.MustCompile(`(?i)^(?:[\s,T]|\bat\b|[-–—|·])*(?:(\d{1,2})[:.](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?\s*([ap])?(?:\.?m\.?)?)?\s*` +
		`(Z|GMT|UTC|[+-]\d{2}:?\d{2}|[A-Z]{2,4})?\.?$`)
)

// dateForms are the ways to write a day.
var dateForms = []struct {
	pattern *regexp.Regexp
	date    func(found []string) (time.Time, bool)
}{
	{regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})`), func(f []string) (time.Time, bool) { return day(f[1], month(f[2]), f[3]) }},
	{
		regexp.MustCompile(`(?i)^(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?` + monthPattern + `\.?,?\s+(\d{4})\b`),
		func(f []string) (time.Time, bool) { return day(f[3], month(f[2]), f[1]) },
	},
	{
		regexp.MustCompile(`(?i)^` + monthPattern + `\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`),
		func(f []string) (time.Time, bool) { return day(f[3], month(f[1]), f[2]) },
	},
	{regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b`), func(f []string) (time.Time, bool) { return day(f[3], month(f[2]), f[1]) }},
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})\b`), slashed},
}

// slashed reads 25/12/2024 and 12/25/2024, but not 11/12/2024.
func slashed(f []string) (time.Time, bool) {
	dayFirst, ok1 := day(f[3], month(f[2]), f[1])
	monthFirst, ok2 := day(f[3], month(f[1]), f[2])
	switch {
	case ok1 && ok2 && !dayFirst.Equal(monthFirst):
		return time.Time{}, true
	case ok1:
		return dayFirst, true
	}
	return monthFirst, ok2
}

func day(year string, m time.Month, dayOfMonth string) (time.Time, bool) {
	y, err1 := strconv.Atoi(year)
	d, err2 := strconv.Atoi(dayOfMonth)
	at := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return at, err1 == nil && err2 == nil && y >= 1900 && at.Day() == d && at.Month() == m
}

// month reads a number or an English name; 0 is none.
func month(s string) time.Month {
	if m, ok := monthNames[strings.ToLower(s)]; ok {
		return m
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return time.Month(n)
}

var monthNames = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
	"september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4,
	"jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// withClock adds the time of day where its zone is told or not needed; letters
// that could name several zones leave the day alone.
func withClock(at time.Time, clock []string) time.Time {
	hour, err1 := strconv.Atoi(clock[1])
	minute, err2 := strconv.Atoi(clock[2])
	if err1 != nil || err2 != nil || hour > 23 || minute > 59 {
		return at
	}
	switch strings.ToLower(clock[3]) {
	case "p":
		hour = hour%12 + 12
	case "a":
		hour %= 12
	}
	zone := strings.ToUpper(clock[4])
	var offset time.Duration
	switch {
	case zone == "" || zone == "Z" || zone == "GMT" || zone == "UTC":
	case zone[0] == '+' || zone[0] == '-':
		t, err := time.Parse("-0700", strings.Replace(zone, ":", "", 1))
		if err != nil {
			return at
		}
		_, seconds := t.Zone()
		offset = time.Duration(seconds) * time.Second
	default:
		return at
	}
	return at.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute - offset)
}

// stampLayouts are the ways programs write a time.
var stampLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05", "2006-01-02 15:04 -0700", "2006-01-02 15:04", "2006-01-02T15:04:05-0700", "2006-01-02T15:04Z07:00",
	time.DateOnly, "2006/01/02", time.RFC1123Z, time.RFC1123,
}

// parseStamp reads a time as programs write it; without a zone it is loc's.
func parseStamp(s string, loc *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range stampLayouts {
		if at, err := time.ParseInLocation(layout, s, loc); err == nil {
			return at, at.Year() > 0
		}
	}
	return time.Time{}, false
}
