package newsletter

import (
	"testing"
	"time"
)

func TestLast(t *testing.T) {
	weekly := Schedule{Every: Weekly, On: time.Friday, Hour: 7}
	tests := []struct {
		name     string
		schedule Schedule
		zone     string
		now      string
		want     string // "": no schedule
	}{
		{"none", Schedule{}, "UTC", "2026-11-20T08:00:00Z", ""},
		{"weekly, just due", weekly, "Europe/Vienna", "2026-11-20T07:00:00+01:00", "2026-11-20T07:00:00+01:00"},
		{"weekly, a second before", weekly, "Europe/Vienna", "2026-11-20T06:59:59+01:00", "2026-11-13T07:00:00+01:00"},
		{"weekly, across a year", weekly, "Europe/Vienna", "2027-01-01T06:00:00+01:00", "2026-12-25T07:00:00+01:00"},
		{"weekly, the publication's day counts", weekly, "Pacific/Auckland", "2026-11-19T18:30:00Z", "2026-11-20T07:00:00+13:00"},
		{"daily", Schedule{Every: Daily, Hour: 18, Min: 30}, "UTC", "2026-11-20T08:00:00Z", "2026-11-19T18:30:00Z"},
		{"gap: the next valid instant", Schedule{Every: Daily, Hour: 2, Min: 30}, "Europe/Vienna", "2026-03-29T12:00:00+02:00", "2026-03-29T03:00:00+02:00"},
		{"gap at midnight", Schedule{Every: Daily, Hour: 0, Min: 30}, "America/Asuncion", "2023-10-01T12:00:00-03:00", "2023-10-01T01:00:00-03:00"},
		{"overlap: the first instant", Schedule{Every: Daily, Hour: 2, Min: 30}, "Europe/Vienna", "2026-10-25T12:00:00+01:00", "2026-10-25T02:30:00+02:00"},
		{"overlap, between the two", Schedule{Every: Daily, Hour: 2, Min: 30}, "Europe/Vienna", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+02:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			loc, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := tt.schedule.Last(instant(t, tt.now), loc)
			if ok != (tt.want != "") {
				t.Fatalf("Last() = %v, %v", got, ok)
			}
			if ok && !got.Equal(instant(t, tt.want)) {
				t.Errorf("Last() = %s, want %s", got.Format(time.RFC3339), tt.want)
			}
		})
	}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestWeekKey(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ now, want string }{
		{"2026-11-20T07:00:00+01:00", "2026-W47"},
		{"2026-12-31T12:00:00+01:00", "2026-W53"},
		{"2027-01-01T12:00:00+01:00", "2026-W53"},
		{"2027-01-03T22:59:59Z", "2026-W53"},
		{"2027-01-03T23:00:00Z", "2027-W01"}, // Monday already in Vienna
	}
	for _, tt := range tests {
		if got := WeekKey(instant(t, tt.now), vienna); got != tt.want {
			t.Errorf("WeekKey(%s) = %s, want %s", tt.now, got, tt.want)
		}
	}
}
