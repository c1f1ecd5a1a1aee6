package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

// One request may move a delivery several times: the schema sees each move.
func testMovesTwice(t *testing.T, s workflow.Store) {
	freeze(t, s, issue, 2)
	d := claim(t, s, now)
	given := newsletter.Result{Number: d.Number, State: newsletter.Queued, Reply: "EOF"}
	claimed, err := s.Advance(t.Context(), issue, results(given), d.Number, now.Add(time.Minute))
	if err != nil || !claimed {
		t.Fatalf("given back and claimed again: %t, %v", claimed, err)
	}
	d.Attempts, d.Reply = 2, "EOF"
	equal(t, "claimed again", deliveries(t, s, newsletter.Claimed), []newsletter.Delivery{d})

	sent := newsletter.Result{Number: d.Number, State: newsletter.Sent, Code: 250}
	later := newsletter.Result{Number: d.Number, State: newsletter.Deferred, Due: now}
	unknown := newsletter.Result{Number: d.Number + 9, State: newsletter.Sent, Code: 250}
	_, err = s.Advance(t.Context(), issue, []newsletter.Result{sent, later, unknown}, d.Number+1, now)
	for _, refused := range []string{
		fmt.Sprintf("delivery %d is sent and cannot become deferred", d.Number), fmt.Sprintf("there is no delivery %d", d.Number+9),
	} {
		if err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("%v, want %s", err, refused)
		}
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: 1, newsletter.Queued: 1})
}

// Of many callers who want the same deliveries, each is claimed by one.
func testClaimedOnce(t *testing.T, s workflow.Store) {
	const n, callers = 90, 8
	freeze(t, s, issue, n)
	first := deliveries(t, s)[0].Number
	var group sync.WaitGroup
	won := make([]int, callers)
	failed := make([]error, callers)
	for c := range callers {
		group.Go(func() {
			for i := range int64(n) {
				var done []newsletter.Result
				claimed, err := s.Advance(t.Context(), issue, nil, first+i, now)
				if claimed {
					won[c]++
					done = results(newsletter.Result{Number: first + i, State: newsletter.Sent, Reply: fmt.Sprintf("caller %d\x00\xff", c)})
				}
				_, recorded := s.Advance(t.Context(), issue, done, 0, now)
				failed[c] = errors.Join(failed[c], err, recorded)
			}
		})
	}
	group.Wait()
	sum := 0
	for c := range callers {
		sum += won[c]
		if failed[c] != nil {
			t.Errorf("caller %d: %v", c, failed[c])
		}
	}
	if sum != n {
		t.Errorf("%d claims of %d deliveries", sum, n)
	}
	for _, d := range deliveries(t, s) {
		if d.State != newsletter.Sent || d.Attempts != 1 || len(d.Reply) < len("caller 0") {
			t.Errorf("delivery %d is %+v", d.Number, d)
		}
	}
	wantCounts(t, s, map[newsletter.State]int{newsletter.Sent: n})
}
