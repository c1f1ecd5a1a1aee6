package preview

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// A shelf is a Book that holds what it is given.
type shelf struct {
	proof   Proof
	err     error
	watched []string
	look    Look // kept
	failing error
}

func (s *shelf) Proof(context.Context) (Proof, error) { return s.proof, s.err }
func (s *shelf) Watched() []string                    { return s.watched }
func (s *shelf) LastLook() (Look, bool)               { return s.look, !s.look.At.IsZero() }

func (s *shelf) KeepLook(look Look) error {
	s.look = look
	return s.failing
}

func letter(name, html, text string) Letter {
	return Letter{
		Name: name, Segment: name, Items: 1, Subject: "Subject of " + name, Preheader: "Preheader of " + name,
		Bytes: len(html), Encoded: len(html),
		Cut: func() ([]byte, []byte, error) { return []byte(html), []byte(text), nil },
	}
}

// proofOf is a proof of some letters, with what more there is to know.
func proofOf(letters ...Letter) Proof {
	find := func(_ context.Context, name string) (Letter, error) {
		for _, l := range letters {
			if l.Name == name {
				return l, nil
			}
		}
		return Letter{}, fmt.Errorf("there is no topic %q", name)
	}
	rest := Rest{Letter: find}
	for _, l := range letters {
		rest.Segments = append(rest.Segments, Choice{Name: l.Name, Note: "2 readers", Readers: 2})
	}
	p := Proof{Key: "2026-W47", From: "The Weekly", Budget: 95_000, Clip: 102_000, Via: "mail.example:25", Letter: find}
	return p.with(rest)
}

func (p Proof) with(rest Rest) Proof {
	rest.Letter = p.Letter
	p.Rest = func(context.Context) (Rest, error) { return rest, nil }
	return p
}

// sample has the bytes that a careless server would change.
func sample() Proof {
	return proofOf(
		letter("all", "<!DOCTYPE html>\n<p>Everything</p>\r\n", "Everything\n"),
		letter("europe+ukraine", "<p>Two \u2028 topics</p>", "Two topics"),
	)
}

const (
	address = "127.0.0.1:8222"
	token   = "TOKEN"
)

func options(addr string) Options {
	keys := 0
	return Options{
		Addr: addr, Token: token,
		Key: func() string { keys++; return fmt.Sprint("KEY", keys) },
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 41, 0, 0, time.UTC) },
	}
}

func serverOf(t *testing.T, book Book) *Server {
	t.Helper()
	s, err := New(book, options(address))
	if err != nil {
		t.Fatal(err)
	}
	s.renderAll(t.Context())
	return s
}

// renderAll renders and waits for the rest.
func (s *Server) renderAll(ctx context.Context) {
	s.render(ctx)
	s.running.Wait()
}

func get(t *testing.T, s *Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	return request(t, s, http.MethodGet, address, path, nil)
}

// request asks below the token.
func request(t *testing.T, s *Server, method, host, path string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, s, method, host, "/"+token+path, header, "")
}

func ask(t *testing.T, s *Server, method, host, path string, header map[string]string, form string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://"+address+path, strings.NewReader(form))
	r.Host = host
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	s.handler().ServeHTTP(w, r)
	return w
}

func TestOnlyItsOwnHostIsAnswered(t *testing.T) {
	tests := []struct {
		addr, host string
		want       int
	}{
		{address, "127.0.0.1:8222", http.StatusOK},
		{address, "localhost:8222", http.StatusOK},
		{address, "127.0.0.1:8223", http.StatusForbidden},
		{address, "127.0.0.1", http.StatusForbidden},
		{address, "evil.example:8222", http.StatusForbidden},
		{address, "127.0.0.1.evil.example:8222", http.StatusForbidden},
		{address, "", http.StatusForbidden},
		{"[::1]:8222", "[::1]:8222", http.StatusOK},
		{"[::1]:8222", "127.0.0.1:8222", http.StatusForbidden},
		{"127.0.0.1:80", "127.0.0.1", http.StatusOK},
	}
	for _, tt := range tests {
		s, err := New(&shelf{proof: sample()}, options(tt.addr))
		if err != nil {
			t.Fatal(err)
		}
		s.renderAll(t.Context())
		for _, path := range []string{"/", "/html", "/text", "/turn", "/script.js"} {
			w := request(t, s, http.MethodGet, tt.host, path, nil)
			if w.Code != tt.want {
				t.Errorf("at %s, %s for host %q: %d, want %d", tt.addr, path, tt.host, w.Code, tt.want)
			}
			if tt.want == http.StatusForbidden && strings.Contains(w.Body.String(), "Everything") {
				t.Errorf("host %q got the letter", tt.host)
			}
		}
	}
}

