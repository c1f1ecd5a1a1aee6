package newsletter

import (
	"fmt"
	"time"
)

// A Schedule says when an issue is due. The zero value has none.
type Schedule struct {
	Every Period // "" means no schedule
	On    time.Weekday
	Hour  int
	Min   int
	Late  time.Duration // a run that wakes later than this asks a person
	Send  SendPolicy
}

// Period is the rhythm of a publication.
type Period string

// The rhythms.
const (
	Weekly Period = "week"
	Daily  Period = "day"
)

// SendPolicy says what a scheduled run may send by itself.
type SendPolicy string

// SendAuto sends an untouched or a ready issue; SendReady only one that an
// editor marked ready.
const (
	SendAuto  SendPolicy = "auto"
	SendReady SendPolicy = "ready"
)

// Length is the usual length of one period.
func (p Period) Length() time.Duration {
	if p == Daily {
		return 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// Last returns the newest instant at or before now at which an issue was due,
// on loc's clock. A time of day that a daylight-saving gap skips falls on the
// next valid instant; one that an overlap repeats falls on its first.
func (s Schedule) Last(now time.Time, loc *time.Location) (time.Time, bool) {
	if s.Every == "" {
		return time.Time{}, false
	}
	local := now.In(loc)
	for back := range 9 {
		year, month, day := local.AddDate(0, 0, -back).Date()
		if s.Every == Weekly && time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Weekday() != s.On {
			continue
		}
		if at := wallClock(year, month, day, s.Hour, s.Min, loc); !at.After(now) {
			return at, true
		}
	}
	return time.Time{}, false
}

// wallClock finds the first instant that shows the given time on loc's clock,
// or, in a gap, the first instant after the gap.
func wallClock(year int, month time.Month, day, hour, minute int, loc *time.Location) time.Time {
	at := time.Date(year, month, day, hour, minute, 0, 0, loc)
	start, end := at.ZoneBounds()
	want := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	_, offset := at.Zone()
	switch shown := at.Add(time.Duration(offset) * time.Second).UTC(); {
	case shown.After(want): // the wanted time is in the gap before this zone
		return start
	case shown.Before(want): // or in the gap after it
		return end
	}
	if !start.IsZero() { // an overlap shows the same time before this zone began
		_, before := start.Add(-time.Second).Zone()
		_, after := at.Zone()
		if earlier := at.Add(time.Duration(after-before) * time.Second); before > after && earlier.Before(start) {
			return earlier
		}
	}
	return at
}

// WeekKey names the ISO week of t on loc's clock, with the ISO year: 2026-W53
// exists, and 2027-01-01 belongs to it (ISO 8601).
func WeekKey(t time.Time, loc *time.Location) string {
	year, week := t.In(loc).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// DateKey names the day of t on loc's clock.
func DateKey(t time.Time, loc *time.Location) string {
	return t.In(loc).Format(time.DateOnly)
}
