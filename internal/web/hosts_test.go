package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
)

func address(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// mostAtOnce sends twenty requests of a second each and counts how many were
// under way together at the most.
func mostAtOnce(t *testing.T, h *hosts, link string) int {
	var under, most atomic.Int64
	synctest.Test(t, func(t *testing.T) {
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				leave, err := h.enter(t.Context(), address(t, link))
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				most.Store(max(most.Load(), under.Add(1)))
				time.Sleep(time.Second)
				under.Add(-1)
			})
		}
		group.Wait()
	})
	return int(most.Load())
}

func TestRequestsAtOnce(t *testing.T) {
	tests := []struct {
		name, link string
		limit      int
		want       int
	}{
		{"a stranger", "https://agency.example/feed", 0, 2},
		{"an address", "http://192.168.1.7/feed", 0, 2},
		{"a limit of one's own", "https://agency.example/feed", 5, 5},
		{"this machine", "http://127.0.0.1:8080/feed", 0, 20},
		{"this machine by name", "http://LOCALHOST:8080/feed", 0, 20},
		{"this machine, IPv6", "http://[::1]:8080/feed", 0, 20},
		{"this machine with a limit", "http://127.0.0.1:8080/feed", 3, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := &hosts{limit: tt.limit, known: map[string]*host{}}
			if got := mostAtOnce(t, h, tt.link); got != tt.want {
				t.Errorf("%d requests at once, want %d", got, tt.want)
			}
		})
	}
}

func TestOneHostDoesNotHoldUpAnother(t *testing.T) {
	h := newHosts(1)
	leave, err := h.enter(t.Context(), address(t, "https://a.example/"))
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	other, err := h.enter(t.Context(), address(t, "https://b.example/"))
	if err != nil {
		t.Fatal(err)
	}
	other()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.enter(ctx, address(t, "https://A.example./x")); !errors.Is(err, context.Canceled) {
		t.Errorf("the second request to a host: %v", err)
	}
}

func TestWaitingWhereAServerAsksForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, link := newHosts(0), address(t, "https://agency.example/1")
		h.close(link, 3*time.Second)
		start := time.Now()
		leave, err := h.enter(t.Context(), address(t, "https://agency.example/2"))
		if took := time.Since(start); err != nil || took != 3*time.Second {
			t.Fatalf("entered after %v, %v", took, err)
		}
		leave()
		h.close(link, time.Hour)
		h.close(link, time.Second) // a later answer to an earlier request
		var busy *busyError
		if _, err := h.enter(t.Context(), link); !errors.As(err, &busy) {
			t.Errorf("entered while the server wants an hour's rest: %v", err)
		}
		time.Sleep(time.Hour)
		for range defaultPerHost { // whoever was refused gave up their place
			if _, err := h.enter(t.Context(), link); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestTooManyRequestsClosesTheHost(t *testing.T) {
	asked := 0
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	strict := open(Options{PerHost: 2})
	if got, err := strict.Get(t.Context(), server.URL+"/a", Validators{}); err != nil || got.Status != 429 {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err := strict.Get(t.Context(), server.URL+"/b", Validators{})
	wantError(t, err, newsletter.Unavailable, server.URL+"/b", "asks to wait 1h0m0s")

	spared := open(Options{})
	for range 2 {
		if _, err := spared.Get(t.Context(), server.URL, Validators{}); err != nil {
			t.Error(err)
		}
	}
	if asked != 3 {
		t.Errorf("the server was asked %d times", asked)
	}
}

func TestMaxAge(t *testing.T) {
	tests := []struct {
		name, control, age string
		want               time.Duration
	}{
		{"none", "", "", 0},
		{"plain", "max-age=600", "", 10 * time.Minute},
		{"among others", `public, Max-Age="600", must-revalidate`, "", 10 * time.Minute},
		{"aged", "max-age=600", "500", 100 * time.Second},
		{"stale", "max-age=600", "601", 0},
		{"to be checked", "max-age=600, no-cache", "", 0},
		{"not to be kept", "no-store,max-age=600", "", 0},
		{"a year", "max-age=31536000", "", maxFresh},
		{"nonsense", "max-age=soon", "", 0},
		{"negative", "max-age=-1", "", 0},
		{"shared caches are others", "s-maxage=600", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Cache-Control": {tt.control}}
			h.Set("Age", tt.age)
			if got := maxAge(h); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
