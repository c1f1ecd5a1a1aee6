package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
)

// onEach measures each engine, one right after the other.
func onEach(b *testing.B, name string, measure func(b *testing.B, s *store.Store)) {
	b.Run(name+"/SQLite", func(b *testing.B) { measure(b, open(b, file(b))) })
	b.Run(name+"/PostgreSQL", func(b *testing.B) { measure(b, open(b, server(b))) })
}

func BenchmarkFreeze(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		onEach(b, fmt.Sprint(n), func(b *testing.B, s *store.Store) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				freeze(b, s, fmt.Sprint("issue-", i), n)
				i++
			}
			b.ReportMetric(float64(n*i)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkAdvance has callers that record one outcome and claim the next
// delivery, as connections to a very fast server would.
func BenchmarkAdvance(b *testing.B) {
	const run = 20_000
	for _, callers := range []int{1, 8, 16, 64} {
		onEach(b, fmt.Sprint(callers), func(b *testing.B, s *store.Store) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				b.StopTimer()
				key := fmt.Sprint("issue-", i)
				freeze(b, s, key, run)
				first := int64(i*run + 1)
				b.StartTimer()
				var group sync.WaitGroup
				var taken atomic.Int64
				for range callers {
					group.Go(func() {
						var done []newsletter.Result
						for {
							number := first + taken.Add(1) - 1
							if number >= first+run {
								return
							}
							claimed, err := s.Advance(b.Context(), key, done, number, now)
							if err != nil || !claimed {
								b.Error(claimed, err)
								return
							}
							done = results(newsletter.Result{Number: number, State: newsletter.Sent, Code: 250, Reply: "2.0.0 queued"})
						}
					})
				}
				group.Wait()
				i++
			}
			b.ReportMetric(float64(run*i)/b.Elapsed().Seconds(), "advances/s")
		})
	}
}
