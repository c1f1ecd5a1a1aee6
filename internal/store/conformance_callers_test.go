package store_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func testCallersTogether(t *testing.T, s workflow.Store) {
	const n, callers = 300, 32
	freeze(t, s, issue, n)
	must[int](t)(s.Suppress(t.Context(), []newsletter.Suppression{{Identity: "r17@example.org"}}, now))
	all := deliveries(t, s)
	took := make(chan map[int64]int, callers)
	for i := range callers {
		go func() {
			mine := make(map[int64]int)
			defer func() { took <- mine }()
			var done []newsletter.Result
			for k := range all { // everybody wants everything, each from a place of their own
				d := all[(k+i*n/callers)%n]
				claimed, err := s.Advance(t.Context(), issue, done, d.Number, now)
				if err != nil {
					t.Error(err)
				}
				if done = nil; claimed {
					mine[d.Number]++
					done = results(newsletter.Result{Number: d.Number, State: newsletter.Sent})
				}
			}
			if _, err := s.Advance(t.Context(), issue, done, 0, now); err != nil {
				t.Error(err)
			}
		}()
	}
	total := make(map[int64]int)
	for range callers {
		for number, times := range <-took {
			total[number] += times
		}
	}
	if len(total) != n-1 || slices.Max(slices.Collect(maps.Values(total))) != 1 {
		t.Errorf("%d of %d deliveries were claimed, one %d times", len(total), n-1,
			slices.Max(slices.Collect(maps.Values(total))))
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: n - 1, newsletter.Suppressed: 1})
}

func testRefusalIsAlone(t *testing.T, s workflow.Store) {
	const n = 60
	freeze(t, s, issue, n)
	failed := make(chan int, n)
	for i := range n {
		d := claim(t, s, now)
		go func() {
			result := newsletter.Result{Number: d.Number, State: newsletter.Sent}
			if i%3 == 0 {
				result.Number = -1
			}
			_, err := s.Advance(t.Context(), issue, results(result), 0, now)
			if (err != nil) != (i%3 == 0) {
				t.Errorf("caller %d: %v", i, err)
			}
			failed <- btoi(err != nil)
		}()
	}
	for range n {
		<-failed
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Claimed: n / 3, newsletter.Sent: n - n/3})
}

func testCancelledCallers(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 2)
	d := claim(t, s, now)
	sent := results(newsletter.Result{Number: d.Number, State: newsletter.Sent})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Advance(ended, issue, nil, d.Number+1, now); !errors.Is(err, context.Canceled) {
		t.Errorf("claiming after the end: %v", err)
	}
	claimed, err := s.Advance(ended, issue, sent, d.Number+1, now)
	if claimed || !errors.Is(err, context.Canceled) {
		t.Errorf("recording and claiming after the end: %t, %v", claimed, err)
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Queued: 1})
	d = claim(t, s, now)
	sent = results(newsletter.Result{Number: d.Number, State: newsletter.Sent})
	if _, err := s.Advance(ended, issue, sent, 0, now); err != nil {
		t.Errorf("recording after the end: %v", err)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
