package preview

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options say where a server is asked, and give it what it must not take from
// the world by itself.
type Options struct {
	Addr  string           // an address on loopback and a port
	Token string           // unguessable letters and digits: the first part of every path
	Key   func() string    // makes unguessable keys of questions
	Now   func() time.Time // the clock on the wall
}

// A Server shows one Book.
type Server struct {
	book    Book
	options Options
	origin  string
	hosts   map[string]bool // that requests may name

	mu     sync.Mutex
	proof  Proof         // the last that there was
	failed error         // why there is none now
	look   Look          // what changes are counted from
	round  int           // counts renderings
	turned chan struct{} // closed when the next round is there
	asked  *question     // the test letter that waits for a yes
}

// New makes a server.
func New(book Book, o Options) (*Server, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("preview at %q: %w", o.Addr, err)
	}
	s := &Server{book: book, options: o, origin: "http://" + o.Addr, hosts: make(map[string]bool), turned: make(chan struct{})}
	for _, name := range []string{host, "localhost"} {
		s.hosts[net.JoinHostPort(name, port)] = true
		if port == "80" { // browsers leave it out
			s.hosts[name] = true
		}
	}
	return s, nil
}

// URL is where the desk is.
func (s *Server) URL() string { return s.origin + "/" + s.options.Token + "/" }

// Bounds of a request: nobody needs longer, and nothing is that large.
const (
	headerTime  = 5 * time.Second
	requestTime = 20 * time.Second
	answerTime  = 2 * time.Minute // a test letter's way to the server is in it
	idleTime    = 2 * time.Minute
	headerBytes = 16 << 10
	formBytes   = 4 << 10
)

// Serve answers requests on the listener until ctx ends, which is no error, and
// closes it.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	changes, err := watchPaths(s.book.Watched())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	s.render(ctx)
	group, ctx := errgroup.WithContext(ctx)
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		// What waits for a turn ends with the server.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	group.Go(func() error { return changes.follow(ctx, func() { s.render(ctx) }) })
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	return group.Wait()
}

// render makes a new proof and wakes the browsers that wait for it. The first
// one is what changes are counted from where there was no look before.
func (s *Server) render(ctx context.Context) {
	proof, err := s.book.Proof(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = err; err == nil {
		s.proof = proof
		s.firstLook()
	}
	s.round++
	close(s.turned)
	s.turned = make(chan struct{})
}

// current returns the last proof, its round, and why it is not shown.
func (s *Server) current() (Proof, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proof, s.round, s.failed
}

// turnWait bounds one wait for a new rendering; the browser asks again.
const turnWait = 25 * time.Second

// turn answers with the number of the present round, once it is another than
// the browser knows.
func (s *Server) turn(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	round, turned := s.round, s.turned
	s.mu.Unlock()
	if r.FormValue("round") == strconv.Itoa(round) {
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
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, round)
}
