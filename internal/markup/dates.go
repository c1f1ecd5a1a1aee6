package markup

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateLine reads a line that is nothing but a date, with or without a time of
// day: "Published on Monday, 12 March 2024 at 10:15 GMT", "Publié le 12 mars 2024
// à 10h15". Without a zone it is UTC. Numbers that could be month and day either
// way tell the line's purpose, but no date, and so does "two hours ago": the
// time is then zero.
func dateLine(s string) (at time.Time, updated, ok bool) {
	if len(s) > 100 {
		return time.Time{}, false, false
	}
	prefix := datePrefix.FindString(s)
	rest := s[len(prefix):]
	updated = updateWord.MatchString(prefix)
	if prefix != "" && daysAgo.MatchString(rest) {
		return time.Time{}, updated, true
	}
	before := clockBefore.FindStringSubmatch(rest)
	if before != nil {
		rest = strings.TrimPrefix(rest[len(before[0]):], datePrefix.FindString(rest[len(before[0]):]))
	}
	for _, form := range dateForms {
		found := form.pattern.FindStringSubmatch(rest)
		if found == nil {
			continue
		}
		clock := clockTime.FindStringSubmatch(rest[len(found[0]):])
		if clock == nil {
			continue
		}
		if before != nil && clock[1] == "" {
			clock = before
		}
		at, ok = form.date(found)
		if ok && !at.IsZero() {
			at = withClock(at, clock)
		}
		return at, updated, ok
	}
	return time.Time{}, false, false
}

const (
	monthPattern = `(January|February|March|April|May|June|July|August|September|October|November|December|` +
		`Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)`
	anyMonth   = `(\p{L}{3,10})` // whether it is one, month tells
	clockZone  = `(Z|GMT|UTC|[+-]\d{2}:?\d{2}|[A-Z]{2,4})?`
	clockDigit = `(\d{1,2})(?:[:.h]|\s?h\s?)(\d{2})(?:[:.]\d{2}(?:\.\d+)?)?\s*([ap])?(?:\.?m\.?)?`
)

var (
	datePrefix = regexp.MustCompile(`(?i)^(?:(?:(?:first |last |originally )?(?:published|posted|updated|created|modified|date|dated|released|issued)(?: on| at)?|` +
		`(?:zuletzt )?(?:veröffentlicht|aktualisiert|erschienen|erstellt|geändert|stand|datum)(?: am| vom)?|vom|am|` +
		`(?:publié|paru|mis à jour|modifié|posté|créé|date)(?: le)?|le|(?:publicado|actualizado|modificado|fecha)(?: el| en)?|el|` +
		`(?:pubblicato|aggiornato|ultimo aggiornamento|data)(?: il)?|il|(?:laatst )?(?:gepubliceerd|geplaatst|bijgewerkt|gewijzigd|aangepast|datum)(?: op)?|op)\s*:?\s+)?` +
		`(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|` +
		`(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so)|` +
		`(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|` +
		`(?:lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)|(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag))\.?,?\s+)?(?:(?:le|el|il|op|den|the)\s+)?`)
	updateWord = regexp.MustCompile(`(?i)updated|modified|aktualisiert|geändert|mis à jour|modifié|actualizado|modificado|aggiorna|bijgewerkt|gewijzigd|aangepast`)
	daysAgo    = regexp.MustCompile(`(?i)^(?:about )?(?:\d+|an?|one|two) (?:minute|hour|day|week|month)s? ago$`)

	clockTime = regexp.MustCompile(`(?i)^(?:[\s,T]|(?:at|um|à|a las|alle ore|alle|ore|om|às)\s|[-–—|·/])*(?:` + clockDigit + `)?\s*(?:Uhr|uur|h)?\s*` + clockZone + `\.?$`)
	// clockBefore is a time of day with its zone that stands before the date.
	clockBefore = regexp.MustCompile(`(?i)^` + clockDigit + `\s*(?:Uhr|uur)?\s*` + clockZone + `\s*[,–—|-]?\s+`)
)

// dateForms are the ways to write a day.
var dateForms = []struct {
	pattern *regexp.Regexp
	date    func(found []string) (time.Time, bool)
}{
	{regexp.MustCompile(`^(\d{4})[-/](\d{2})[-/](\d{2})`), func(f []string) (time.Time, bool) { return day(f[1], month(f[2]), f[3]) }},
	{
		regexp.MustCompile(`(?i)^(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s+(?:of\s+|de\s+)?` + anyMonth + `\.?,?\s+(?:de[l]?\s+)?(\d{4})\b`),
		func(f []string) (time.Time, bool) { return day(f[3], month(f[2]), f[1]) },
	},
	{
		regexp.MustCompile(`(?i)^` + anyMonth + `\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`),
		func(f []string) (time.Time, bool) { return day(f[3], month(f[1]), f[2]) },
	},
	{regexp.MustCompile(`^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b`), func(f []string) (time.Time, bool) { return day(f[3], month(f[2]), f[1]) }},
	{regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`), slashed},
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

// month reads a number or a name; 0 is none.
func month(s string) time.Month {
	name := strings.ToLower(s)
	if m, ok := monthNames[name]; ok {
		return m
	}
	if m, ok := monthsAbroad[name]; ok {
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

// monthsAbroad are the German, French, Spanish, Italian and Dutch names that
// differ from the English ones, and their abbreviations.
var monthsAbroad = map[string]time.Month{
	"januar": 1, "jänner": 1, "janvier": 1, "janv": 1, "enero": 1, "ene": 1, "gennaio": 1, "gen": 1, "januari": 1,
	"februar": 2, "feber": 2, "février": 2, "févr": 2, "fév": 2, "febrero": 2, "febbraio": 2, "februari": 2,
	"märz": 3, "mrz": 3, "mär": 3, "mars": 3, "marzo": 3, "maart": 3, "mrt": 3,
	"avril": 4, "avr": 4, "abril": 4, "abr": 4, "aprile": 4,
	"mai": 5, "mayo": 5, "maggio": 5, "mag": 5, "mei": 5,
	"juni": 6, "juin": 6, "junio": 6, "giugno": 6, "giu": 6,
	"juli": 7, "juillet": 7, "juil": 7, "julio": 7, "luglio": 7, "lug": 7,
	"août": 8, "aout": 8, "agosto": 8, "ago": 8, "augustus": 8,
	"septembre": 9, "septiembre": 9, "setiembre": 9, "settembre": 9, "set": 9,
	"oktober": 10, "okt": 10, "octobre": 10, "octubre": 10, "ottobre": 10, "ott": 10,
	"novembre": 11, "noviembre": 11,
	"dezember": 12, "dez": 12, "décembre": 12, "déc": 12, "diciembre": 12, "dic": 12, "dicembre": 12,
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
