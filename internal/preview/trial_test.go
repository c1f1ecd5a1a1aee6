package preview

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// A tester is a server whose test letters are noted.
type tester struct {
	t *testing.T
	*Server
	now  time.Time
	sent []string
	fail error
}

func newTester(t *testing.T) *tester {
	s := &tester{t: t, now: time.Date(2026, 11, 20, 9, 41, 0, 0, time.UTC)}
	l := letter("all", "<p>Everything</p>", "Everything")
	l.Test = func(_ context.Context, to string) (string, error) {
		s.sent = append(s.sent, to)
		return "250 queued", s.fail
	}
	s.Server = serverOf(t, &shelf{proof: proofOf(l)})
	s.options.Now = func() time.Time { return s.now }
	return s
}

func (s *tester) post(path string, form url.Values) (r reply) {
	s.t.Helper()
	w := ask(s.t, s.Server, http.MethodPost, address, "/"+token+path, ownPage, form.Encode())
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		s.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return r
}

func (s *tester) wish(to string) reply {
	return s.post("/test", url.Values{"to": {to}, "for": {"all"}})
}
func (s *tester) yes(key string) reply { return s.post("/test/send", url.Values{"key": {key}}) }

func TestATestLetterWantsAYes(t *testing.T) {
	s := newTester(t)
	asked := s.wish(" me@example.org ")
	want := reply{Key: "KEY1", To: "me@example.org", Subject: "Subject of all", Letter: "Whole issue", Via: "mail.example:25"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("the question (-want +got):\n%s", diff)
	}
	if len(s.sent) > 0 {
		t.Fatalf("the question sent to %v", s.sent)
	}
	if got := s.yes(asked.Key); got.Done != "Sent to me@example.org. 250 queued" {
		t.Errorf("the yes: %+v", got)
	}
	if got := s.yes(asked.Key); got.Error == "" {
		t.Errorf("a second yes: %+v", got)
	}
	if diff := cmp.Diff([]string{"me@example.org"}, s.sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestNothingIsSentWithoutAGoodYes(t *testing.T) {
	tests := []struct {
		name string
		do   func(s *tester) reply
	}{
		{"no question", func(s *tester) reply { return s.yes("") }},
		{"a guess", func(s *tester) reply { s.wish("me@example.org"); return s.yes("KEY2") }},
		{"an empty key", func(s *tester) reply { s.wish("me@example.org"); return s.yes("") }},
		{"the question before", func(s *tester) reply {
			first := s.wish("me@example.org")
			s.wish("you@example.org")
			return s.yes(first.Key)
		}},
		{"too late", func(s *tester) reply {
			key := s.wish("me@example.org").Key
			s.now = s.now.Add(questionLife + time.Second)
			return s.yes(key)
		}},
		{"the issue has changed", func(s *tester) reply {
			key := s.wish("me@example.org").Key
			s.renderAll(s.t.Context())
			return s.yes(key)
		}},
		{"no address", func(s *tester) reply { return s.yes(s.wish("").Key) }},
		{"two addresses", func(s *tester) reply { return s.yes(s.wish("a@example.org, b@example.org").Key) }},
		{"no such letter", func(s *tester) reply {
			return s.yes(s.post("/test", url.Values{"to": {"me@example.org"}, "for": {"gone"}}).Key)
		}},
	}
	for _, tt := range tests {
		s := newTester(t)
		if got := tt.do(s); got.Error == "" || got.Done != "" {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if len(s.sent) > 0 {
			t.Errorf("%s: sent to %v", tt.name, s.sent)
		}
	}
}

func TestAFailedTestLetterSaysWhy(t *testing.T) {
	s := newTester(t)
	s.fail = newsletter.Faultf(newsletter.Failure, "broadsheet suppress list says why", "me@example.org is suppressed")
	if got := s.yes(s.wish("me@example.org").Key).Error; got != "me@example.org is suppressed\nbroadsheet suppress list says why" {
		t.Errorf("got %q", got)
	}
	s.fail = errors.New("connection refused")
	if got := s.yes(s.wish("me@example.org").Key).Error; got != "connection refused" {
		t.Errorf("got %q", got)
	}
}
