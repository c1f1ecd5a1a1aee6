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

	"broadsheet/internal/newsletter"
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
	rest   Rest          // of it or, until that is there, of the one before
	whole  bool          // rest is the proof's own
	failed error         // why there is no proof now
	look   Look          // what changes are counted from
	round  int           // counts proofs
	notes  int           // counts rests
	turned chan struct{} // closed when the next of either is there
	asked  *question     // the test letter that waits for a yes

	resting chan struct{}      // holds one: one rest at a time
	running sync.WaitGroup     // rests
	stop    context.CancelFunc // ends the running rest; used by render only
}

// New makes a server.
func New(book Book, o Options) (*Server, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("preview at %q: %w", o.Addr, err)
	}
	s := &Server{book: book, options: o, origin: "http://" + o.Addr, hosts: make(map[string]bool), turned: make(chan struct{}), stop: func() {}, resting: make(chan struct{}, 1)}
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
	defer s.running.Wait()
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

// render makes a new proof and wakes the browsers that wait for it. What takes
// longer follows. The first proof is what changes are counted from where there
// was no look before.
func (s *Server) render(ctx context.Context) {
	s.stop()
	ctx, s.stop = context.WithCancel(ctx)
	proof, err := s.book.Proof(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.whole = false
	if s.failed = err; err == nil {
		s.proof = proof
		s.firstLook()
		round := s.round + 1
		s.running.Go(func() { s.complete(ctx, proof, round) })
	}
	s.round++
	s.wake()
}

// restAfter leaves the processor to the browser until it has drawn the letter.
const restAfter = 150 * time.Millisecond

// complete makes the rest of a proof, unless there is a newer one by then.
func (s *Server) complete(ctx context.Context, proof Proof, round int) {
	wait := time.NewTimer(restAfter)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return
	}
	select {
	case s.resting <- struct{}{}:
		defer func() { <-s.resting }()
	case <-ctx.Done():
		return
	}
	rest, err := proof.Rest(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil || s.round != round {
		return
	}
	if s.failed = err; err == nil {
		s.rest, s.whole = rest, true
	} else {
		s.round++
	}
	s.notes++
	s.wake()
}

// wake wakes the browsers that wait. The caller holds the lock.
func (s *Server) wake() {
	close(s.turned)
	s.turned = make(chan struct{})
}

// A state is what there is to show at a moment.
type state struct {
	Proof
	Rest
	Round, NotesRound int
	Whole             bool
	failed            error
}

func (s *Server) current() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return state{s.proof, s.rest, s.round, s.notes, s.whole, s.failed}
}

// letter finds a letter by its name or label; without one it is the first.
func (s state) letter(ctx context.Context, name string) (Letter, error) {
	find := s.Proof.Letter
	if s.Whole {
		find = s.Rest.Letter
	}
	switch {
	case s.failed != nil:
		return Letter{}, s.failed
	case name == wholeIssue, name == "" && !s.Whole:
		name = newsletter.All
	case name == "" && len(s.Segments) == 0:
		return Letter{}, errors.New("no segment gets a letter")
	case name == "":
		name = s.Segments[0].Name
	}
	return find(ctx, name)
}

// turnWait bounds one wait for something new; the browser asks again.
const turnWait = 25 * time.Second

// turn answers with the number of the present proof once it is another than
// the browser knows or, where the browser says which notes it has, those are.
func (s *Server) turn(w http.ResponseWriter, r *http.Request) {
	timer := time.NewTimer(turnWait)
	defer timer.Stop()
	round, notes := r.FormValue("round"), r.FormValue("notes")
	for waiting := true; waiting; {
		s.mu.Lock()
		same := round == strconv.Itoa(s.round) && (notes == "" || notes == strconv.Itoa(s.notes))
		turned := s.turned
		s.mu.Unlock()
		if !same {
			break
		}
		select {
		case <-turned:
		case <-timer.C:
			waiting = false
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, s.current().Round)
}
