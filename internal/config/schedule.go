package config

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/newsletter"
)

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

// schedule checks when an issue is due. A file without a schedule has none.
func (c *check) schedule(doc scheduleDocument) newsletter.Schedule {
	if doc.Every == "" && doc.On == "" && doc.At == "" {
		return newsletter.Schedule{}
	}
	s := newsletter.Schedule{
		Every: newsletter.Period(doc.Every),
		Send:  newsletter.SendPolicy(doc.Send),
		Late:  c.duration("schedule.late", doc.Late),
	}
	if c.required("schedule.every", doc.Every, "week") {
		c.oneOf("schedule.every", doc.Every, string(newsletter.Weekly), string(newsletter.Daily))
	}
	c.oneOf("schedule.send", doc.Send, string(newsletter.SendAuto), string(newsletter.SendReady))
	s.On = c.weekday(s.Every, doc.On)
	s.Hour, s.Min = c.clock(doc.At)
	return s
}

func (c *check) weekday(every newsletter.Period, value string) time.Weekday {
	const at = "schedule.on"
	if every == newsletter.Daily && value != "" {
		c.bad(at, value, "a daily schedule has no weekday", "remove it, or write  every: week")
	}
	if every != newsletter.Weekly || !c.required(at, value, "friday") {
		return time.Sunday
	}
	day, ok := weekdays[strings.ToLower(value)]
	if !ok {
		c.bad(at, value, "is not a weekday", "write monday, tuesday, wednesday, thursday, friday, saturday or sunday")
	}
	return day
}

var clock = regexp.MustCompile(`^([01]?[0-9]|2[0-3]):([0-5][0-9])$`)

func (c *check) clock(value string) (hour, minute int) {
	if !c.required("schedule.at", value, `"07:00"`) {
		return 0, 0
	}
	parts := clock.FindStringSubmatch(value)
	if parts == nil {
		c.bad("schedule.at", value, "is not a time of day", `write hours and minutes such as "07:00" or "18:30"`)
		return 0, 0
	}
	hour, _ = strconv.Atoi(parts[1])
	minute, _ = strconv.Atoi(parts[2])
	return hour, minute
}

func (c *check) rules(doc issueDocument, every newsletter.Period) newsletter.IssueRules {
	rules := newsletter.IssueRules{
		MaxItemsPerTopic: c.within("issue.max_items_per_topic", doc.MaxItemsPerTopic, 1, 100),
		SummaryWords:     c.within("issue.summary_words", doc.SummaryWords, 10, 1000),
		Key:              newsletter.KeyKind(doc.Key),
		MaxAge:           2 * every.Length(),
		HalfLife:         every.Length() / 3,
		Coverage:         doc.Coverage,
	}
	switch {
	case doc.Key != "":
		c.oneOf("issue.key", doc.Key, string(newsletter.KeyWeek), string(newsletter.KeyDate), string(newsletter.KeyNumber))
	case every == newsletter.Daily:
		rules.Key = newsletter.KeyDate
	default:
		rules.Key = newsletter.KeyWeek
	}
	if doc.MaxAge != "" {
		rules.MaxAge = c.duration("issue.max_age", doc.MaxAge)
	}
	if doc.HalfLife != "" {
		rules.HalfLife = c.duration("issue.half_life", doc.HalfLife)
	}
	if !(doc.Coverage >= 0 && doc.Coverage <= 10) {
		c.bad("issue.coverage", strconv.FormatFloat(doc.Coverage, 'g', -1, 64), "is out of range", "write a number from 0 to 10; 0.5 is usual")
	}
	return rules
}

func (c *check) within(at string, value, least, most int) int {
	if value < least || value > most {
		c.bad(at, strconv.Itoa(value), "is out of range", fmt.Sprintf("write a number from %d to %d", least, most))
	}
	return value
}

func (c *check) duration(at, value string) time.Duration {
	d, err := ParseDuration(value)
	if err != nil || d <= 0 {
		c.bad(at, value, "is not a length of time", "write it like 90m, 6h, 7d or 2w")
		return 0
	}
	return d
}

var daysAndWeeks = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)([dw])`)

// ParseDuration reads a length of time like time.ParseDuration does, with days
// of 24 hours and weeks of seven days before the other units: "2w", "1d12h".
func ParseDuration(s string) (time.Duration, error) {
	total, rest := 0.0, s
	for {
		part := daysAndWeeks.FindStringSubmatch(rest)
		if part == nil {
			break
		}
		n, err := strconv.ParseFloat(part[1], 64)
		if err != nil {
			return 0, fmt.Errorf("reading the duration %q: %w", s, err)
		}
		unit := 24 * time.Hour
		if part[2] == "w" {
			unit *= 7
		}
		total += float64(n * float64(unit))
		rest = rest[len(part[0]):]
	}
	days := time.Duration(total)
	if rest == "" && s != "" && total < math.MaxInt64 {
		return days, nil
	}
	small, err := time.ParseDuration(rest)
	if err != nil || total+float64(small) >= math.MaxInt64 || days > 0 && strings.HasPrefix(rest, "-") {
		return 0, fmt.Errorf("reading the duration %q: write it like 90m, 6h, 7d or 2w", s)
	}
	return days + small, nil
}
