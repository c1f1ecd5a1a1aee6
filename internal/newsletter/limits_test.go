package newsletter

import (
	"testing"
	"time"
)

func TestWarmUpDays(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Skip(err)
	}
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip(err)
	}
	from := time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC)
	table := Limits{PerDay: 900, WarmUp: WarmUp{From: from, Days: []int{10, 20, 1000}}}
	for _, c := range []struct {
		name   string
		limits Limits
		now    time.Time
		want   int
	}{
		{"no limit", Limits{}, from, 0},
		{"no table", Limits{PerDay: 5}, from, 5},
		{"the first day", table, time.Date(2026, 10, 24, 0, 0, 0, 0, vienna), 10},
		{"still the first day", table, time.Date(2026, 10, 24, 23, 59, 0, 0, york), 10},
		{"a day of 25 hours", table, time.Date(2026, 10, 25, 23, 30, 0, 0, vienna), 20},
		{"never more than the usual", table, time.Date(2026, 10, 26, 1, 0, 0, 0, vienna), 900},
		{"after the table", table, time.Date(2026, 11, 26, 1, 0, 0, 0, vienna), 900},
		{"after the table without a limit", Limits{WarmUp: table.WarmUp}, time.Date(2026, 11, 26, 1, 0, 0, 0, vienna), 0},
		{"before it", table, time.Date(2026, 10, 1, 1, 0, 0, 0, vienna), 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.limits.OnDay(c.now); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
