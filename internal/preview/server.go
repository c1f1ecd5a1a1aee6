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

// A Server shows one Book.
type Server struct {
	book  Book
	url   string
	hosts map[string]bool // that requests may name

	mu     sync.Mutex
	proof  Proof         // the last that there was
	failed error         // why there is none now
	round  int           // counts renderings
	turned chan struct{} // closed when the next round is there
}

// New makes a server for requests to addr, an address on loopback and a port.
func New(book Book, addr string) (*Server, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("preview at %q: %w", addr, err)
	}
	s := &Server{book: book, url: "http://" + addr + "/", hosts: make(map[string]bool), turned: make(chan struct{})}
	for _, name := range []string{host, "localhost"} {
		s.hosts[net.JoinHostPort(name, port)] = true
		if port == "80" { // browsers leave it out
			s.hosts[name] = true
		}
	}
	return s, nil
}

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
		ReadHeaderTimeout: 10 * time.Second,
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

// render makes a new proof and wakes the browsers that wait for it.
func (s *Server) render(ctx context.Context) {
	proof, err := s.book.Proof(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = err; err == nil {
		s.proof = proof
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
