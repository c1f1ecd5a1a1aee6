package source

import (
	"fmt"
	"time"

	"broadsheet/internal/newsletter"
)

// A feed that failed once is asked again at the next occasion, for most
// failures are hiccups. From the second failure in a row on the waits grow.
const (
	firstRest = time.Hour
	maxRest   = 24 * time.Hour
)

// backOff is how long a feed is left alone after so many failures in a row.
func backOff(failures int) time.Duration {
	if failures < 2 {
		return 0
	}
	rest := firstRest
	for range failures - 2 {
		if rest *= 2; rest >= maxRest {
			return maxRest
		}
	}
	return rest
}

// resting tells whether a source is to be left alone for now. What was
// remembered by a clock that ran ahead of this one does not count.
func resting(s newsletter.SourceState, now time.Time) bool {
	return now.Before(s.NotBefore) && !now.Before(s.CheckedAt)
}

// later is the instant after a wait; without one there is none.
func later(now time.Time, wait time.Duration) time.Time {
	if wait <= 0 {
		return time.Time{}
	}
	return now.Add(wait)
}

// restError is why a feed that keeps failing is not asked; one that is merely
// fresh is no error.
func (r *Reader) restError(s newsletter.SourceState) error {
	if s.Failures == 0 {
		return nil
	}
	until := s.NotBefore
	if r.Publication.Location != nil {
		until = until.In(r.Publication.Location)
	}
	return newsletter.Faultf(newsletter.Unavailable, "fetch --force tries it at once",
		"not tried before %s, failed %s: %s", until.Format("2006-01-02 15:04 MST"), times(s.Failures), s.LastError)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
