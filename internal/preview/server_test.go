package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/newsletter"
)

// patience bounds a wait for something that happens elsewhere.
const patience = 10 * time.Second

func TestTurnWaitsForTheNextRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serverOf(t, &shelf{proof: sample()})
		ctx, stop := context.WithCancel(t.Context())
		wait := func(round int) <-chan string {
			answer := make(chan string, 1)
			go func() {
				w := httptest.NewRecorder()
				s.turn(w, httptest.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("/turn?round=%d", round), nil))
				answer <- w.Body.String()
			}()
			synctest.Wait()
			return answer
		}
		if got := <-wait(0); got != "1" {
			t.Errorf("a browser that is behind got %q", got)
		}
		first, second := wait(1), wait(1)
		if len(first)+len(second) > 0 {
			t.Fatal("an answer came without a new rendering")
		}
		s.renderAll(ctx)
		if a, b := <-first, <-second; a != "2" || b != "2" {
			t.Errorf("the waiting browsers got %q and %q", a, b)
		}
		if got := <-wait(2); got != "2" { // the clock runs on while all wait
			t.Errorf("a browser that waited in vain got %q", got)
		}
		last := wait(2)
		stop()
		if got := <-last; got != "" {
			t.Errorf("the end of the server counts as a turn: %q", got)
		}
	})
}

// A manuscript is a Book of one file.
type manuscript struct{ path string }

func (m manuscript) Watched() []string      { return []string{m.path} }
func (m manuscript) LastLook() (Look, bool) { return Look{}, false }
func (m manuscript) KeepLook(Look) error    { return nil }

func (m manuscript) Proof(context.Context) (Proof, error) {
	content, err := os.ReadFile(m.path)
	return proofOf(letter("all", string(content), "")), err
}

// serve serves the file until stop, which returns Serve's error.
func serve(t *testing.T, path string) (url string, stop func() error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(manuscript{path}, options(listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	return strings.TrimSuffix(s.URL(), "/"), func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			return fmt.Errorf("the server does not end")
		}
	}
}

func fetch(url string) (int, string, error) {
	client := http.Client{Timeout: patience}
	answer, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), err
}

// TestTheLetterDoesNotWaitForTheRest counts readers slowly: the letter is there
// meanwhile, with the notes of the one before, and what is overtaken is dropped.
func TestTheLetterDoesNotWaitForTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &shelf{proof: sample()}
		s := serverOf(t, book)
		gate := make(chan struct{})
		slow := func(finding string) {
			rest := Rest{Findings: []newsletter.Finding{{Rule: finding}}, Letter: book.proof.Letter, Segments: []Choice{{Name: "all"}}}
			book.proof.Rest = func(context.Context) (Rest, error) {
				<-gate
				return rest, nil
			}
			s.render(t.Context())
			time.Sleep(2 * restAfter) // by the bubble's clock
			synctest.Wait()
		}
		slow("first")
		if now := s.current(); now.Round != 2 || now.Whole || len(now.Segments) != 2 {
			t.Errorf("while the rest is made: round %d, whole %v, %d segments", now.Round, now.Whole, len(now.Segments))
		}
		if w := get(t, s, "/html"); w.Code != http.StatusOK {
			t.Errorf("the letter waits: %d", w.Code)
		}
		slow("second")
		gate <- struct{}{} // the first is overtaken
		synctest.Wait()
		if now := s.current(); now.Whole {
			t.Errorf("an old rest is shown: %+v", now.Findings)
		}
		gate <- struct{}{}
		synctest.Wait()
		if now := s.current(); !now.Whole || now.Round != 3 || now.Findings[0].Rule != "second" {
			t.Errorf("the rest: whole %v, round %d, %+v", now.Whole, now.Round, now.Findings)
		}
	})
}

func TestARestThatFailsStandsWhereTheLetterWas(t *testing.T) {
	book := &shelf{proof: sample()}
	book.proof.Rest = func(context.Context) (Rest, error) { return Rest{}, errors.New("the list is locked") }
	s := serverOf(t, book)
	if page := get(t, s, "/").Body.String(); !strings.Contains(page, "the list is locked") || strings.Contains(page, "<iframe") {
		t.Errorf("got:\n%s", page)
	}
}

func TestServeShowsChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issue.md")
	if err := os.WriteFile(path, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	url, stop := serve(t, path)
	_, round, err := fetch(url + "/turn") // with the first answer the watch has begun
	if err != nil {
		t.Fatal(err)
	}
	turn := func(change func() error, wantCode int, want string) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); time.Since(began) < patience; {
			if _, round, err = fetch(url + "/turn?round=" + round); err != nil {
				t.Fatal(err)
			}
			code, body, err := fetch(url + "/html")
			if err != nil {
				t.Fatal(err)
			}
			if code == wantCode && (want == "" || body == want) {
				return
			}
		}
		t.Fatalf("the letter did not become %d %q", wantCode, want)
	}
	write := func(content string) func() error {
		return func() error { return os.WriteFile(path, []byte(content), 0o600) }
	}
	turn(write("two"), http.StatusOK, "two")
	turn(func() error { return os.Remove(path) }, http.StatusNotFound, "")
	turn(write("three"), http.StatusOK, "three")
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestServeEndsWithABrowserWaiting(t *testing.T) {
	url, stop := serve(t, filepath.Join(t.TempDir(), "missing"))
	if _, _, err := fetch(url + "/turn"); err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error, 1)
	go func() {
		_, _, err := fetch(url + "/turn?round=1")
		waiting <- err
	}()
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	<-waiting // whether it was answered or refused is all the same
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("ending took %v", took)
	}
	if _, _, err := fetch(url); err == nil {
		t.Error("the server still answers")
	}
}

func TestServeClosesTheListenerWhenItCannotWatch(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(manuscript{"issue\x00.md"}, options(listener.Addr().String()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Serve(ctx, listener); err != nil {
		t.Error(err) // a path that cannot be is only one that is not there
	}
	if _, err := listener.Accept(); err == nil {
		t.Error("the listener is open")
	}
}

func TestNewWantsAnAddressAndAPort(t *testing.T) {
	if _, err := New(&shelf{}, options("127.0.0.1")); err == nil {
		t.Error("an address without a port is taken")
	}
}
