package source

import (
	"errors"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/web"

	"github.com/google/go-cmp/cmp"
)

func TestBackOff(t *testing.T) {
	want := []time.Duration{0, 0, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 16 * time.Hour, maxRest, maxRest}
	for failures, rest := range want {
		if got := backOff(failures); got != rest {
			t.Errorf("after %d failures: %v, want %v", failures, got, rest)
		}
	}
	if got := backOff(1 << 40); got != maxRest {
		t.Errorf("after very many: %v", got)
	}
}

func TestWhenAServerMayBeAskedAgain(t *testing.T) {
	fine := web.Response{Status: 200, Body: []byte(rssFeed())}
	with := func(r web.Response, retry, age time.Duration) web.Response {
		r.RetryAfter, r.MaxAge = retry, age
		return r
	}
	tests := []struct {
		name     string
		answer   web.Response
		failures int // before
		want     time.Duration
	}{
		{"nothing said", fine, 0, 0},
		{"fresh for a while", with(fine, 0, 10*time.Minute), 0, 10 * time.Minute},
		{"unchanged and fresh", with(web.Response{Status: 304, Unchanged: true}, 0, 10*time.Minute), 0, 10 * time.Minute},
		{"first failure", web.Response{Status: 500}, 0, 0},
		{"first failure with a wish", with(web.Response{Status: 503}, 10*time.Minute, 0), 0, 10 * time.Minute},
		{"fresh failure", with(web.Response{Status: 404}, 0, 10*time.Minute), 0, 0},
		{"no feed, though fresh", with(web.Response{Status: 200, Body: []byte("x")}, 0, 10*time.Minute), 0, 0},
		{"third failure", web.Response{Status: 500}, 2, 2 * time.Hour},
		{"third failure with a smaller wish", with(web.Response{Status: 429}, time.Minute, 0), 2, 2 * time.Hour},
		{"third failure with a greater wish", with(web.Response{Status: 429}, 72*time.Hour, 0), 2, 72 * time.Hour},
		{"well again", fine, 7, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := newsletter.SourceState{Failures: tt.failures, NotBefore: now}
			h, _ := Read(t.Context(), &getter{answer: tt.answer}, publication(t), agency, before, now)
			if want := later(now, tt.want); !h.State.NotBefore.Equal(want) {
				t.Errorf("not before %v, want %v", h.State.NotBefore, want)
			}
		})
	}
}

func TestRestingSourcesAreNotAsked(t *testing.T) {
	failing := newsletter.SourceState{
		Source: "agency", ETag: "e", CheckedAt: now.Add(-time.Hour), NotBefore: now.Add(time.Hour), Failures: 3, LastError: "get it: down",
	}
	fresh := failing
	fresh.Failures, fresh.LastError = 0, ""
	ahead := failing
	ahead.CheckedAt = now.Add(time.Minute)
	over := failing
	over.NotBefore = now
	tests := []struct {
		name  string
		state newsletter.SourceState
		force bool
		asked bool
		says  string
	}{
		{"failing", failing, false, false, "not tried before 2026-11-20 08:00 UTC, failed 3 times: get it: down"},
		{"failing, forced", failing, true, true, ""},
		{"fresh", fresh, false, false, ""},
		{"fresh, forced", fresh, true, true, ""},
		{"the clock ran ahead", ahead, false, true, ""},
		{"the wait is over", over, false, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := &getter{answer: web.Response{Status: 200, Body: []byte(rssFeed())}}
			r := &Reader{Get: get, Publication: publication(t), Force: tt.force}
			h, err := r.Read(t.Context(), agency, tt.state, now)
			if asked := len(get.asked) > 0; asked != tt.asked || h.Unchanged == tt.asked {
				t.Errorf("asked %v, harvest %+v", asked, h)
			}
			if tt.says != "" {
				wantFault(t, err, tt.says, "fetch --force")
				var fault *newsletter.Fault
				if !errors.As(err, &fault) || fault.Kind != newsletter.Unavailable {
					t.Errorf("%v is not Unavailable", err)
				}
			} else if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(tt.state, h.State); diff != "" && !tt.asked {
				t.Errorf("the state changed:\n%s", diff)
			}
		})
	}
}

func TestFoldersNeedNoRest(t *testing.T) {
	pub := publication(t)
	write(t, pub.Dir, "articles/a.md", "# A\n\nB.\n")
	h, err := Read(t.Context(), nil, pub, desk, newsletter.SourceState{CheckedAt: now, NotBefore: now.Add(time.Hour), Failures: 4}, now)
	if err != nil || len(h.Articles) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
}
