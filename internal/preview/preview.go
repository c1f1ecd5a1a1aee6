// Package preview is the proof in the browser: a local server that shows the
// letters of an issue as they would be sent, and shows them anew as the issue,
// the theme or the lists change.
//
// It listens on loopback only and answers only requests whose Host names the
// address it listens at (a page elsewhere that resolves its own name to
// loopback gets nothing). It changes nothing and sends nothing. Letters are
// shown in a sandboxed frame and under a policy that runs no script.
package preview

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"sync"
	"time"

	"broadsheet/internal/newsletter"
)

// A Book is the issue to be proofed; every call renders what is in the files
// at that moment.
type Book interface {
	Proof(ctx context.Context) (Proof, error)
	// Watched names the files and folders whose change makes a new proof.
	Watched() []string
}

// A Proof is one rendering of an issue.
type Proof struct {
	Issue    string
	Letters  []Letter // the whole issue first
	Findings []newsletter.Finding
	Problems []newsletter.Problem
}

// A Letter is what the readers of one segment get; the reader slots are filled
// for nobody.
type Letter struct {
	Name    string // the segment's name
	Readers int
	Items   int
	Subject string
	Bytes   int // of the HTML part
	Cut     func() (html, text []byte, err error)
}

//go:embed assets
var assets embed.FS

// A Server shows one Book.
type Server struct {
	book Book
	host string // host:port that requests must name
	page *template.Template

	mu     sync.Mutex
	proof  Proof
	failed error
	round  int           // counts renderings
	turned chan struct{} // closed when the next round is there
}

// New makes a server for requests to host (address and port).
func New(book Book, host string) (*Server, error) {
	page, err := template.ParseFS(assets, "assets/page.html")
	if err != nil {
		return nil, err
	}
	return &Server{book: book, host: host, page: page, turned: make(chan struct{})}, nil
}

// Serve answers requests on the listener until ctx ends.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.render(ctx)
	watched := make(chan error, 1)
	go func() { watched <- s.watch(ctx) }()
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-watched:
	case err = <-served:
	}
	stop()
	return errors.Join(err, server.Close())
}

// render makes a new proof and wakes the browsers that wait for it.
func (s *Server) render(ctx context.Context) {
	proof, err := s.book.Proof(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proof, s.failed = proof, err
	s.round++
	close(s.turned)
	s.turned = make(chan struct{})
}

func (s *Server) current() (Proof, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proof, s.round, s.failed
}

// Handler answers:
//
//	/                  the desk: choose a segment, a width, a part
//	/letter?segment=N  the HTML part, byte for byte
//	/text?segment=N    the text part
//	/turn?round=N      waits until there is a newer rendering
//	/style.css, /script.js
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.desk)
	mux.HandleFunc("GET /letter", s.letter)
	mux.HandleFunc("GET /text", s.text)
	mux.HandleFunc("GET /turn", s.turn)
	for _, name := range []string{"style.css", "script.js"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, assets, "assets/"+name)
		})
	}
	return s.guard(mux)
}

func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != s.host {
			http.Error(w, "this preview answers at http://"+s.host+"/ only", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

type deskPage struct {
	Proof
	Failed string
	Hint   string
	Round  int
	Chosen Letter
}

func (s *Server) desk(w http.ResponseWriter, r *http.Request) {
	proof, round, err := s.current()
	page := deskPage{Proof: proof, Round: round}
	if err != nil {
		page.Failed = err.Error()
		if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) {
			page.Hint = fault.Hint
		}
	} else {
		page.Chosen, _ = proof.letter(r.FormValue("segment"))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := s.page.Execute(w, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// letter finds a segment's letter; without a name, or with one that is gone,
// the whole issue's.
func (p Proof) letter(name string) (Letter, bool) {
	for _, l := range p.Letters {
		if l.Name == name {
			return l, true
		}
	}
	if len(p.Letters) == 0 {
		return Letter{}, false
	}
	return p.Letters[0], true
}

func (s *Server) letter(w http.ResponseWriter, r *http.Request) {
	// Letters may show pictures from the web; they run nothing.
	w.Header().Set("Content-Security-Policy", "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; frame-ancestors 'self'")
	s.part(w, r, "text/html; charset=utf-8", func(html, _ []byte) []byte { return html })
}

func (s *Server) text(w http.ResponseWriter, r *http.Request) {
	s.part(w, r, "text/plain; charset=utf-8", func(_, text []byte) []byte { return text })
}

func (s *Server) part(w http.ResponseWriter, r *http.Request, kind string, choose func(html, text []byte) []byte) {
	proof, _, err := s.current()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	letter, ok := proof.letter(r.FormValue("segment"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	html, text, err := letter.Cut()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(choose(html, text)) // a browser that went away is no error
}

// turnWait bounds one wait for a new rendering; the browser asks again.
const turnWait = 25 * time.Second

func (s *Server) turn(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	round, turned := s.round, s.turned
	s.mu.Unlock()
	if r.FormValue("round") == fmt.Sprint(round) {
		timer := time.NewTimer(turnWait)
		defer timer.Stop()
		select {
		case <-turned:
			_, round, _ = s.current()
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprint(w, round)
}