var ownPage = map[string]string{"Origin": "http://" + address}

func TestOnlyWhatIsThereIsAnswered(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		for _, path := range []string{"/", "/html", "/text", "/turn", "/style.css"} {
			if got := request(t, s, method, address, path, ownPage).Code; got != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d", method, path, got)
			}
		}
	}
	if got := request(t, s, http.MethodHead, address, "/html", nil).Code; got != http.StatusOK {
		t.Errorf("HEAD /html: %d", got)
	}
	if got := get(t, s, "/assets/page.html").Code; got != http.StatusNotFound {
		t.Errorf("a template is served: %d", got)
	}
}

func TestLettersAreWhatTheBookCuts(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	tests := []struct{ path, body, kind string }{
		{"/html", "<!DOCTYPE html>\n<p>Everything</p>\r\n", "text/html; charset=utf-8"},
		{"/text", "Everything\n", "text/plain; charset=utf-8"},
		{"/html?for=europe%2Bukraine", "<p>Two \u2028 topics</p>", "text/html; charset=utf-8"},
		{"/text?for=europe%2Bukraine", "Two topics", "text/plain; charset=utf-8"},
		{"/html?images=off", "<!DOCTYPE html>\n<p>Everything</p>\r\n", "text/html; charset=utf-8"},
	}
	for _, tt := range tests {
		w := get(t, s, tt.path)
		if got := w.Body.String(); got != tt.body {
			t.Errorf("%s: got %q, want %q", tt.path, got, tt.body)
		}
		if got := w.Header().Get("Content-Type"); got != tt.kind {
			t.Errorf("%s is %s", tt.path, got)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts") {
			t.Errorf("%s may run scripts: %s", tt.path, policy)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	for _, path := range []string{"/", "/html", "/text", "/source", "/choices", "/turn", "/style.css", "/script.js", "/icon.svg", "/nothing"} {
		h := get(t, s, path).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Cache-Control":                "no-store",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if policy := h.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors") {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
}

func TestDeskShowsWhatIsChosen(t *testing.T) {
	s := serverOf(t, &shelf{proof: sample()})
	tests := []struct {
		path  string
		wants []string
	}{
		{"/?for=europe%2Bukraine&part=text&width=phone&scheme=dark&images=off", []string{
			`value="europe&#43;ukraine"`, `src="text?for=europe%2bukraine&amp;images=off" sandbox="allow-same-origin `,
			`value="text" checked`, `value="phone" checked`, `value="dark" checked`, `value="off" checked`,
			`Subject of europe&#43;ukraine`, `Preheader of europe&#43;ukraine`, `2 readers`, `Nothing to mend.`,
		}},
		{"/?part=x&width=y&scheme=z&images=", []string{
			`value="Whole issue"`, `src="html?for=all"`, `value="html" checked`, `value="desktop" checked`, `value="light" checked`, `value="on" checked`,
		}},
		{"/?for=Whole+issue", []string{`value="Whole issue"`, `src="html?for=all"`}},
		{"/?for=gone", []string{`value="gone"`, `there is no topic &#34;gone&#34;`}},
	}
	for _, tt := range tests {
		page := get(t, s, tt.path).Body.String()
		for _, want := range tt.wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s:\n%s", tt.path, want, page)
			}
		}
	}
}

func TestDeskEscapes(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	proof := proofOf(Letter{Name: evil, Segment: evil, Subject: evil, Preheader: evil})
	proof.Key, proof.From, proof.Issue.Subject = evil, evil, evil
	proof = proof.with(Rest{
		Findings: []newsletter.Finding{{Level: newsletter.LevelError, Where: evil, Message: evil, Mend: evil}},
		Problems: []newsletter.Problem{{File: evil, Message: evil, Value: evil, Mend: evil}},
	})
	for _, err := range []error{nil, errors.New(evil)} {
		book := &shelf{proof: proof, err: err, look: Look{At: time.Unix(0, 0), Issue: newsletter.Issue{Subject: evil + " before"}}}
		page := get(t, serverOf(t, book), "/?for="+url.QueryEscape(evil)).Body.String()
		if strings.Contains(page, "<script>alert") {
			t.Errorf("what a file says becomes markup:\n%s", page)
		}
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	rest := Rest{Segments: []Choice{{Name: newsletter.All}}}
	for range problemsShown + 3 {
		rest.Problems = append(rest.Problems, newsletter.Problem{File: "readers.csv", Line: 7, Message: "no @"})
	}
	page := get(t, serverOf(t, &shelf{proof: sample().with(rest)}), "/").Body.String()
	if got := strings.Count(page, "readers.csv:7"); got != problemsShown {
		t.Errorf("%d problems are shown", got)
	}
	if !strings.Contains(page, "and 3 more") {
		t.Error("the desk does not say that there are more")
	}
}

func TestFailureStandsWhereTheLetterWas(t *testing.T) {
	book := &shelf{proof: sample()}
	s := serverOf(t, book)
	book.err = &newsletter.Fault{
		Err:  &newsletter.Problem{File: "issue.md", Line: 3, Message: "there is no such status", Value: "done", Mend: "write draft or ready"},
		Hint: "or compile again",
	}
	s.renderAll(t.Context())
	w := get(t, s, "/")
	for _, want := range []string{"issue.md:3", "there is no such status", "<q>done</q>", "write draft or ready", "or compile again"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the desk lacks %s:\n%s", want, w.Body)
		}
	}
	if strings.Contains(w.Body.String(), "<iframe") {
		t.Error("the old letter is still shown")
	}
	if got := get(t, s, "/html").Code; got != http.StatusNotFound {
		t.Errorf("the old letter is still served: %d", got)
	}
	book.err = nil
	s.renderAll(t.Context())
	if page := get(t, s, "/").Body.String(); !strings.Contains(page, "<iframe") || strings.Contains(page, "issue.md:3") {
		t.Errorf("the failure stays:\n%s", page)
	}
}

func TestNoLetters(t *testing.T) {
	s := serverOf(t, &shelf{proof: proofOf()})
	if w := get(t, s, "/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "no segment gets a letter") {
		t.Errorf("%d:\n%s", w.Code, w.Body)
	}
	if got := get(t, s, "/html").Code; got != http.StatusNotFound {
		t.Errorf("/html: %d", got)
	}
}

func TestLetterThatCannotBeCut(t *testing.T) {
	broken := letter("all", "", "")
	broken.Cut = func() ([]byte, []byte, error) { return nil, nil, errors.New(`slot "name" is still open`) }
	w := get(t, serverOf(t, &shelf{proof: proofOf(broken)}), "/html")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "still open") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestExplain(t *testing.T) {
	at := func(line int, mend string) *newsletter.Problem {
		return &newsletter.Problem{File: "f", Line: line, Message: "m", Mend: mend}
	}
	tests := []struct {
		name string
		err  error
		want failure
	}{
		{"plain words", errors.New("disk full"), failure{Problems: []newsletter.Problem{{Message: "disk full"}}}},
		{
			"a mend that the hint repeats",
			&newsletter.Fault{Err: at(1, "go on"), Hint: "1 | x\n  = go on"},
			failure{Problems: []newsletter.Problem{*at(1, "")}, Hint: "1 | x\n  = go on"},
		},
		{
			"several",
			&newsletter.Fault{Err: errors.Join(at(1, "a"), at(2, "b"), errors.New("c"))},
			failure{Problems: []newsletter.Problem{*at(1, "a"), *at(2, "b"), {Message: "c"}}},
		},
		{
			"several faults",
			errors.Join(newsletter.Faultf(newsletter.Failure, "h", "one"), newsletter.Faultf(newsletter.Failure, "i", "two")),
			failure{Problems: []newsletter.Problem{{Message: "one"}, {Message: "two"}}, Hint: "h"},
		},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(&tt.want, explain(tt.err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
